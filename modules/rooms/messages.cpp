#include "modules/rooms/messages.h"

#include <algorithm>
#include <array>

#include "base/limits.h"
#include "modules/rooms/clean.h"
#include "modules/rooms/delivery.h"
#include "modules/rooms/member_rooms.h"
#include "modules/rooms/mentions.h"
#include "modules/rooms/occupants.h"
#include "modules/rooms/recent.h"
#include "modules/rooms/retraction.h"
#include "modules/rooms/slow_mode.h"
#include "modules/rooms/speech.h"
#include "modules/rooms/subject.h"
#include "xep-spec/act_as_rooms.h"
#include "xep-spec/xep_0085_chat_states.h"
#include "xep-spec/xep_0334_hints.h"
#include "xep-spec/xep_0359_stanza_ids.h"

namespace hansa::rooms {
namespace {

struct Case {
  const Context& context;
  engine::RoomTurn& turn;
  const xmpp::Stanza& stanza;
  bool granted = false;             // a hook let it pass
  Verdict grant = {};               // what it said
  engine::EntryPtr retracted = {};  // by this message
  [[nodiscard]] const Room& room() const { return room_of(turn); }
  [[nodiscard]] const Session* session() const { return room().session(stanza.from); }
};

Verdict deny(Condition condition, std::string text) {
  return Verdict::deny(Error(condition, std::move(text)));
}

// --- the rules, in the order in which they are asked ---------------------------------------------

Verdict room_exists(Case& c) {
  if (c.turn.room().exists() && !is_locked_for(c.room(), c.stanza.from)) return Verdict::pass();
  return Verdict::deny(Error(Condition::item_not_found));
}

// A conversation is no room to those who may not know of it (protocol §3).
Verdict hide_conversation(Case& c) {
  const bool hidden = c.room().config().conversation && c.session() == nullptr;
  return hidden ? Verdict::deny(Error(Condition::item_not_found)) : Verdict::pass();
}

Verdict is_occupant(Case& c) {
  if (c.session() != nullptr) return Verdict::pass();
  return deny(Condition::not_acceptable, "Only those who are in the room may speak in it.");
}

Verdict ask_hooks(Case& c) {
  for (const auto& hook : c.context.hooks.speak) {
    Verdict verdict = hook(c.turn, {c.stanza.from, &c.stanza});
    c.granted = verdict.kind == Verdict::Kind::allow;
    if (c.granted) {
      c.grant = std::move(verdict);
      return Verdict::pass();
    }
    if (verdict.kind != Verdict::Kind::pass) return verdict;
  }
  return Verdict::pass();
}

Verdict has_voice(Case& c) {
  if (is_room(c.room(), c.stanza.from) && c.room().config().rooms_may == RoomsMay::listen) {
    return deny(Condition::forbidden, "Rooms that are members may only listen here.");
  }
  if (c.granted || c.session()->role >= Role::participant) return Verdict::pass();
  return deny(Condition::forbidden, "Visitors may only read here.");
}

Verdict may_set_subject(Case& c) {
  if (!is_subject_change(c.stanza)) return Verdict::pass();
  if (!c.granted && !subject_allowed(c.room(), *c.session())) {
    return deny(Condition::forbidden, "Only moderators may change the subject here.");
  }
  if (c.stanza.child("subject", xmpp::ns::kClient)->text().size() <= limits::kSubjectBytes) {
    return Verdict::pass();
  }
  return deny(Condition::not_acceptable,
              "A subject has at most " + std::to_string(limits::kSubjectBytes) + " bytes.");
}

Verdict may_retract(Case& c) {
  return judge_retraction(c.context, c.turn, c.stanza, c.grant.over, c.retracted);
}

constexpr std::array kRules = {
    &room_exists,        // §17.2
    &hide_conversation,  // as for other unknown names
    &is_occupant,        // §7.4: not-acceptable
    &ask_hooks,          // other modules: may he act as the room (source A2)
    &has_voice,          // §7.4: visitors
    &may_set_subject,    // §8.1
    &may_retract,        // XEP-0424: last, as it reads
};

// --- speaking ------------------------------------------------------------------------------------

Message read_request(const Case& c) {
  const Session& session = *c.session();
  Message message;
  message.nick = session.nick;
  message.occupant_id = occupant_id(c.context, c.turn.room(), session.jid);
  message.id = c.stanza.id;
  message.origin_id = xep_0359::origin_id(c.stanza.element());
  message.lang = c.stanza.element().attr("xml:lang");
  message.content = clean_content(c.stanza.element(), c.turn.room().address()) + c.grant.detail;
  message.internal = c.grant.internal;
  message.over = c.grant.over;
  message.speaker = session.jid;
  if (!is_room(c.room(), session.jid)) return message;
  if (auto origin = xep_act_as::origin_of(c.stanza.element())) {
    message.origin = std::move(origin->id);
    message.path = std::move(origin->marks);
  }
  return message;
}

bool is_to_be_logged(const xmpp::Stanza& stanza) {
  if (stanza.child("body", xmpp::ns::kClient) != nullptr) return true;
  if (xep_0334::not_to_be_stored(stanza.element())) return false;
  const auto is_passing = [](const xmpp::Element& child) {
    return child.ns() == xep_0085::kNs || child.ns() == xep_0334::kNs ||
           child.is("thread", xmpp::ns::kClient) || child.is("origin-id", xep_0359::kNs);
  };
  const auto children = stanza.element().children();
  return !std::all_of(children.begin(), children.end(), is_passing);
}

// The entry at that position, from memory or from disk. Null: a read was asked, or it is gone.
engine::EntryPtr entry_at(engine::RoomTurn& turn, engine::Position position) {
  const auto& tail = turn.room().tail();
  if (!tail.empty() && position >= tail.front()->position) {
    return tail[position - tail.front()->position];
  }
  const auto* const page = turn.ask_page(turn.room().address(), position, 1);
  if (page == nullptr || !page->ok() || (*page)->empty()) return nullptr;
  return (*page)->front();
}

// Said before: he sees it again, under the stanza-id that it has, and nobody else does
// (protocol §2).
void reflect_again(const Case& c, engine::Position position) {
  const engine::EntryPtr entry = entry_at(c.turn, position);
  if (entry == nullptr || entry->erased) return;
  const engine::Encoded encoded = encode_message(c.turn.room(), *entry, false);
  std::string stanza = encoded.before;
  xmpp::append_escaped(stanza, c.stanza.from.text());
  c.turn.send(stanza + encoded.after);
}

}  // namespace

void on_groupchat(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& stanza) {
  Case c{context, turn, stanza};
  for (const auto rule : kRules) {
    const Verdict verdict = rule(c);
    if (verdict.kind == Verdict::Kind::wait) return;
    if (verdict.kind == Verdict::Kind::deny) return turn.refuse(verdict.error, {}, verdict.detail);
  }
  Message message = read_request(c);
  if (message.content.size() > limits::kStanzaBytes) {
    return turn.refuse(Error(Condition::policy_violation, "That message is too long."));
  }
  const bool subject = is_subject_change(stanza);
  if (!subject && (message.content.empty() || !is_to_be_logged(stanza))) {
    say_live(turn, std::move(message));
    for (const auto& hook : context.hooks.passing) hook(turn, stanza);
    return;
  }
  if (const auto before = room_of(turn).recent().repeat_of(message, turn.now())) {
    return reflect_again(c, *before);
  }
  // A room that did not see its message here says it again, however late. Nothing is reflected: it
  // is sent all that it has not heard, this too.
  const std::string origin = message.origin;
  if (!origin.empty()) {
    const auto known = has_origin(turn, origin);
    if (!known || *known) return;
  }
  // Last: what is only sent again has had its turn.
  if (const Verdict slow = judge_slow_mode(turn, stanza); slow.kind == Verdict::Kind::deny) {
    return turn.refuse(slow.error);
  }
  const engine::EntryKind kind = subject ? engine::EntryKind::subject : engine::EntryKind::message;
  const engine::Position position = c.retracted != nullptr
                                        ? retract(turn, *c.retracted, std::move(message), {})
                                        : append_message(turn, std::move(message), kind);
  if (!origin.empty()) note_origin(turn, origin);
  context.member_rooms->rouse(turn);
  note_spoke(turn, stanza);
  forward_mentions(turn, stanza, position);
  for (const auto& hook : context.hooks.accepted) hook(turn, position);
}

}  // namespace hansa::rooms
