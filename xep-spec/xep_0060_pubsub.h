#pragma once
// XEP-0060 Publish-Subscribe: items that are asked for (§6.5) and answered, and the event that
// tells of one (§7.1.2). Nothing is published here, and nobody subscribes by hand.
// Supported: 1.30.0, items of an identity's avatar are read and told; there are no other nodes

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "xmpp/element.h"
#include "xmpp/writer.h"

namespace hansa::xep_0060 {

inline constexpr std::string_view kNs = "http://jabber.org/protocol/pubsub";
inline constexpr std::string_view kNsEvent = "http://jabber.org/protocol/pubsub#event";
// Features of an entity with nodes (§16.2.2).
inline constexpr std::string_view kRetrieveItems =
    "http://jabber.org/protocol/pubsub#retrieve-items";
inline constexpr std::string_view kAutoSubscribe =
    "http://jabber.org/protocol/pubsub#auto-subscribe";

struct Wanted {
  std::string node;
  std::vector<std::string> ids;  // none: all
};
struct Item {
  std::string node;
  std::string id;       // empty: none is written
  std::string content;  // XML of another Writer
};

// Nothing: something else is asked for.
[[nodiscard]] std::optional<Wanted> parse_wanted(const xmpp::Element& pubsub);
void write_answer(xmpp::Writer& writer, const Item& item);
void write_event(xmpp::Writer& writer, const Item& item);

}  // namespace hansa::xep_0060
