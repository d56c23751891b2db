#pragma once
// The right to act (requirement A2): what the acting room says of the actor, at its latest durable
// position, and the answer to one who may not. Rooms that he may know nothing of are to him exactly
// as rooms that do not exist (protocol §3).

#include <string>
#include <vector>

#include "engine/router.h"
#include "engine/turn.h"
#include "modules/act-as/address.h"
#include "modules/act-as/entries.h"
#include "modules/rooms/rooms.h"

namespace hansa::act_as {

// An error with its application condition (xep-spec/act_as.h).
struct Refusal {
  Error error;
  std::string detail;
};

// What a member is told who writes to a peer whom they have blocked.
[[nodiscard]] Refusal peer_is_blocked();

// Topic of the question: what the actor is to the room, and the rights given to him there.
inline constexpr std::string_view kAskRight = "act-as:right";

// Towards whom somebody acts. `unknown`: not known yet what the peer is. No peer: towards anybody.
struct Towards {
  std::string peer;  // bare JID
  PeerKind kind = PeerKind::unknown;
  std::string log = {};  // of the room; another one of its name is as if there were none
};

struct Right {
  bool known = false;  // the room exists, and the actor may know so
  // The actor may act as the room, towards whom was asked about: if that is a person, if it is a
  // room; and, by what is known of it, `may_act` (not known: either will do).
  bool persons = false;
  bool rooms = false;
  bool may_act = false;
  bool may_read = false;    // is a member, so that he may join its conversations
  bool blocked = false;     // asked from outside: members have blocked him
  bool bare_known = false;  // the room exists and is an ordinary one, whoever asks
  engine::Position version = 0;
  std::string log;  // of the room
  rooms::Info info;
};

class Rights {
 public:
  Rights(Domains domains, const rooms::Settings& settings)
      : domains_(std::move(domains)), settings_(settings) {}

  // Rooms answer the question.
  static Status add_to(engine::Router& router);
  // The actor's right to act as `room`; null: asked, the handler has to return. Error: the room
  // could not be read.
  [[nodiscard]] std::optional<Result<Right>> ask(engine::Turn& turn, const xmpp::Jid& room,
                                                 const xmpp::Jid& actor,
                                                 const Towards& towards = {}) const;
  // The right of one who has to have it: nothing if the handler has to return, having refused or
  // asked.
  [[nodiscard]] std::optional<Right> need(engine::Turn& turn, const xmpp::Jid& room,
                                          const xmpp::Jid& actor, const Towards& towards) const;
  // The same for one who looks at the identity from outside: he may know of it, too, if it is in
  // conversation with him.
  [[nodiscard]] std::optional<Result<Right>> ask_outside(engine::Turn& turn, const xmpp::Jid& room,
                                                         const xmpp::Jid& asker) const;
  // What one is told who may not act.
  [[nodiscard]] Refusal refusal(const xmpp::Jid& room, const Right& right,
                                const xmpp::Jid& actor) const;
  [[nodiscard]] static Right judge(engine::Position version, rooms::Info info,
                                   const std::vector<Grant>& grants, const Towards& towards,
                                   WallTime now);

 private:
  [[nodiscard]] bool may_create(const xmpp::Jid& room, const xmpp::Jid& actor) const;
  Domains domains_;
  const rooms::Settings& settings_;
};

}  // namespace hansa::act_as
