#pragma once
// News of a conversation to the acting room's members (requirements A9 to A11): on its first entry,
// and when the peer writes. The conversation tells the acting room by letter who is in it; the
// acting room writes down whom it tells, invites them (XEP-0249, type normal: their hosts keep it
// for them) and says one line to those who are in. A member has at most one invitation that he did
// not follow: who is told again was in the conversation since.
//
// Invitations leave through a follower of the acting room, so that none is lost in a crash and a
// repeated one has the same id.

#include <string>

#include "engine/turn.h"
#include "modules/act-as/acting.h"
#include "modules/act-as/entries.h"
#include "modules/act-as/parts.h"

namespace hansa::act_as {

inline constexpr std::string_view kNewsLetter = "act-as:news";

// The invitations that an entry `conversation` stands for. The follower's address is the room's
// own, from which they are sent.
class InvitationDelivery final : public engine::Delivery {
 public:
  [[nodiscard]] std::optional<engine::Encoded> encode(const engine::RoomState& room,
                                                      const engine::Entry& entry,
                                                      bool late) const override;
};

class News {
 public:
  explicit News(const Parts& parts) : parts_(parts) {}

  // In the conversation, after an entry. `was_answered`: it waited for no answer before. `joined`:
  // the acting room came into the peer's: everybody is told.
  void tell(engine::RoomTurn& turn, bool was_answered, bool joined = false);
  // In the acting room.
  void on_letter(engine::RoomTurn& turn, const engine::Letter& letter);
  void resume(engine::RoomTurn& turn);
  void on_wake(engine::RoomTurn& turn);

 private:
  void follow(engine::RoomTurn& turn);
  const Parts& parts_;
  InvitationDelivery invitations_;
};

}  // namespace hansa::act_as
