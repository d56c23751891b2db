#pragma once
// «Acting as a Room», its part on rooms that join rooms (act-as.xml, «Joining a room as a room»,
// «Rings»): the elements between the node of a room that asks, and is a member, and the node of
// the room that it is a member of.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "xmpp/element.h"
#include "xmpp/jid.h"
#include "xmpp/writer.h"

namespace hansa::xep_act_as {

// iq set, from the identity to the room that it would like to join: who asks (the one bare JID of
// a member that crosses), for which room, under which nick. Sent again with the same id it means
// the same request.
struct Join {
  std::string id;
  xmpp::Jid room;    // the acting room's own address
  xmpp::Jid member;  // bare
  std::string nick;
  std::string name;  // of the acting room, for those who decide
  std::string reason;
};

// The answer to <join/>, and to an iq get of the same name; in a message from the room: it changed
// (whoever gets that asks again: an answer is believed, a message is a hint).
enum class Standing : std::uint8_t { none, pending, member, declined };
struct Membership {
  std::string id;  // of the request; in a query: which one is meant
  std::optional<Standing> standing;
};

// Where a message comes from, wherever it is passed on to: its origin, and a mark of each acting
// room that it went through, which only that room itself can tell from chance.
struct Origin {
  std::string id;
  std::vector<std::string> marks;
};

// In a message of a room to a room that is its member: its place in the room's log, so that the
// receiver has each once and in order.
struct Entry {
  std::string log;
  std::uint64_t position = 0;
  std::uint64_t after = 0;  // the entry sent before it; 0: none in this run
  std::optional<Origin> origin;
};

// iq get: how far have you durably heard this log? The answer names the position.
struct Heard {
  std::string log;
  std::uint64_t position = 0;
};

// The rooms that an acting room is in, or would like to be; for its members. A request has none.
struct JoinedRoom {
  xmpp::Jid room;
  std::string state;  // in, member (but not in), pending, unasked, out
  std::string nick;
  xmpp::Jid conversation;
};
struct JoinedRooms {
  std::vector<JoinedRoom> rooms;
};
// A member asks the identity to get its room out of `peer`, or to ask for voice there.
enum class PeerAct : std::uint8_t { leave, voice };

// Node of the ad-hoc command that does the same.
inline constexpr std::string_view kNodeRooms = "urn:xmpp:act-as:0#rooms";

[[nodiscard]] std::string_view name_of(Standing standing);

// Each: nothing if it is another element. Error: bad_request or jid_malformed.
[[nodiscard]] std::optional<Result<Join>> parse_join(const xmpp::Element& element);
[[nodiscard]] std::optional<Membership> parse_membership(const xmpp::Element& element);
// Nothing also without a `peer`.
[[nodiscard]] std::optional<std::pair<PeerAct, xmpp::Jid>> parse_peer_act(
    const xmpp::Element& element);
[[nodiscard]] std::optional<JoinedRooms> parse_rooms(const xmpp::Element& element);
// Of a message; nothing if it has none that is whole. Marks over limits::kPathRooms: none either.
[[nodiscard]] std::optional<Origin> origin_of(const xmpp::Element& message);
[[nodiscard]] std::optional<Entry> entry_of(const xmpp::Element& message);
[[nodiscard]] std::optional<Heard> parse_heard(const xmpp::Element& element);

void write(xmpp::Writer& writer, const Join& join);
void write(xmpp::Writer& writer, const Membership& membership);
void write_leave(xmpp::Writer& writer);      // what a node asks of the peer
void write_kind_room(xmpp::Writer& writer);  // in a member list: that member is a room
void write(xmpp::Writer& writer, PeerAct act, const xmpp::Jid& peer);
void write(xmpp::Writer& writer, const JoinedRooms& rooms);
void write(xmpp::Writer& writer, const Origin& origin);
void write(xmpp::Writer& writer, const Entry& entry);
void write(xmpp::Writer& writer, const Heard& heard);

// The origin of a message of a room that gave it none: the same for all who hear it there.
// `id`: its stanza-id there, else what names it best.
[[nodiscard]] std::string origin_in(const xmpp::Jid& room, std::string_view id);
// The mark of the acting room `room` on its way to `other`: keyed for that edge with the node's
// secret, different for each message.
[[nodiscard]] std::string mark_of(std::string_view secret, const xmpp::Jid& room,
                                  std::string_view other, std::string_view origin);
// One of these marks is `room`'s, made for one of these edges.
[[nodiscard]] bool has_mark(const Origin& origin, std::string_view secret, const xmpp::Jid& room,
                            const std::vector<std::string>& others);

}  // namespace hansa::xep_act_as
