#include "modules/act-as/rules.h"

#include "modules/act-as/audit.h"
#include "modules/act-as/conversation.h"
#include "modules/act-as/crossing.h"
#include "modules/act-as/notes.h"
#include "modules/act-as/references.h"
#include "modules/act-as/talks.h"
#include "xep-spec/act_as_talks.h"
#include "xep-spec/xep_0308_correction.h"
#include "xep-spec/xep_0333_markers.h"
#include "xep-spec/xep_0424_retraction.h"
#include "xep-spec/xep_0444_reactions.h"

namespace hansa::act_as {

using rooms::Verdict;

namespace {

bool says_something(const xmpp::Stanza& stanza) {
  return stanza.child("body", xmpp::ns::kClient) != nullptr ||
         stanza.child("retract", xep_0424::kNs) != nullptr ||
         stanza.child("reactions", xep_0444::kNs) != nullptr;
}

// Read by the members' clients; what of it leaves, and when, is for States.
bool is_marker(const xmpp::Stanza& stanza) {
  return stanza.child("body", xmpp::ns::kClient) == nullptr &&
         stanza.child("displayed", xep_0333::kNs) != nullptr;
}

bool may_change(rooms::MayChange who, rooms::Affiliation affiliation) {
  switch (who) {
    case rooms::MayChange::author: return false;
    case rooms::MayChange::admins: return affiliation >= rooms::Affiliation::admin;
    case rooms::MayChange::all: return true;
  }
  return false;
}

std::string_view did_by(const rooms::Message& message) {
  if (!message.tombstone.empty()) return "retracted";
  return message.content.find(xep_0308::kNs) == std::string::npos ? "said" : "corrected";
}

}  // namespace

void Rules::add_to(rooms::Hooks& hooks) {
  hooks.join.emplace_back([this](engine::RoomTurn& turn, const rooms::JoinRequest& request) {
    return join(turn, request);
  });
  hooks.speak.emplace_back(
      [this](engine::RoomTurn& turn, const rooms::Speech& speech) { return speak(turn, speech); });
  hooks.accepted.emplace_back(
      [this](engine::RoomTurn& turn, engine::Position position) { accepted(turn, position); });
  hooks.passing.emplace_back([this](engine::RoomTurn& turn, const xmpp::Stanza& stanza) {
    states_.passing(turn, stanza);
  });
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
  Conversation& talk = turn.state<Conversation>();
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
  const rooms::Outward& outward = (*right)->info.outward;
  const auto kind = kind_of(turn, *speech.stanza, outward.note);
  if (!kind) return Verdict::wait();
  if (*kind == Kind::unknown) {
    return Verdict::deny(
        Error(Condition::not_acceptable, "What this corrects was said too long ago, or not here."));
  }
  talk.now().states = outward.states;
  // Who is a visitor because he might not act when he came in may speak from now on.
  Verdict verdict = Verdict::allow();
  if (*kind == Kind::note) {
    verdict.internal = true;
    xmpp::Writer writer(verdict.detail);
    xep_act_as::write_note(writer);
    return verdict;
  }
  if (talk.blocked() && says_something(*speech.stanza)) {
    Refusal no = peer_is_blocked();
    return Verdict::deny(std::move(no.error), std::move(no.detail));
  }
  if (speech.stanza->child("subject", xmpp::ns::kClient) != nullptr) return Verdict::pass();
  if (const xmpp::Element* const to = speech.stanza->child("reactions", xep_0444::kNs);
      to != nullptr && !is_in_reach(turn.room(), to->attr("id"))) {
    return Verdict::deny(Error(Condition::not_acceptable,
                               "The peer cannot be told what this refers to: it was said too long "
                               "ago, or is not there yet."));
  }
  verdict.internal = is_marker(*speech.stanza);
  verdict.over = may_change(outward.change, (*right)->info.affiliation);
  return verdict;
}

void Rules::accepted(engine::RoomTurn& turn, engine::Position position) const {
  const Conversation& talk = turn.state<Conversation>();
  if (!talk.opened() || turn.room().tail().empty()) return;
  const engine::Entry& entry = *turn.room().tail().back();
  if (entry.position != position || entry.kind != engine::EntryKind::message) return;
  const rooms::Message message = rooms::read_message(entry);
  states_.accepted(turn, message);
  if (message.internal) return;
  note_act(turn, did_by(message), message.speaker, message.nick, message.stanza_id);
  reopen(turn);
  peer_.said(turn);
  if (talk.told() == 0) news_.tell(turn, true);
}

}  // namespace hansa::act_as
