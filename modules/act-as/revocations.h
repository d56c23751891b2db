#pragma once
// What follows from a right that was taken away (protocol §4, «Right to act»): no act is allowed
// any more from that moment, since the right is read for each; the clients that are still in a
// conversation leave it, or lose their voice, by letter from the acting room.

#include "engine/turn.h"
#include "modules/act-as/parts.h"
#include "modules/rooms/rooms.h"

namespace hansa::act_as {

inline constexpr std::string_view kRightLetter = "act-as:right";
// A durable timer of the acting room: this prefix, then the bare JID whose right changed, or does
// when the timer is due; nobody: the settings changed.
inline constexpr std::string_view kRevokedTimer = "act-as/revoked/";

class Revocations {
 public:
  explicit Revocations(const Parts& parts) : parts_(parts) {}
  void add_to(rooms::Hooks& hooks);
  // In the acting room, at once after the change: tells all its conversations, some at a time.
  // `name`: of the timer, after its prefix.
  void on_timer(engine::RoomTurn& turn, std::string_view name) const;
  // In a conversation: that person's right is another one (nobody named: everybody's may be); looks
  // it up and applies it.
  void on_letter(engine::RoomTurn& turn, const engine::Letter& letter) const;
  // In the acting room: what was given is given no more. Nobody: it ended by itself.
  static void take(engine::RoomTurn& turn, Grant grant, const xmpp::Jid& actor = {});
  // In the acting room, after that member's right changed: sets the timer.
  static void changed(engine::RoomTurn& turn, std::string_view bare);

 private:
  const Parts& parts_;
};

}  // namespace hansa::act_as
