#pragma once
// The right to act (requirement A2): what the acting room says of the actor, at its latest durable
// position, and the answer to one who may not. Rooms that he may know nothing of are to him exactly
// as rooms that do not exist (protocol §3).

#include <string>

#include "engine/turn.h"
#include "modules/act-as/address.h"
#include "modules/rooms/rooms.h"

namespace hansa::act_as {

// An error with its application condition (xep-spec/act_as.h).
struct Refusal {
  Error error;
  std::string detail;
};

struct Right {
  bool known = false;  // the room exists, and the actor may know so
  bool may_act = false;
  bool may_read = false;    // is a member, so that he may join its conversations
  bool bare_known = false;  // the room exists and is an ordinary one, whoever asks
  engine::Position version = 0;
  rooms::Info info;
};

class Rights {
 public:
  Rights(Domains domains, const rooms::Settings& settings)
      : domains_(std::move(domains)), settings_(settings) {}

  // The actor's right to act as `room`; null: asked, the handler has to return. Error: the room
  // could not be read.
  [[nodiscard]] std::optional<Result<Right>> ask(engine::Turn& turn, const xmpp::Jid& room,
                                                 const xmpp::Jid& actor) const;
  // The same for one who looks at the identity from outside: he may know of it, too, if it is in
  // conversation with him.
  [[nodiscard]] std::optional<Result<Right>> ask_outside(engine::Turn& turn, const xmpp::Jid& room,
                                                         const xmpp::Jid& asker) const;
  // What one is told who may not act.
  [[nodiscard]] Refusal refusal(const xmpp::Jid& room, const Right& right,
                                const xmpp::Jid& actor) const;
  [[nodiscard]] static Right judge(bool exists, engine::Position version, rooms::Info info);

 private:
  [[nodiscard]] bool may_create(const xmpp::Jid& room, const xmpp::Jid& actor) const;
  Domains domains_;
  const rooms::Settings& settings_;
};

}  // namespace hansa::act_as
