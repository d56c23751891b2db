// Coming into a peer's room, losing it, coming back.

#include "modules/act-as/peer_room.h"

#include <algorithm>
#include <charconv>

#include "base/limits.h"
#include "modules/act-as/news.h"
#include "modules/act-as/privately.h"
#include "modules/act-as/talks.h"
#include "xep-spec/xep_0199_ping.h"

namespace hansa::act_as {
namespace {

constexpr Millis kJoinAnswer{limits::kReflection_ms};
constexpr Millis kHistoryEnd{5000};  // the subject ends it; some services send none
constexpr std::string_view kJoin = "join/";
constexpr std::string_view kHistory = "history/";
constexpr std::string_view kRejoin = "rejoin/";

std::string wake_name(std::string_view what, std::uint64_t attempt) {
  return "act-as/" + std::string(what) + std::to_string(attempt);
}

bool is_of(std::string_view name, std::string_view what, std::uint64_t attempt) {
  return name.starts_with(what) && name.substr(what.size()) == std::to_string(attempt);
}

}  // namespace

bool passes(Condition condition) {
  switch (condition) {
    case Condition::remote_server_not_found:
    case Condition::remote_server_timeout:
    case Condition::resource_constraint:
    case Condition::internal_server_error:
    case Condition::service_unavailable:
    case Condition::recipient_unavailable: return true;
    default: return false;
  }
}

namespace {

bool has(const xep_0045::User& user, int code) {
  return std::find(user.status.begin(), user.status.end(), code) != user.status.end();
}

xep_0045::User user_of(const xmpp::Stanza& stanza) {
  const xmpp::Element* x = stanza.child("x", xep_0045::kNsUser);
  const auto user = x == nullptr ? std::nullopt : xep_0045::parse_user(*x);
  return user.value_or(xep_0045::User{});
}

std::string nick_wished(const Conversation& talk, const Wish& wish) {
  if (!wish.nick.empty()) return wish.nick;
  if (talk.joined() && !talk.joined()->nick.empty()) return talk.joined()->nick;
  return talk.about().nick.empty() ? std::string(talk.about().acting.local()) : talk.about().nick;
}

}  // namespace

void PeerRoom::enter(engine::RoomTurn& turn) {
  Conversation& talk = turn.state<Conversation>();
  const Tie& tie = turn.state<Tie>();
  if (talk.joined() && !talk.joined()->in && !tie.wish().again) return;  // no automatic return
  Exchange& now = talk.now();
  if (now.nick.empty()) now.nick = nick_wished(talk, tie.wish());
  const auto occupant = talk.about().peer.with_resource(now.nick);
  if (!occupant) return leave_for_good(turn, "«" + now.nick + "» cannot be a nick there.");
  now.presence = Presence::joining;
  // What is on its way is reflected, or in the history, before we are in: nothing goes meanwhile.
  turn.pause(kRoomGroup, true);
  ++now.attempt;
  xep_0045::Join join;
  join.password = tie.wish().password;
  join.history.emplace();
  const bool was_in = tie.wish().was_in || (talk.joined() && talk.joined()->in);
  if (was_in && !tie.wish().hansa && !asks_archive(tie)) {
    join.history->since = WallTime{talk.last_heard().ms - limits::kHistoryOverlap_ms};
  } else {
    join.history->maxstanzas = 0;
  }
  std::string content;
  xmpp::Writer writer(content);
  xep_0045::write(writer, join);
  turn.send(from_identity(parts_, talk.about().acting,
                          {xmpp::StanzaKind::presence, {}, occupant->text(), {}}, content));
  turn.wake(wake_name(kJoin, now.attempt), kJoinAnswer);
}

void PeerRoom::stop(engine::RoomTurn& turn) {
  Conversation& talk = turn.state<Conversation>();
  const auto self = talk.about().peer.with_resource(talk.now().nick);
  if (talk.now().presence != Presence::in || !self) return;
  talk.now().presence = Presence::away;
  stop_as(turn, *self);
}

void PeerRoom::stop_as(engine::RoomTurn& turn, const xmpp::Jid& occupant) {
  turn.send(from_identity(parts_, turn.state<Conversation>().about().acting,
                          {xmpp::StanzaKind::presence, "unavailable", occupant.text(), {}}, {}));
}

void PeerRoom::on_presence(engine::RoomTurn& turn, const xmpp::Stanza& stanza) {
  Conversation& talk = turn.state<Conversation>();
  if (!talk.opened() || talk.peer_kind() != PeerKind::room) return;
  if (talk.now().presence == Presence::away) return;
  talk.now().heard = turn.mono();
  if (stanza.is_error()) return on_join_error(turn, stanza);
  const xep_0045::User user = user_of(stanza);
  const bool self = has(user, xep_0045::status::kSelf) || stanza.from.resource() == talk.now().nick;
  if (stanza.type.empty()) {
    if (self) on_entered(turn, stanza);
  } else if (stanza.type == "unavailable") {
    if (self) return on_left(turn, stanza, user);
    const std::string nick(stanza.from.resource());
    std::vector<std::string> gone;
    for (const auto& [key, who] : turn.state<rooms::Room>().virtuals()) {
      if (who.outside() == nick) gone.push_back(key);
    }
    if (gone.empty() || !tell_alone(turn, nick)) return;
    for (const std::string& key : gone) parts_.rooms.remove_virtual(turn, key);
  }
}

// The conversation with him alone, if there is one. False: a read was asked.
bool PeerRoom::tell_alone(engine::RoomTurn& turn, const std::string& nick) {
  const Opened& about = turn.state<Conversation>().about();
  const auto whom = about.peer.with_resource(nick);
  if (!whom) return true;
  const xmpp::Jid alone = conversation_address(parts_.domains.rooms, about.acting.local(), *whom);
  if (alone.empty()) return true;
  const engine::Answer* const known = turn.ask({alone, std::string(kAskTalk), {}});
  if (known == nullptr) return false;
  if (read_talk(*known)) turn.pass(alone, {std::string(kLeftTopic), {}, {}, {}});
  return true;
}

void PeerRoom::on_entered(engine::RoomTurn& turn, const xmpp::Stanza& stanza) {
  Exchange& now = turn.state<Conversation>().now();
  if (has(user_of(stanza), xep_0045::status::kCreated)) {
    // There was no such room: it would be one that nobody meant to make, and locked (§10.1).
    stop_as(turn, stanza.from);
    return leave_for_good(turn, "There is no such room there.");
  }
  now.nick = stanza.from.resource();  // the service may have chosen another (status 210)
  if (now.presence == Presence::joining) {
    turn.wake(wake_name(kHistory, now.attempt), kHistoryEnd);
  }
}

void PeerRoom::complete(engine::RoomTurn& turn) {
  if (turn.state<Tie>().now().replaying) return;
  Conversation& talk = turn.state<Conversation>();
  Exchange& now = talk.now();
  now.presence = Presence::in;
  now.backoff_ms = 0;
  now.nick_retried = false;
  now.heard = turn.mono();
  const std::string peer = talk.about().peer.text();
  turn.group({std::string(kRoomGroup), link_to(turn, parts_.domains, talk.about().peer),
              &parts_.delivery, engine::ConfirmedBy::module});
  turn.unfollow(kRoomGroup, peer);
  turn.follow(kRoomGroup, peer, talk.crossed_until() + 1, false);
  turn.pause(kRoomGroup, false);
  const bool first = !talk.joined() || !talk.joined()->in;
  if (first || talk.joined()->nick != now.nick) {
    turn.append(engine::EntryKind::peer_joined, write_peer_joined({true, now.nick, {}}));
  }
  Wish wish = turn.state<Tie>().wish();
  wish.was_in = true;
  wish.again = false;
  if (wish.step == Step::applying) wish.step = Step::direct;
  note(turn, wish);
  if (first) {
    parts_.rooms.notice(turn, "This room is now in " + peer + " as " + now.nick + ".", true);
    news_.tell(turn, true, true);
  }
  tell_back(turn, first);
  for (Conversation::Pending& one : talk.pending()) one.since = turn.mono();
  if (!talk.pending().empty()) turn.wake("act-as/reflect", Millis(limits::kReflection_ms));
  turn.wake("act-as/silence/" + std::to_string(now.attempt), Millis(limits::kPeerSilence_ms));
}

void PeerRoom::on_left(engine::RoomTurn& turn, const xmpp::Stanza& stanza,
                       const xep_0045::User& user) {
  using namespace xep_0045::status;
  Exchange& now = turn.state<Conversation>().now();
  if (has(user, kNickChanged)) {
    if (user.item && !user.item->nick.empty()) now.nick = user.item->nick;
    return;
  }
  const std::string reason =
      user.item && !user.item->reason.empty() ? " («" + one_line(user.item->reason) + "»)" : "";
  if (user.destroy) {
    std::string why = "That room was destroyed.";
    if (!user.destroy->reason.empty()) {
      why += " («" + one_line(user.destroy->reason) + "»)";
    }
    const std::string venue = read_jid(user.destroy->jid).bare_text().empty()
                                  ? std::string()
                                  : one_line(read_jid(user.destroy->jid).bare_text());
    if (!venue.empty()) why += " Its people meet in " + venue + " now.";
    return leave_for_good(turn, why);
  }
  if (has(user, kTechnical) || has(user, kShutdown)) return lose(turn);
  if (has(user, kBanned)) return leave_for_good(turn, "It was banned there" + reason + ".");
  if (has(user, kKicked)) return leave_for_good(turn, "It was removed there" + reason + ".", true);
  if (has(user, kNoLongerMember) || has(user, kNowMembersOnly)) {
    return leave_for_good(turn, turn.state<Tie>().wish().hansa
                                    ? "It is not a member there any more" + reason + "."
                                    : "That room is for its members only.");
  }
  static_cast<void>(stanza);
  lose(turn);
}

void PeerRoom::on_join_error(engine::RoomTurn& turn, const xmpp::Stanza& stanza) {
  Conversation& talk = turn.state<Conversation>();
  if (talk.now().presence != Presence::joining) return;
  const Error error = xmpp::read_error(stanza);
  if (error.condition == Condition::conflict && !talk.now().nick_retried) {
    talk.now().nick_retried = true;
    talk.now().nick += " (" + std::string(parts_.domains.rooms) + ")";
    return enter(turn);
  }
  if (passes(error.condition)) return lose(turn);
  const Wish& wish = turn.state<Tie>().wish();
  if (error.condition == Condition::registration_required && !wish.hansa) return apply(turn);
  if (error.condition == Condition::not_authorized) {
    return leave_for_good(turn, std::string(wish.password.empty() ? "A password is needed there."
                                                                  : "That is not its password.") +
                                    " Open the conversation again with the right one.");
  }
  leave_for_good(turn, "It may not enter there: " + one_line(error.message()));
}

void PeerRoom::lose(engine::RoomTurn& turn) {
  Exchange& now = turn.state<Conversation>().now();
  tell_lost(turn);
  if (!turn.state<Conversation>().pending().empty()) {
    turn.wake("act-as/reflect", Millis(limits::kReflection_ms));
  }
  now.presence = Presence::waiting;
  turn.pause(kRoomGroup, true);
  now.backoff_ms = std::clamp(now.backoff_ms * 2, limits::kRejoinFirst_ms, limits::kRejoinMax_ms);
  turn.wake(wake_name(kRejoin, now.attempt), Millis(now.backoff_ms));
}

void PeerRoom::leave_for_good(engine::RoomTurn& turn, const std::string& why, bool still_member) {
  Conversation& talk = turn.state<Conversation>();
  const std::string peer = talk.about().peer.text();
  talk.now().presence = Presence::away;
  turn.unfollow(kRoomGroup, peer);
  const bool was_in = talk.joined() && talk.joined()->in;
  turn.append(engine::EntryKind::peer_joined, write_peer_joined({false, talk.now().nick, why}));
  Wish wish = turn.state<Tie>().wish();
  if (wish.hansa && wish.step != Step::leaving && !still_member) wish.step = Step::out;
  wish.again = false;
  wish.password.clear();
  note(turn, wish);
  turn.state<Tie>().now() = {};
  parts_.rooms.notice(turn,
                      "This room is not in " + peer + (was_in ? " any more. " : ". ") + why +
                          " To try again, open the conversation with " + peer + " again.",
                      true);
  clear_lag(turn, kLagNote, talk.lag_noted());
  look_at_pending(turn);
}

void PeerRoom::ping(engine::RoomTurn& turn) {
  Conversation& talk = turn.state<Conversation>();
  const auto self = talk.about().peer.with_resource(talk.now().nick);
  if (!self) return;
  talk.now().ping_id = random_token(turn.random(), kStanzaIdCharacters);
  std::string content;
  xmpp::Writer writer(content);
  xep_0199::write(writer, {});
  turn.send(from_identity(parts_, talk.about().acting,
                          {xmpp::StanzaKind::iq, "get", self->text(), talk.now().ping_id},
                          content));
}

// XEP-0410 §3: whatever says that we are in, and errors of the way that say nothing.
void PeerRoom::on_pong(engine::RoomTurn& turn, const xmpp::Stanza& stanza) {
  Exchange& now = turn.state<Conversation>().now();
  now.ping_id.clear();
  now.heard = turn.mono();
  if (!stanza.is_error() || now.presence != Presence::in) return;
  const Condition condition = xmpp::read_error(stanza).condition;
  if (condition == Condition::service_unavailable || condition == Condition::item_not_found ||
      condition == Condition::feature_not_implemented) {
    return;
  }
  lose(turn);
}

void PeerRoom::on_wake(engine::RoomTurn& turn, std::string_view name) {
  Conversation& talk = turn.state<Conversation>();
  Exchange& now = talk.now();
  if (talk.peer_kind() != PeerKind::room) return;
  Tie& tie = turn.state<Tie>();
  if (name == "reflect") return look_at_pending(turn);
  if (name == "ask") {
    const bool there = tie.wish().step == Step::member &&
                       (now.presence == Presence::joining || now.presence == Presence::in);
    if (tie.now().query_id.empty() && !there) start(turn);
    return;
  }
  if (name.starts_with("standing/")) {
    if (name.substr(9) != tie.now().query_id) return;
    tie.now().query_id.clear();
    if (tie.wish().step != Step::applying) start(turn);  // a form is not asked for again
    return;
  }
  if (name.starts_with("missed/")) {
    if (name.substr(7) == tie.now().archive_id) on_missed_end(turn, {});
    return;
  }
  if (tie.now().replaying) return;
  if (is_of(name, kJoin, now.attempt) && now.presence == Presence::joining) return lose(turn);
  if (is_of(name, kHistory, now.attempt) && now.presence == Presence::joining) {
    return asks_archive(tie) && tie.wish().was_in ? fetch_missed(turn) : complete(turn);
  }
  if (is_of(name, kRejoin, now.attempt) && now.presence == Presence::waiting) return start(turn);
  if (!is_of(name, "silence/", now.attempt) || now.presence != Presence::in) return;
  const Millis silence = turn.mono() - now.heard;
  if (silence < Millis(limits::kPeerSilence_ms)) {
    turn.wake("act-as/" + std::string(name), Millis(limits::kPeerSilence_ms) - silence);
    return;
  }
  if (!now.ping_id.empty()) return lose(turn);  // the last one was not answered
  ping(turn);
  turn.wake("act-as/" + std::string(name), Millis(limits::kPeerSilence_ms));
}

}  // namespace hansa::act_as
