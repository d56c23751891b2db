#include "modules/act-as/revocations.h"

#include "base/limits.h"
#include "modules/act-as/conversation.h"

namespace hansa::act_as {
namespace {

rooms::Affiliation least(rooms::MayAct may_act) {
  switch (may_act) {
    case rooms::MayAct::owners: return rooms::Affiliation::owner;
    case rooms::MayAct::admins: return rooms::Affiliation::admin;
    case rooms::MayAct::members: return rooms::Affiliation::member;
  }
  return rooms::Affiliation::owner;
}

}  // namespace

void Revocations::add_to(rooms::Hooks& hooks) {
  // The conversations stand in the index, which a hook cannot read: a timer that is due can.
  hooks.member_changed.emplace_back([](engine::RoomTurn& turn, const xmpp::Jid& bare) {
    const rooms::Room& room = turn.state<rooms::Room>();
    if (room.config().conversation || room.affiliation(bare) >= least(room.config().may_act)) {
      return;
    }
    turn.timer(std::string(kRevokedTimer) + bare.text(), turn.now());
  });
}

void Revocations::on_timer(engine::RoomTurn& turn, std::string_view bare) const {
  const auto [from, to] = conversation_range(turn.room().address());
  const auto* const rows = turn.ask_index(from, to, limits::kConversationsTold);
  if (rows == nullptr || !*rows) return;
  for (const auto& [key, affiliation] : **rows) {
    const auto conversation = xmpp::Jid::parse(std::string_view(key).substr(from.size()));
    if (conversation) turn.letter(*conversation, std::string(kRightLetter), std::string(bare));
  }
}

void Revocations::on_letter(engine::RoomTurn& turn, const engine::Letter& letter) const {
  const Conversation& talk = turn.state<Conversation>();
  const auto bare = xmpp::Jid::parse(letter.bytes);
  if (!bare || !talk.opened() || letter.from != talk.about().acting) return;
  if (!turn.state<rooms::Room>().present(*bare)) return;
  const auto right = parts_.rights.ask(turn, talk.about().acting, *bare);
  if (!right || !*right) return;  // not readable now: every act asks anyway
  const rooms::Role role = (*right)->may_act    ? rooms::Role::participant
                           : (*right)->may_read ? rooms::Role::visitor
                                                : rooms::Role::none;
  const auto affiliation =
      role == rooms::Role::none ? rooms::Affiliation::none : rooms::Affiliation::member;
  parts_.rooms.set_right(turn, *bare, role, affiliation);
}

}  // namespace hansa::act_as
