#include "modules/act-as/peer.h"

#include <utility>

#include "base/limits.h"
#include "engine/links.h"
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

// An invitation alone asks for nothing: a member has to want it.
bool is_wanted(const engine::RoomTurn& turn) {
  const Conversation& talk = turn.room().get<Conversation>();
  if (talk.peer_kind() != PeerKind::unknown) return false;
  return !talk.about().actor.empty() || !turn.room().get<Tie>().wish().member.empty() ||
         talk.lag_noted();
}

}  // namespace

void Peer::follow(engine::RoomTurn& turn) {
  const Conversation& talk = turn.state<Conversation>();
  std::string link = link_to(turn, parts_.domains, talk.about().peer);
  const std::size_t window = engine::window_on(link);
  const engine::Position confirmed =
      turn.group({std::string(kPersonGroup), std::move(link), &parts_.delivery,
                  engine::ConfirmedBy::host, window});
  turn.pause(kPersonGroup, talk.peer_kind() != PeerKind::person);
  turn.follow(kPersonGroup, talk.about().peer.text(), confirmed + 1, false);
}

void Peer::begin(engine::RoomTurn& turn, PeerKind kind) {
  if (kind != PeerKind::unknown) {
    turn.append(engine::EntryKind::peer_known, write_peer_known({kind, false}));
  }
  follow(turn);
  if (is_wanted(turn)) ask_kind(turn);
}

void Peer::wishes(engine::RoomTurn& turn, Wish wish) {
  const Conversation& talk = turn.state<Conversation>();
  const bool guessed = talk.is_guessed();
  room_.wishes(turn, std::move(wish), guessed);
  const bool asked = !talk.now().query_id.empty();
  if (!asked && (guessed || talk.peer_kind() == PeerKind::unknown)) ask_kind(turn);
}

void Peer::resume(engine::RoomTurn& turn, engine::Life life) {
  Conversation& talk = turn.state<Conversation>();
  if (life == engine::Life::stopping) return room_.stop(turn);
  if (life == engine::Life::woken) {
    // What was to be repeated is begun again, unless a link that came up has it begin anyway.
    if (talk.now().links_looked) return;
    if (talk.peer_kind() == PeerKind::unknown && talk.now().query_id.empty()) ask_kind(turn);
    return room_.look(turn);
  }
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
  if (is_wanted(turn)) ask_kind(turn);
  if (talk.peer_kind() == PeerKind::room) room_.start(turn);
}

void Peer::ask_kind(engine::RoomTurn& turn) {
  turn.state<Conversation>().now().second_look = false;
  ask_info(turn, turn.state<Conversation>().about().peer.text());
}

// An account answers with an error, and so does a room that is hidden or not there, or a host that
// is down for a moment: its service is asked what it serves.
void Peer::look_again(engine::RoomTurn& turn) {
  Conversation& talk = turn.state<Conversation>();
  const xmpp::Jid& peer = talk.about().peer;
  if (talk.now().second_look || peer.local().empty()) {
    return known(turn, {PeerKind::person, true});
  }
  talk.now().second_look = true;
  ask_info(turn, std::string(peer.domain()));
  std::erase_if(asked_, [&](const auto& one) {
    return turn.mono() - one.second.at > Millis(2 * limits::kPeerAnswer_ms);
  });
  asked_[talk.now().query_id] = {turn.room().address(), turn.mono()};
}

void Peer::ask_info(engine::RoomTurn& turn, const std::string& whom) {
  Conversation& talk = turn.state<Conversation>();
  talk.now().query_id = random_token(turn.random(), kStanzaIdCharacters);
  std::string query;
  xmpp::Writer writer(query);
  xep_0030::write(writer, xep_0030::Info{});
  turn.send(from_identity(parts_, talk.about().acting,
                          {xmpp::StanzaKind::iq, "get", whom, talk.now().query_id}, query));
  turn.wake("act-as/kind/" + talk.now().query_id, Millis(limits::kPeerAnswer_ms));
}

void Peer::is_person(engine::RoomTurn& turn) {
  if (turn.state<Conversation>().peer_kind() == PeerKind::unknown) {
    known(turn, {PeerKind::person, false});
  }
}

void Peer::known(engine::RoomTurn& turn, const PeerKnown& what) {
  Conversation& talk = turn.state<Conversation>();
  talk.now().query_id.clear();
  const PeerKind before = talk.peer_kind();
  if (before != what.kind || talk.is_guessed() != what.guessed) {
    turn.append(engine::EntryKind::peer_known, write_peer_known(what));
  }
  if (what.kind == PeerKind::person) {
    turn.pause(kPersonGroup, false);
    return;
  }
  if (before == PeerKind::person) talk.recall(turn.room().tail());
  turn.unfollow(kPersonGroup, talk.about().peer.text());
  mark_lag(turn, kLagNote, talk.lag_noted());  // to be in the peer's room after a restart too
}

void Peer::on_answer(engine::RoomTurn& turn, const xmpp::Stanza& stanza) {
  Conversation& talk = turn.state<Conversation>();
  // What a service answers comes to where a conversation with the service itself would be.
  if (const auto asked = asked_.find(stanza.id); asked != asked_.end()) {
    const xmpp::Jid conversation = asked->second.conversation;
    if (stanza.from.local().empty() && conversation != turn.room().address()) {
      asked_.erase(asked);
      return turn.pass(conversation, {std::string(kServesTopic), stanza, {}, {}});
    }
  }
  if (!talk.opened() || stanza.id.empty()) return;
  if (room_.on_answer(turn, stanza)) return;
  if (stanza.id != talk.now().query_id) return;
  if (stanza.is_error()) {
    if (says_nothing(xmpp::read_error(stanza).condition)) return;  // the wake decides
    return look_again(turn);
  }
  const xmpp::Element* query = stanza.child("query", xep_0030::kNsInfo);
  const auto info = query == nullptr ? std::nullopt : xep_0030::parse_info(*query);
  const bool serves_rooms =
      info && (info->has_identity(kConference, "text") || info->has_feature(xep_0045::kNs));
  if (!serves_rooms) return known(turn, {PeerKind::person, false});
  // What its service has, a room need not have.
  is_room(turn, talk.now().second_look ? xep_0030::Info{} : *info);
}

void Peer::is_room(engine::RoomTurn& turn, const xep_0030::Info& info) {
  Conversation& talk = turn.state<Conversation>();
  // Who opened it might do so towards persons only.
  const Opened& about = talk.about();
  const std::string& member = turn.state<Tie>().wish().member;
  const xmpp::Jid who = member.empty() ? about.actor : read_jid(member);
  const auto right =
      parts_.rights.ask(turn, about.acting, who, {std::string(about.peer.text()), PeerKind::room});
  if (!right) return;
  known(turn, {PeerKind::room, false});
  const bool may_enter = !who.empty() && *right && (*right)->may_act;
  room_.found(turn, info, may_enter);
  if (may_enter) return;
  turn.append(engine::EntryKind::peer_joined,
              write_peer_joined({false, {}, std::string(kMayNotEnter)}));
  parts_.rooms.notice(turn, kMayNotEnter, true);
  room_.said(turn);  // what was said with the opening goes nowhere
}

void Peer::said(engine::RoomTurn& turn) {
  Conversation& talk = turn.state<Conversation>();
  if (!talk.now().lag_looked) turn.wake("act-as/lag", kLagLook);
  talk.now().lag_looked = true;
  mark_lag(turn, kLagNote, talk.lag_noted());
  if (talk.peer_kind() == PeerKind::room) return room_.said(turn);
  const bool asked = !talk.now().query_id.empty();
  if (talk.peer_kind() != PeerKind::unknown || asked) return;
  // After an invitation alone, it is the word of who speaks first.
  Wish wish = turn.state<Tie>().wish();
  if (wish.member.empty() && !turn.room().tail().empty()) {
    wish.member = rooms::read_message(*turn.room().tail().back()).speaker.bare_text();
    turn.note(std::string(kJoinNote), write_wish(wish));
  }
  ask_kind(turn);
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
    // No answer, from his service neither: he is taken for a person, as most are.
    asked_.erase(std::string(name.substr(5)));
    if (talk.now().query_id == name.substr(5)) look_again(turn);
    return;
  }
  room_.on_wake(turn, name);
}

}  // namespace hansa::act_as
