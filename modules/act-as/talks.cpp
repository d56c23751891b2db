#include "modules/act-as/talks.h"

#include "base/limits.h"
#include "engine/fields.h"
#include "modules/act-as/audit.h"
#include "modules/act-as/conversation.h"
#include "modules/act-as/talk_list.h"
#include "xep-spec/act_as.h"

namespace hansa::act_as {
namespace {

using xep_act_as::Action;
using xep_act_as::Change;
using xep_act_as::ConversationItem;

std::string answer_talk(const engine::RoomState& state, const engine::Question&) {
  const Conversation& talk = state.get<Conversation>();
  if (!state.exists() || !talk.opened()) return {};
  engine::FieldWriter out;
  out.put(1, std::string_view(talk.about().peer.text()))
      .put(2, static_cast<std::uint64_t>(talk.peer_kind()))
      .put(3, static_cast<std::uint64_t>(state.last_stamp().ms))
      .put_unless_0(4, talk.unanswered() ? 1 : 0)
      .put_if(5, talk.assigned())
      .put_unless_0(6, talk.closed() ? 1 : 0)
      .put_unless_0(7, talk.blocked() ? 1 : 0)
      .put_unless_0(8, talk.muted() ? 1 : 0);
  return out.take();
}

// Whether it changes anything, and what is said of it inside.
struct Outcome {
  bool changes = false;
  std::string text;
};

Outcome outcome_of(const Conversation& talk, const Change& change, const std::string& who) {
  switch (change.action) {
    case Action::close: return {!talk.closed(), who + " closed this conversation."};
    case Action::reopen: return {talk.closed(), who + " opened this conversation again."};
    case Action::block: return {!talk.blocked(), who + " blocked the peer."};
    case Action::unblock: return {talk.blocked(), who + " unblocked the peer."};
    case Action::mute: return {!talk.muted(), who + " muted this conversation."};
    case Action::unmute: return {talk.muted(), who + " unmuted this conversation."};
    case Action::assign: break;
  }
  const std::string member = change.member.text();
  if (member.empty()) {
    return {!talk.assigned().empty(), "This conversation is assigned to nobody any more."};
  }
  return {talk.assigned() != member, who + " assigned this conversation to " + member + "."};
}

void write_index(engine::RoomTurn& turn) {
  const Conversation& talk = turn.state<Conversation>();
  std::optional<std::string> value;
  if (talk.closed()) value = "1";
  turn.index(closed_key(talk.about().acting, turn.room().address()), std::move(value));
}

void apply(engine::RoomTurn& turn, const TalkChange& change) {
  turn.append(engine::EntryKind::talk, write_shared(change), write_local(change));
  if (change.action == Action::close || change.action == Action::reopen) write_index(turn);
  if (change.action != Action::block && change.action != Action::unblock) return;
  const Opened& about = turn.state<Conversation>().about();
  engine::FieldWriter letter;
  letter.put(1, std::string_view(about.peer.text()))
      .put_unless_0(2, change.action == Action::block ? 1 : 0);
  turn.letter(about.acting, std::string(kBlockLetter), letter.take());
}

}  // namespace

std::optional<ConversationItem> read_talk(const engine::Answer& answer) {
  if (!answer.exists || answer.failed || answer.value.empty()) return std::nullopt;
  const engine::FieldReader in(answer.value);
  ConversationItem item;
  item.peer = in.text(1);
  const auto kind = static_cast<PeerKind>(in.number(2));
  if (kind == PeerKind::person) item.kind = "person";
  if (kind == PeerKind::room) item.kind = "room";
  item.last.ms = static_cast<std::int64_t>(in.number(3));
  item.unanswered = in.number(4) != 0;
  item.assigned = in.text(5);
  item.closed = in.number(6) != 0;
  item.blocked = in.number(7) != 0;
  item.muted = in.number(8) != 0;
  return item;
}

void reopen(engine::RoomTurn& turn) {
  if (turn.state<Conversation>().closed()) apply(turn, {Action::reopen, {}, {}});
}

void close(engine::RoomTurn& turn) {
  if (!turn.state<Conversation>().closed()) apply(turn, {Action::close, {}, {}});
}

Status Talks::add_to(engine::Router& router) {
  using engine::Row;
  using engine::Target;
  using xmpp::StanzaKind;
  const std::string ns(xep_act_as::kNs);
  if (const auto added = router.add_answer(std::string(kAskTalk), &answer_talk); !added) {
    return added;
  }
  const auto list = router.add(
      Row{Target::identity, StanzaKind::iq, "get", "conversations", ns, {}},
      [this](engine::RoomTurn& turn, const xmpp::Stanza& stanza) { on_list(turn, stanza); });
  if (!list) return list;
  const auto set = router.add(
      Row{Target::room, StanzaKind::iq, "set", "change", ns, {}},
      [this](engine::RoomTurn& turn, const xmpp::Stanza& stanza) { on_set(turn, stanza); });
  if (!set) return set;
  const auto passed = router.add_passed(
      std::string(kTalkTopic),
      [this](engine::RoomTurn& turn, const engine::Passed& p) { on_passed(turn, p); });
  if (!passed) return passed;
  return router.add_passed(
      std::string(kListTopic),
      [this](engine::RoomTurn& turn, const engine::Passed& p) { on_list_passed(turn, p); });
}

// --- changing one --------------------------------------------------------------------------------

std::optional<std::string> Talks::change(engine::RoomTurn& turn, const xmpp::Jid& actor,
                                         const Change& change) const {
  const Conversation& talk = turn.state<Conversation>();
  const auto refuse = [&](Error error, std::string_view detail = {}) {
    turn.refuse(error, {}, detail);
    return std::nullopt;
  };
  if (!turn.room().exists() || !talk.opened()) return refuse(Error(Condition::item_not_found));
  const xmpp::Jid acting = talk.about().acting;
  const auto right = parts_.rights.ask(turn, acting, actor, talk.towards());
  const bool names = change.action == Action::assign && !change.member.empty();
  const auto assignee =
      parts_.rights.ask(turn, acting, names ? change.member : actor, talk.towards());
  if (!right || !assignee) return std::nullopt;
  if (!*right) return refuse(right->error());
  if (!*assignee) return refuse(assignee->error());
  if (!(*right)->may_read) return refuse(Error(Condition::item_not_found));
  if (!(*right)->may_act) {
    const Refusal no = parts_.rights.refusal(acting, **right, actor);
    return refuse(no.error, no.detail);
  }
  if (names && !(*assignee)->may_act) {
    return refuse(
        Error(Condition::not_acceptable, change.member.text() + " may not act as this room here."));
  }
  const bool blocks = change.action == Action::block || change.action == Action::unblock;
  if (blocks && talk.peer_kind() == PeerKind::room) {
    return refuse(
        Error(Condition::not_allowed, "The peer is a room: it can be left, not blocked."));
  }
  const std::string who = nick_of(turn.state<rooms::Room>(), actor);
  Outcome outcome = outcome_of(talk, change, who);
  if (!outcome.changes) return outcome.text;
  apply(turn, {change.action, std::string(change.member.text()), actor.bare()});
  note_act(turn, name_of(change.action), actor, who);
  parts_.rooms.notice(turn, outcome.text, true);
  return outcome.text;
}

void Talks::on_set(engine::RoomTurn& turn, const xmpp::Stanza& stanza) const {
  const auto asked = xep_act_as::parse_change(*stanza.payload());
  if (!asked) return turn.refuse(Error(Condition::bad_request));
  if (!*asked && turn.state<Conversation>().opened()) return turn.refuse(asked->error());
  if (!*asked) return turn.refuse(Error(Condition::item_not_found));
  if (change(turn, stanza.from, **asked)) turn.reply();
}

void Talks::on_passed(engine::RoomTurn& turn, const engine::Passed& passed) const {
  const auto action = xep_act_as::action_named(passed.param("action"));
  if (!action) return turn.refuse(Error(Condition::bad_request));
  const auto text = change(turn, passed.stanza.from, {*action, read_jid(passed.param("member"))});
  if (!text) return;
  xep_0050::Request request;
  request.node = xep_act_as::kNodeConversation;
  request.session_id = passed.param("session");
  turn.reply(xmpp::written(xep_0050::done(request, *text)));
}

// --- the list ------------------------------------------------------------------------------------

bool Talks::may_list(engine::RoomTurn& turn, const xmpp::Jid& who) const {
  const auto right = parts_.rights.ask(turn, turn.room().address(), who);
  if (!right) return false;
  if (!*right) {
    turn.refuse(right->error());
    return false;
  }
  if ((*right)->may_read) return true;
  const Refusal no = parts_.rights.refusal(turn.room().address(), **right, who);
  turn.refuse(no.error, {}, no.detail);
  return false;
}

void Talks::on_list(engine::RoomTurn& turn, const xmpp::Stanza& stanza) const {
  const auto asked = xep_act_as::parse_conversations(*stanza.payload());
  if (!asked) return turn.refuse(Error(Condition::bad_request));
  if (!may_list(turn, stanza.from)) return;
  turn.serve([room = turn.room().address(), asked = *asked](engine::ServiceTurn& service,
                                                            const xmpp::Stanza&) {
    const auto list = list_of(service, room, asked);
    if (!list) return;
    if (!*list) return service.refuse(list->error());
    service.reply(xmpp::written(**list));
  });
}

void Talks::on_list_passed(engine::RoomTurn& turn, const engine::Passed& passed) const {
  if (!may_list(turn, passed.stanza.from)) return;
  xep_act_as::Conversations asked;
  asked.closed = xep_0004::parse_boolean(passed.param("closed")).value_or(false);
  if (const std::string_view after = passed.param("after"); !after.empty()) {
    asked.asked.emplace().after = std::string(after);
  }
  turn.serve([room = turn.room().address(), asked, session = std::string(passed.param("session"))](
                 engine::ServiceTurn& service, const xmpp::Stanza&) {
    const auto list = list_of(service, room, asked);
    if (!list) return;
    if (!*list) return service.refuse(list->error());
    service.reply(xmpp::written(table_of(**list, session)));
  });
}

}  // namespace hansa::act_as
