#pragma once
// Who handles what: rows of (stanza kind, type, payload, addressed to) → handler. Modules add rows
// when the program starts; a row claimed twice is an error there. Disco features come from the same
// rows. The engine guarantees exactly one answer to every request, and none to an answer.

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engine/turn.h"
#include "xmpp/stanza.h"

namespace hansa::engine {

// What an address means. Where a row is handled follows from it: service targets have no room.
enum class Target : std::uint8_t {
  rooms_service,       // rooms.a.example
  identities_service,  // team.a.example
  room,                // support@rooms.a.example: handled in that room
  occupant,            // support@rooms.a.example/nick: handled in that room
  identity,            // support@team.a.example, any resource: handled in the room it stands for
  identity_peer,       // the same address: handled in the conversation with the stanza's sender
  shared_service,      // shared.example
  shared_room,         // X@shared.example, any resource: handled in that room
  link,                // what came on the link of a peer (Addressing::peers), whatever its `to`
};

// Empty strings match anything; the most specific row wins: payload, then type, then kind.
struct Row {
  Target target;
  xmpp::StanzaKind kind;
  std::string type;     // "get", "set", "groupchat" …
  std::string name;     // of the payload
  std::string ns;       // of the payload
  std::string feature;  // disco feature announced for the target; empty: none
};

using ServiceHandler = std::function<void(ServiceTurn&, const xmpp::Stanza&)>;
using RoomHandler = std::function<void(RoomTurn&, const xmpp::Stanza&)>;
using PassedHandler = std::function<void(RoomTurn&, const Passed&)>;
using LetterHandler = std::function<void(RoomTurn&, const Letter&)>;
using TimerHandler = std::function<void(RoomTurn&, std::string_view name)>;
// A link of a peer came up or was lost.
using LinkHandler = std::function<void(ServiceTurn&, std::string_view link, bool up)>;
// In each loaded room: a link of a peer is up. `loaded`: it was before, the room was just loaded.
using RoomLinkHandler = std::function<void(RoomTurn&, std::string_view link, bool loaded)>;
using LifeHandler = std::function<void(RoomTurn&, Life)>;
// Answers a question of another room or the service from this room's state; no effects.
using AnswerHandler = std::function<std::string(const RoomState&, const Question&)>;

class Router {
 public:
  // Each of these returns conflict, naming the row, if it is claimed already.
  Status add(Row row, ServiceHandler handler);  // target: a service
  Status add(Row row, RoomHandler handler);     // any other target
  Status add_passed(std::string topic, PassedHandler handler);
  Status add_letter(std::string topic, LetterHandler handler);
  Status add_timer(std::string prefix, TimerHandler handler);  // names "prefix" or "prefix/…"
  Status add_answer(std::string topic, AnswerHandler handler);
  // All of these are called, in the order added.
  void add_life(LifeHandler handler);
  void add_link(LinkHandler handler);
  void add_room_link(RoomLinkHandler handler);
  // A feature that no row of its own announces.
  void add_feature(Target target, std::string feature);

  // Requests with a payload in this namespace change nothing, although they are of type set, nor
  // does what is passed to a room under this topic: a room that can only be read answers them.
  void add_reading(std::string ns_or_topic);

  [[nodiscard]] bool only_reads(const xmpp::Stanza& request) const;
  [[nodiscard]] bool only_reads(const Passed& passed) const;
  [[nodiscard]] const ServiceHandler* service(Target target, const xmpp::Stanza& stanza) const;
  [[nodiscard]] const RoomHandler* room(Target target, const xmpp::Stanza& stanza) const;
  [[nodiscard]] const PassedHandler* passed(std::string_view topic) const;
  [[nodiscard]] const LetterHandler* letter(std::string_view topic) const;
  [[nodiscard]] const TimerHandler* timer(std::string_view name) const;
  [[nodiscard]] const AnswerHandler* answer(std::string_view topic) const;
  [[nodiscard]] const std::vector<LifeHandler>& life() const { return life_; }
  [[nodiscard]] const std::vector<LinkHandler>& links() const { return links_; }
  [[nodiscard]] const std::vector<RoomLinkHandler>& room_links() const { return room_links_; }
  [[nodiscard]] const std::set<std::string>& features(Target target) const;

 private:
  template <typename Handler>
  using Table = std::map<std::string, Handler, std::less<>>;
  Table<ServiceHandler> services_;
  Table<RoomHandler> rooms_;
  Table<PassedHandler> passed_;
  Table<LetterHandler> letters_;
  Table<TimerHandler> timers_;
  Table<AnswerHandler> answers_;
  std::vector<LifeHandler> life_;
  std::vector<LinkHandler> links_;
  std::vector<RoomLinkHandler> room_links_;
  std::map<Target, std::set<std::string>> features_;
  std::set<std::string, std::less<>> readings_;
};

}  // namespace hansa::engine
