#pragma once
// XEP-0317 Hats: in presence, given by the room (from clients they are removed), and the forms of
// the commands that make them and give them to people.
// Supported: 0.3.1, complete

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "xep-spec/xep_0004_forms.h"
#include "xmpp/writer.h"

namespace hansa::xep_0317 {

inline constexpr std::string_view kNs = "urn:xmpp:hats:0";
inline constexpr std::array<std::string_view, 1> kFeatures = {kNs};
inline constexpr std::string_view kInfoField = "hats#hash";

// Nodes of the commands (§4, §5).
inline constexpr std::string_view kCreate = "urn:xmpp:hats:commands:create";
inline constexpr std::string_view kDestroy = "urn:xmpp:hats:commands:destroy";
inline constexpr std::string_view kList = "urn:xmpp:hats:commands:list";
inline constexpr std::string_view kAssign = "urn:xmpp:hats:commands:assign";
inline constexpr std::string_view kUnassign = "urn:xmpp:hats:commands:unassign";
inline constexpr std::string_view kListAssigned = "urn:xmpp:hats:commands:list-assigned";

namespace field {
inline constexpr std::string_view kTitle = "hats#title";
inline constexpr std::string_view kUri = "hats#uri";
inline constexpr std::string_view kHue = "hats#hue";
inline constexpr std::string_view kJid = "hats#jid";
inline constexpr std::string_view kHat = "hat";  // the uri, in one of the XEP's examples
}  // namespace field

struct Hat {
  std::string uri;
  std::string title;
  std::string hue;  // in degrees; empty: none
};
using Hats = std::map<std::string, Hat, std::less<>>;  // by uri

// <hats/>
void write(xmpp::Writer& writer, const std::vector<Hat>& hats);
// Empty, or a number of 0 to 360.
[[nodiscard]] bool is_hue(std::string_view text);

[[nodiscard]] xep_0004::Form create_form();
// Which hat, and (to be given or taken) who.
[[nodiscard]] xep_0004::Form choice_form(const Hats& hats, bool with_person);
[[nodiscard]] xep_0004::Form list_form(const Hats& hats);
// By bare JID.
[[nodiscard]] xep_0004::Form assigned_form(const std::vector<std::pair<std::string, Hat>>& worn);
// The hash of a room's list: the same for the same hats.
[[nodiscard]] std::string hash_of(const Hats& hats);

}  // namespace hansa::xep_0317
