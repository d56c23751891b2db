#pragma once
// XEP-0030 Service Discovery: what an entity is (info) and what belongs to it (items). Extended
// information (XEP-0128) is the forms of an Info; long lists of items come in pages (XEP-0059).
// Order is kept as given.
// Supported: 2.5.0, complete

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "xep-spec/xep_0004_forms.h"
#include "xep-spec/xep_0059_rsm.h"
#include "xmpp/element.h"
#include "xmpp/writer.h"

namespace hansa::xep_0030 {

inline constexpr std::string_view kNsInfo = "http://jabber.org/protocol/disco#info";
inline constexpr std::string_view kNsItems = "http://jabber.org/protocol/disco#items";
inline constexpr std::array<std::string_view, 2> kFeatures = {kNsInfo, kNsItems};

struct Identity {
  std::string category;
  std::string type;
  std::string name;  // may be empty
};

struct Info {
  std::string node;  // empty: none
  std::vector<Identity> identities;
  std::vector<std::string> features;
  std::vector<xep_0004::Form> forms;

  [[nodiscard]] bool has_feature(std::string_view feature) const;
  [[nodiscard]] bool has_identity(std::string_view category, std::string_view type) const;
};

struct Item {
  std::string jid;
  std::string node;
  std::string name;
};

struct Items {
  std::string node;
  std::vector<Item> items;
  std::optional<xep_0059::Page> page;  // these are not all
};

// Nothing if `element` is not the <query/> of that namespace. A request has no children.
[[nodiscard]] std::optional<Info> parse_info(const xmpp::Element& element);
[[nodiscard]] std::optional<Items> parse_items(const xmpp::Element& element);
void write(xmpp::Writer& writer, const Info& info);
void write(xmpp::Writer& writer, const Items& items);

}  // namespace hansa::xep_0030
