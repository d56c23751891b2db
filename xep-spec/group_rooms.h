#pragma once
// group-rooms.xml (urn:xmpp:group-rooms:0): a room is created in one request, with its settings and
// its members. Our own extension.

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "xep-spec/xep_0004_forms.h"
#include "xmpp/element.h"
#include "xmpp/writer.h"

namespace hansa::xep_group_rooms {

inline constexpr std::string_view kNs = "urn:xmpp:group-rooms:0";
inline constexpr std::array<std::string_view, 1> kFeatures = {kNs};
// Nodes of the ad-hoc commands that do the same for any client.
inline constexpr std::string_view kNodeCreate = "urn:xmpp:group-rooms:0#create";
inline constexpr std::string_view kNodeRequests = "urn:xmpp:group-rooms:0#requests";
// Of those at a room.
inline constexpr std::string_view kNodeSettings = "urn:xmpp:group-rooms:0#settings";
inline constexpr std::string_view kNodeAffiliation = "urn:xmpp:group-rooms:0#affiliation";
inline constexpr std::string_view kNodeRole = "urn:xmpp:group-rooms:0#role";
inline constexpr std::string_view kNodePeople = "urn:xmpp:group-rooms:0#people";
inline constexpr std::string_view kNodeDestroy = "urn:xmpp:group-rooms:0#destroy";

struct Named {
  std::string jid;
  std::string affiliation;  // empty: member
  std::string nick;         // reserved for him; may be empty
};

struct Create {
  std::optional<xep_0004::Form> settings;  // muc#roomconfig, of type submit
  std::vector<Named> members;
};

// The <create/> among the children of `parent`; nothing if there is none.
[[nodiscard]] std::optional<Create> parse(const xmpp::Element& parent);
void write(xmpp::Writer& writer, const Create& create);
// <too-many-members limit='…'/>: inside the error that refuses more than that.
[[nodiscard]] std::string too_many_members(std::size_t limit);

}  // namespace hansa::xep_group_rooms
