#include "modules/act-as/rules.h"

#include "modules/act-as/conversation.h"
#include "modules/act-as/crossing.h"

namespace hansa::act_as {

using rooms::Verdict;

void Rules::add_to(rooms::Hooks& hooks) {
  hooks.join.emplace_back([this](engine::RoomTurn& turn, const rooms::JoinRequest& request) {
    return join(turn, request);
  });
  hooks.speak.emplace_back(
      [this](engine::RoomTurn& turn, const rooms::Speech& speech) { return speak(turn, speech); });
  hooks.accepted.emplace_back(
      [this](engine::RoomTurn& turn, engine::Position position) { accepted(turn, position); });
}

Verdict Rules::join(engine::RoomTurn& turn, const rooms::JoinRequest& request) const {
  const Conversation& talk = turn.state<Conversation>();
  if (!talk.opened()) return Verdict::pass();
  const auto right = parts_.rights.ask(turn, talk.about().acting, request.who, talk.towards());
  if (!right) return Verdict::wait();
  if (!*right) return Verdict::deny(right->error());
  if ((*right)->may_act) {
    return Verdict::allow(rooms::Role::participant, rooms::Affiliation::member);
  }
  if ((*right)->may_read) {
    return Verdict::allow(rooms::Role::visitor, rooms::Affiliation::member);
  }
  return Verdict::pass();  // rooms answer as for any such name
}

Verdict Rules::speak(engine::RoomTurn& turn, const rooms::Speech& speech) const {
  const Conversation& talk = turn.state<Conversation>();
  if (!talk.opened()) return Verdict::pass();
  const auto right = parts_.rights.ask(turn, talk.about().acting, speech.who, talk.towards());
  if (!right) return Verdict::wait();
  if (!*right) return Verdict::deny(right->error());
  if (talk.peer_kind() == PeerKind::unknown && (*right)->may_act &&
      (*right)->persons != (*right)->rooms) {
    return Verdict::deny(Error(Condition::resource_constraint,
                               "It is not known yet whether the peer is a person or a room; please "
                               "try again in a moment."));
  }
  if (!(*right)->may_act) {
    Refusal no = parts_.rights.refusal(talk.about().acting, **right, speech.who);
    return Verdict::deny(std::move(no.error), std::move(no.detail));
  }
  if (is_encrypted(speech.stanza->element())) {
    return Verdict::deny(Error(Condition::not_acceptable,
                               "End-to-end encryption cannot be used here: what you say leaves in "
                               "the room's name, to be read by whoever it speaks with."));
  }
  // Who is a visitor because he might not act when he came in may speak from now on.
  const bool subject = speech.stanza->child("subject", xmpp::ns::kClient) != nullptr;
  return subject ? Verdict::pass() : Verdict::allow();
}

void Rules::accepted(engine::RoomTurn& turn, engine::Position position) const {
  const Conversation& talk = turn.state<Conversation>();
  if (!talk.opened() || turn.room().tail().empty()) return;
  const engine::Entry& entry = *turn.room().tail().back();
  if (entry.position != position || entry.kind != engine::EntryKind::message) return;
  peer_.said(turn);
  if (talk.told() == 0) news_.tell(turn, true);
}

}  // namespace hansa::act_as
