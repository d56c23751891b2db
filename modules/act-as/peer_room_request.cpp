// Getting in where somebody has to agree: a Hansa room's request (act-as.xml, «Joining a room as a
// room»), and registration with any other room (XEP-0045 §7.10). A question is asked again until it
// is answered; what changed there in between shows in the answer.

#include <algorithm>

#include "base/limits.h"
#include "modules/act-as/news.h"
#include "modules/act-as/peer_room.h"
#include "xep-spec/act_as.h"
#include "xep-spec/xep_0077_registration.h"
#include "xep-spec/xep_0249_direct_invitation.h"
#include "xep-spec/xep_0313_archive.h"
#include "xep-spec/xep_0421_occupant_id.h"

namespace hansa::act_as {
namespace {

using xep_act_as::Standing;

constexpr std::string_view kNickField = "muc#register_roomnick";

}  // namespace

void PeerRoom::note(engine::RoomTurn& turn, const Wish& wish) {
  if (wish == turn.state<Tie>().wish()) return;
  turn.note(std::string(kJoinNote), write_wish(wish));
}

void PeerRoom::found(engine::RoomTurn& turn, const xep_0030::Info& info, bool enters) {
  Wish wish = turn.state<Tie>().wish();
  wish.hansa = info.has_feature(xep_act_as::kNs);
  wish.archive = info.has_feature(xep_0313::kNs);
  wish.no_ids = !info.has_feature(xep_0421::kNs);
  if (wish.hansa && enters) wish.step = wish.named ? Step::asking : Step::unasked;
  note(turn, wish);
  if (!enters) return;
  if (wish.step == Step::unasked) {
    parts_.rooms.notice(
        turn,
        turn.state<Conversation>().about().peer.text() +
            " takes this room as a member if its owner or an admin agrees. The request names who "
            "asks, by address, to them alone. To ask, open this conversation again and agree to "
            "be named.",
        true);
  }
  start(turn);
}

void PeerRoom::wishes(engine::RoomTurn& turn, Wish wish, bool guessed) {
  const Conversation& talk = turn.state<Conversation>();
  const Wish& old = turn.state<Tie>().wish();
  if (talk.peer_kind() == PeerKind::person && !guessed) return;
  if (talk.now().presence != Presence::away) return;
  const bool out = talk.joined() && !talk.joined()->in;
  if (old.step == Step::pending || (old.step == Step::member && !out)) return;
  wish.hansa = old.hansa;
  wish.archive = old.archive;
  wish.no_ids = old.no_ids;
  wish.was_in = old.was_in;
  wish.again = out;
  wish.step = old.step;
  if (old.hansa) {
    wish.step = wish.named ? Step::asking : Step::unasked;
  } else if (old.step == Step::out) {
    wish.step = Step::direct;
  }
  wish.request = random_token(turn.random(), kStanzaIdCharacters);
  note(turn, wish);
  if (!wish.nick.empty()) turn.state<Conversation>().now().nick.clear();
  turn.state<Tie>().now().query_id.clear();
  if (talk.peer_kind() != PeerKind::room) return;
  mark_lag(turn, kLagNote, talk.lag_noted());
  start(turn);
}

void PeerRoom::start(engine::RoomTurn& turn) {
  const Wish& wish = turn.state<Tie>().wish();
  if (!wish.hansa) return enter(turn);
  switch (wish.step) {
    case Step::asking: return ask(turn);
    case Step::pending:
    case Step::member:
      return query(turn, "get", xmpp::written(xep_act_as::Membership{wish.request, {}}));
    case Step::leaving: {
      std::string content;
      xmpp::Writer writer(content);
      xep_act_as::write_leave(writer);
      return query(turn, "set", content);
    }
    default: return;
  }
}

void PeerRoom::look(engine::RoomTurn& turn) {
  const Conversation& talk = turn.state<Conversation>();
  const Tie& tie = turn.state<Tie>();
  if (talk.peer_kind() != PeerKind::room || talk.now().presence != Presence::away) return;
  const bool out = talk.joined() && !talk.joined()->in && !tie.wish().again;
  const bool asks = tie.wish().step == Step::asking || tie.wish().step == Step::pending ||
                    tie.wish().step == Step::leaving;
  if ((!out || asks) && tie.now().query_id.empty()) start(turn);
}

void PeerRoom::ask(engine::RoomTurn& turn) {
  const Conversation& talk = turn.state<Conversation>();
  const Wish& wish = turn.state<Tie>().wish();
  const xmpp::Jid acting = talk.about().acting;
  xep_act_as::Join join;
  join.id = wish.request;
  join.room = acting;
  join.member = read_jid(wish.member);
  join.nick = wish.nick.empty() ? talk.about().nick : wish.nick;
  join.name = wish.name.empty() ? std::string(acting.local()) : wish.name;
  if (join.nick.empty()) join.nick = join.name;
  join.reason = wish.reason;
  query(turn, "set", xmpp::written(join));
}

void PeerRoom::query(engine::RoomTurn& turn, std::string_view type, const std::string& content) {
  const Conversation& talk = turn.state<Conversation>();
  Tie::Now& now = turn.state<Tie>().now();
  now.query_id = random_token(turn.random(), kStanzaIdCharacters);
  turn.send(from_identity(
      parts_, talk.about().acting,
      {xmpp::StanzaKind::iq, std::string(type), talk.about().peer.text(), now.query_id}, content));
  turn.wake("act-as/standing/" + now.query_id, Millis(limits::kReflection_ms));
}

void PeerRoom::wait(engine::RoomTurn& turn, std::int64_t ms) {
  turn.wake("act-as/ask", Millis(ms));
}

void PeerRoom::wait_longer(engine::RoomTurn& turn) {
  Exchange& now = turn.state<Conversation>().now();
  now.backoff_ms = std::clamp(now.backoff_ms * 2, limits::kRejoinFirst_ms, limits::kRejoinMax_ms);
  wait(turn, now.backoff_ms);
}

bool PeerRoom::on_answer(engine::RoomTurn& turn, const xmpp::Stanza& stanza) {
  Tie::Now& now = turn.state<Tie>().now();
  if (stanza.id == turn.state<Conversation>().now().ping_id) return on_pong(turn, stanza), true;
  if (stanza.id == now.archive_id) return on_missed_end(turn, stanza), true;
  if (stanza.id != now.query_id) return false;
  now.query_id.clear();
  if (turn.state<Tie>().wish().step == Step::applying) return on_form(turn, stanza), true;
  return on_standing(turn, stanza), true;
}

void PeerRoom::on_standing(engine::RoomTurn& turn, const xmpp::Stanza& stanza) {
  const Conversation& talk = turn.state<Conversation>();
  Wish wish = turn.state<Tie>().wish();
  const std::string peer = talk.about().peer.text();
  Standing standing = Standing::none;
  if (stanza.is_error()) {
    const Error error = xmpp::read_error(stanza);
    if (passes(error.condition)) return wait_longer(turn);
    if (wish.step == Step::asking) {
      const std::string why = one_line(error.message());
      tell_asker(turn, "The request to join " + peer + " was refused: " + why);
      return leave_for_good(turn, "The request to join was refused: " + why);
    }
  } else {
    const auto parsed = stanza.payload() == nullptr
                            ? std::nullopt
                            : xep_act_as::parse_membership(*stanza.payload());
    if (!parsed || !parsed->standing) return wait_longer(turn);
    standing = *parsed->standing;
  }
  const Step before = wish.step;
  if (before == Step::leaving) {
    wish.step = Step::out;
    note(turn, wish);
    return turn.pass({std::string(kEndingTopic), {}, {}, {}});
  }
  switch (standing) {
    case Standing::pending:
      wish.step = Step::pending;
      note(turn, wish);
      if (before == Step::asking) {
        parts_.rooms.notice(turn,
                            "The owner and admins of " + peer +
                                " are asked whether this room may join. The request names " +
                                wish.member + ".",
                            true);
      }
      return wait(turn, limits::kMembershipAsk_ms);
    case Standing::member:
      wish.step = Step::member;
      if (before != Step::member) wish.again = true;  // else it was removed, and stays out
      note(turn, wish);
      if (before != Step::member) tell_asker(turn, "This room may join " + peer + ".");
      return enter(turn);
    case Standing::declined:
      tell_asker(turn, peer + " declined the request to join.");
      return leave_for_good(turn, "The request to join was declined.");
    case Standing::none: break;
  }
  if (before == Step::member) return leave_for_good(turn, "It is not a member there any more.");
  tell_asker(turn, "Nobody answered the request to join " + peer + ".");
  leave_for_good(turn, "Nobody answered the request to join.");
}

// To one who need not be in the conversation; his host keeps it for him.
void PeerRoom::tell_asker(engine::RoomTurn& turn, const std::string& text) {
  const std::string& member = turn.state<Tie>().wish().member;
  if (member.empty()) return;
  std::string content;
  xmpp::Writer(content).leaf("body", xmpp::ns::kClient, text);
  std::string out;
  xmpp::write_stanza(out,
                     {.kind = xmpp::StanzaKind::message,
                      .type = {},
                      .from = turn.room().address().text(),
                      .to = member,
                      .id = random_token(turn.random(), kStanzaIdCharacters),
                      .lang = {}},
                     content);
  turn.send(std::move(out));
}

// --- any other room, for members only (§7.10) ----------------------------------------------------

void PeerRoom::apply(engine::RoomTurn& turn) {
  Conversation& talk = turn.state<Conversation>();
  Wish wish = turn.state<Tie>().wish();
  talk.now().presence = Presence::waiting;
  turn.pause(kRoomGroup, true);
  wait(turn, limits::kMembershipAsk_ms);
  if (wish.step == Step::applying) return;  // it waits on
  wish.step = Step::applying;
  wish.again = true;
  note(turn, wish);
  parts_.rooms.notice(turn,
                      talk.about().peer.text() + " is for its members only. It is asked to take " +
                          identity_of(parts_.domains, talk.about().acting).text() +
                          " as one; as soon as it does, this room enters.",
                      true);
  query(turn, "get", xmpp::written(xep_0077::Registration{}));
}

void PeerRoom::on_form(engine::RoomTurn& turn, const xmpp::Stanza& stanza) {
  if (stanza.is_error() || stanza.payload() == nullptr) return;  // somebody has to add it there
  const auto asked = xep_0077::parse(*stanza.payload());
  if (!asked || !asked->form || asked->form->type != "form") return;
  xep_0077::Registration answer;
  answer.form = xep_0004::Form{"submit", {}, {}, {}};
  for (const xep_0004::Field& field : asked->form->fields) {
    if (field.var.empty() || field.type == "fixed") continue;
    xep_0004::Field filled;
    filled.var = field.var;
    filled.values = field.values;
    if (field.var == kNickField) filled.values = {turn.state<Conversation>().now().nick};
    answer.form->fields.push_back(std::move(filled));
  }
  query(turn, "set", xmpp::written(answer));
}

// --- hints ---------------------------------------------------------------------------------------

void PeerRoom::on_message(engine::RoomTurn& turn, const xmpp::Stanza& stanza) {
  const Wish& wish = turn.state<Tie>().wish();
  if (stanza.child("result", xep_0313::kNs) != nullptr) return on_missed(turn, stanza);
  if (stanza.child("membership", xep_act_as::kNs) != nullptr) {
    const bool asks = wish.step == Step::pending || wish.step == Step::member;
    if (wish.hansa && asks) start(turn);
    return;
  }
  bool invited = stanza.child("x", xep_0249::kNs) != nullptr;
  if (const xmpp::Element* const x = stanza.child("x", xep_0045::kNsUser)) {
    const auto user = xep_0045::parse_user(*x);
    invited = invited || (user && !user->invites.empty());
  }
  if (invited && wish.step == Step::applying) enter(turn);
}

// --- what members want ---------------------------------------------------------------------------

void PeerRoom::leave(engine::RoomTurn& turn) {
  const Conversation& talk = turn.state<Conversation>();
  if (talk.peer_kind() != PeerKind::room) return;
  stop(turn);
  Wish wish = turn.state<Tie>().wish();
  wish.step = wish.hansa && wish.step != Step::unasked ? Step::leaving : Step::out;
  note(turn, wish);
  leave_for_good(turn, "A member took it out of there.");
  start(turn);
}

bool PeerRoom::leave_to_end(engine::RoomTurn& turn) {
  const Wish& wish = turn.state<Tie>().wish();
  if (turn.state<Conversation>().peer_kind() != PeerKind::room) return true;
  if (wish.step == Step::leaving) return false;
  const bool known_there = wish.hansa && (wish.step == Step::asking || wish.step == Step::pending ||
                                          wish.step == Step::member);
  if (known_there) {
    leave(turn);
    return false;
  }
  stop(turn);
  return true;
}

bool PeerRoom::ask_voice(engine::RoomTurn& turn) {
  const Conversation& talk = turn.state<Conversation>();
  if (talk.now().presence != Presence::in) return false;
  xep_0004::Form form{"submit", {}, {}, {}};
  form.fields.push_back(xep_0004::hidden("FORM_TYPE", xep_0045::kFormRequest));
  form.fields.push_back(xep_0004::text_field("muc#role", {}, "participant"));
  turn.send(from_identity(parts_, talk.about().acting,
                          {xmpp::StanzaKind::message,
                           {},
                           talk.about().peer.text(),
                           random_token(turn.random(), kStanzaIdCharacters)},
                          xmpp::written(form)));
  return true;
}

std::string PeerRoom::answer_tie(const engine::RoomState& room) {
  const Conversation& talk = room.get<Conversation>();
  if (!talk.opened() || talk.peer_kind() != PeerKind::room) return {};
  const bool in = talk.joined() && talk.joined()->in;
  std::string out(state_of(room.get<Tie>().wish().step, in));
  out.append("\n").append(talk.about().peer.text());
  return out.append("\n").append(talk.joined() ? talk.joined()->nick : std::string());
}

}  // namespace hansa::act_as
