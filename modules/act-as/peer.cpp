#include "modules/act-as/peer.h"

#include "base/limits.h"
#include "xep-spec/xep_0030_disco.h"
#include "xep-spec/xep_0045_muc.h"

namespace hansa::act_as {
namespace {

constexpr Millis kLinksLook{200};
constexpr std::string_view kConference = "conference";
constexpr std::string_view kMayNotEnter =
    "The peer is a room, and who opened this conversation may speak to persons only: it is not "
    "entered.";

// A server that could not be asked says nothing about what its users are.
bool says_nothing(Condition condition) {
  return condition == Condition::remote_server_not_found ||
         condition == Condition::remote_server_timeout ||
         condition == Condition::resource_constraint ||
         condition == Condition::internal_server_error;
}

}  // namespace

void Peer::follow(engine::RoomTurn& turn) {
  const Conversation& talk = turn.state<Conversation>();
  const engine::Position confirmed =
      turn.group({std::string(kPersonGroup), link_to(parts_.domains, talk.about().peer),
                  &parts_.delivery, engine::ConfirmedBy::host});
  turn.pause(kPersonGroup, talk.peer_kind() != PeerKind::person);
  turn.follow(kPersonGroup, talk.about().peer.text(), confirmed + 1, false);
}

void Peer::begin(engine::RoomTurn& turn, PeerKind kind) {
  if (kind != PeerKind::unknown) {
    turn.append(engine::EntryKind::peer_known, write_peer_known(kind));
  }
  follow(turn);
  if (kind == PeerKind::unknown) ask_kind(turn);
}

void Peer::resume(engine::RoomTurn& turn, engine::Life life) {
  Conversation& talk = turn.state<Conversation>();
  if (life == engine::Life::stopping) return room_.stop(turn);
  if (life == engine::Life::woken) return;
  if (life == engine::Life::loaded) {
    talk.recall(turn.room().tail());
    if (talk.peer_kind() != PeerKind::room) follow(turn);
    if (talk.lag_noted()) turn.wake("act-as/lag", kLagLook);
    return;
  }
  // Both of the node's links come up at about the same time: once for both.
  if (!talk.now().links_looked) turn.wake("act-as/links", kLinksLook);
  talk.now().links_looked = true;
}

void Peer::links_up(engine::RoomTurn& turn) {
  Conversation& talk = turn.state<Conversation>();
  talk.now().links_looked = false;
  if (talk.peer_kind() == PeerKind::unknown) ask_kind(turn);
  if (talk.peer_kind() == PeerKind::room) room_.start(turn);
}

void Peer::ask_kind(engine::RoomTurn& turn) {
  Conversation& talk = turn.state<Conversation>();
  talk.now().query_id = random_token(turn.random(), kStanzaIdCharacters);
  std::string query;
  xmpp::Writer writer(query);
  xep_0030::write(writer, xep_0030::Info{});
  turn.send(from_identity(
      parts_, talk.about().acting,
      {xmpp::StanzaKind::iq, "get", talk.about().peer.text(), talk.now().query_id}, query));
  turn.wake("act-as/kind/" + talk.now().query_id, Millis(limits::kPeerAnswer_ms));
}

void Peer::is_person(engine::RoomTurn& turn) {
  if (turn.state<Conversation>().peer_kind() == PeerKind::unknown) known(turn, PeerKind::person);
}

void Peer::known(engine::RoomTurn& turn, PeerKind kind) {
  Conversation& talk = turn.state<Conversation>();
  talk.now().query_id.clear();
  turn.append(engine::EntryKind::peer_known, write_peer_known(kind));
  if (kind == PeerKind::person) {
    turn.pause(kPersonGroup, false);
    return;
  }
  turn.unfollow(kPersonGroup, talk.about().peer.text());
  mark_lag(turn, kLagNote, talk.lag_noted());  // to be in the peer's room after a restart too
}

void Peer::on_answer(engine::RoomTurn& turn, const xmpp::Stanza& stanza) {
  Conversation& talk = turn.state<Conversation>();
  if (!talk.opened() || stanza.id.empty()) return;
  if (room_.on_answer(turn, stanza)) return;
  if (stanza.id != talk.now().query_id) return;
  if (stanza.is_error()) {
    if (says_nothing(xmpp::read_error(stanza).condition)) return;  // the wake decides
    return known(turn, PeerKind::person);
  }
  const xmpp::Element* query = stanza.child("query", xep_0030::kNsInfo);
  const auto info = query == nullptr ? std::nullopt : xep_0030::parse_info(*query);
  const bool is_room =
      info && (info->has_identity(kConference, "text") || info->has_feature(xep_0045::kNs));
  if (!is_room) return known(turn, PeerKind::person);
  // Who opened it might do so towards persons only.
  const Opened& about = talk.about();
  const auto right = parts_.rights.ask(turn, about.acting, about.actor,
                                       {std::string(about.peer.text()), PeerKind::room});
  if (!right) return;
  known(turn, PeerKind::room);
  const bool may_enter = about.actor.empty() || !*right || (*right)->may_act;
  if (may_enter) return room_.found(turn, *info);
  turn.append(engine::EntryKind::peer_joined,
              write_peer_joined({false, {}, std::string(kMayNotEnter)}));
  parts_.rooms.notice(turn, kMayNotEnter, true);
}

void Peer::said(engine::RoomTurn& turn) {
  Conversation& talk = turn.state<Conversation>();
  if (!talk.now().lag_looked) turn.wake("act-as/lag", kLagLook);
  talk.now().lag_looked = true;
  mark_lag(turn, kLagNote, talk.lag_noted());
  if (talk.peer_kind() == PeerKind::room) room_.said(turn);
}

void Peer::look_at_lag(engine::RoomTurn& turn) {
  Conversation& talk = turn.state<Conversation>();
  talk.now().lag_looked = false;
  if (!talk.lag_noted()) return;
  bool done = false;
  if (talk.peer_kind() == PeerKind::person) {
    done = turn.confirmed(kPersonGroup, talk.about().peer.text()) >= turn.room().last_position();
  } else if (talk.peer_kind() == PeerKind::room) {
    // Out for good: nothing to come back for.
    const Wish& wish = turn.state<Tie>().wish();
    done = talk.joined() && !talk.joined()->in && !wish.again && wish.step != Step::leaving &&
           wish.step != Step::asking && wish.step != Step::pending;
    if (!done) return;
  }
  if (done) return clear_lag(turn, kLagNote, true);
  talk.now().lag_looked = true;
  turn.wake("act-as/lag", kLagLook);
}

void Peer::on_wake(engine::RoomTurn& turn, std::string_view name) {
  Conversation& talk = turn.state<Conversation>();
  if (!talk.opened()) return;
  if (name == "lag") return look_at_lag(turn);
  if (name == "links") return links_up(turn);
  if (name.starts_with("kind/")) {
    // No answer: he is taken for a person, as most are.
    if (talk.now().query_id == name.substr(5)) known(turn, PeerKind::person);
    return;
  }
  room_.on_wake(turn, name);
}

}  // namespace hansa::act_as
