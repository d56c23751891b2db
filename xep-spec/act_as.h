#pragma once
// «Acting as a Room» (act-as.xml): the elements by which a client sees the identities open to its
// user, opens a conversation in the name of a room, and is told why it may not.

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "xmpp/element.h"
#include "xmpp/jid.h"
#include "xmpp/writer.h"

namespace hansa::xep_act_as {

inline constexpr std::string_view kNs = "urn:xmpp:act-as:0";
inline constexpr std::array<std::string_view, 1> kFeatures = {kNs};
// Nodes of the ad-hoc commands that do the same for clients that do not know the extension.
inline constexpr std::string_view kNodeIdentities = "urn:xmpp:act-as:0#identities";
inline constexpr std::string_view kNodeOpen = "urn:xmpp:act-as:0#open";
inline constexpr std::string_view kNodeRights = "urn:xmpp:act-as:0#rights";

// One whom the user may speak as: himself, or a room.
struct Identity {
  std::string jid;
  std::string room;  // empty: himself
  std::string name;
};
// A request has none. `more`: he is a member of more rooms than were looked at.
struct Identities {
  std::vector<Identity> identities;
  bool more = false;
};

// A conversation with `peer`. A request may bring, for a peer that is a room, the nick to be used
// there, its password, a reason for those who decide, and that its sender agrees to be named to
// them; and a first message. The answer brings the conversation's address.
struct Open {
  xmpp::Jid peer;
  std::string nick;
  std::string body;
  xmpp::Jid conversation;
  std::string password = {};
  std::string reason = {};
  bool named = false;
};

// Inside an error: he may not act as that room; whether he can ask to join it.
struct NotAllowed {
  std::string room;
  bool may_join = false;
};

// A member's right to act, given (or, `allow` false, to be taken): towards one peer only, if it is
// named, and until a time, if there is one.
struct MemberRight {
  xmpp::Jid member;  // bare
  xmpp::Jid peer;    // bare; empty: towards all
  bool allow = true;
  WallTime until;  // 0: for good
};
// Those of a room. `persons`, `rooms`: who may act, as the room's settings say it. A request has
// neither.
struct MemberRights {
  std::string persons;
  std::string rooms;
  std::vector<MemberRight> rights;
};

[[nodiscard]] std::optional<Identities> parse_identities(const xmpp::Element& element);
// Nothing if it is no <open/>. Error: jid_malformed or bad_request for an address that is missing
// or does not prepare.
[[nodiscard]] std::optional<Result<Open>> parse_open(const xmpp::Element& element);
// Nothing if it is no <right/>. Error: jid_malformed or bad_request, for addresses and times that
// are none.
[[nodiscard]] std::optional<Result<MemberRight>> parse_right(const xmpp::Element& element);
[[nodiscard]] std::optional<MemberRights> parse_rights(const xmpp::Element& element);
[[nodiscard]] std::optional<NotAllowed> parse_not_allowed(const xmpp::Element& element);
void write(xmpp::Writer& writer, const Identities& identities);
void write(xmpp::Writer& writer, const Open& open);
void write(xmpp::Writer& writer, const MemberRight& right);
void write(xmpp::Writer& writer, const MemberRights& rights);
void write(xmpp::Writer& writer, const NotAllowed& refusal);
// Inside an error: there is no such room, and the asker may create it.
void write_may_create(xmpp::Writer& writer);

}  // namespace hansa::xep_act_as
