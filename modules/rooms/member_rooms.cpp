#include "modules/rooms/member_rooms.h"

#include <algorithm>

#include "base/limits.h"
#include "engine/links.h"
#include "modules/rooms/delivery.h"
#include "modules/rooms/entries.h"
#include "modules/rooms/occupants.h"
#include "modules/rooms/room_requests.h"
#include "xep-spec/act_as_rooms.h"
#include "xep-spec/xep_0203_delay.h"
#include "xep-spec/xep_0359_stanza_ids.h"
#include "xep-spec/xep_0421_occupant_id.h"

namespace hansa::rooms {
namespace {

constexpr std::size_t kIdLength = 20;
constexpr std::string_view kLook = "rooms-members/look";
constexpr std::string_view kWait = "rooms-members/wait/";
constexpr std::string_view kCall = "rooms-members/call/";

bool is_for_rooms(const engine::SharedEntry& entry) {
  using engine::EntryKind;
  return !entry.erased && (entry.kind == EntryKind::message || entry.kind == EntryKind::subject ||
                           entry.kind == EntryKind::passed);
}

// The session of that room, if it is in.
const Session* session_of(const Room& room, std::string_view bare) {
  const std::string prefix = std::string(bare) + "/";
  const auto found = room.sessions().lower_bound(prefix);
  return found != room.sessions().end() && found->first.starts_with(prefix) ? &found->second
                                                                            : nullptr;
}

}  // namespace

std::string member_room_group(std::string_view bare) { return "room/" + std::string(bare); }

bool is_room(const Room& room, const xmpp::Jid& who) {
  return !room.rooms().empty() && room.rooms().contains(who.bare_text());
}

// --- what is sent --------------------------------------------------------------------------------

std::optional<engine::Encoded> MemberRoomDelivery::encode_shared(const engine::RoomState& room,
                                                                 const engine::SharedEntry& entry,
                                                                 bool late) const {
  if (entry.position <= seen_) written_ = 0;  // it is sent anew from here on
  seen_ = entry.position;
  auto encoded = is_for_rooms(entry) ? write(room, entry, late) : std::nullopt;
  if (encoded) written_ = entry.position;
  return encoded;
}

std::optional<engine::Encoded> MemberRoomDelivery::write(const engine::RoomState& room,
                                                         const engine::SharedEntry& entry,
                                                         bool late) const {
  const Message message = read_message(entry);
  const xmpp::Jid& address = room.address();
  xep_act_as::Origin origin{message.origin, message.path};
  if (origin.id.empty()) origin.id = xep_act_as::origin_in(address, message.stanza_id);
  if (origin.marks.size() >= limits::kPathRooms) return std::nullopt;
  origin.marks.push_back(xep_act_as::mark_of(settings_.secret, address, bare_, origin.id));
  std::string content = message.content;
  xmpp::Writer writer(content);
  if (!message.stanza_id.empty()) xep_0359::write(writer, {message.stanza_id, address.text()});
  if (!message.occupant_id.empty()) xep_0421::write(writer, {message.occupant_id});
  const bool was_held = message.said.ms > 0;
  if (late || was_held) {
    xep_0203::write(writer, {address.text(), was_held ? message.said : entry.stamp});
  }
  xep_act_as::write(writer, xep_act_as::Entry{room.log_id(), entry.position, written_, origin});
  return encode_live(room, message.from_room ? std::string_view() : message.nick, message.id,
                     message.lang, content);
}

// --- followers -----------------------------------------------------------------------------------

MemberRooms::Edge& MemberRooms::edge(engine::RoomTurn& turn, const std::string& bare) {
  auto& place = rooms_[turn.room().log_id()].all[bare];
  if (place == nullptr) place = std::make_unique<Edge>(settings_, bare);
  return *place;
}

engine::Position MemberRooms::group(engine::RoomTurn& turn, const std::string& bare) {
  return turn.group({member_room_group(bare),
                     turn.link_of(turn.room().address().domain(),
                                  std::string_view(bare).substr(bare.find('@') + 1)),
                     &edge(turn, bare).delivery, engine::ConfirmedBy::module});
}

void MemberRooms::changed(engine::RoomTurn& turn, const MemberChange& change) {
  if (change.member.kind != MemberKind::room) return;
  const std::string& bare = change.who.text();
  const bool was = change.before >= Affiliation::member;
  const bool is = change.member.affiliation >= Affiliation::member;
  if (is && !was) {
    // From here on, also if it was a member before.
    group(turn, bare);
    turn.confirm_follower(member_room_group(bare), turn.room().last_position());
  } else if (was && !is) {
    group(turn, bare);
    turn.pause(member_room_group(bare), true);
    for (const Session* const one : sessions_of(room_of(turn), change.who)) {
      turn.unfollow(member_room_group(bare), one->jid.text());
    }
    edge(turn, bare).live = false;
    tell_room(turn, change.who);
  }
}

void MemberRooms::entered(engine::RoomTurn& turn, const Session& session) {
  const std::string bare(session.jid.bare_text());
  const std::string name = member_room_group(bare);
  const engine::Position confirmed = group(turn, bare);
  turn.pause(name, true);
  edge(turn, bare).live = false;
  edge(turn, bare).calls = 0;
  turn.unfollow(name, session.jid.text());
  turn.follow(name, session.jid.text(), confirmed + 1, false);
  std::string address;
  xmpp::append_escaped(address, session.jid.text());
  std::string subject;
  write_room_subject(turn.room(), address, subject);
  turn.send(std::move(subject));
  ask(turn, bare, session.jid.text());
}

void MemberRooms::left(engine::RoomTurn& turn, const std::string& bare) {
  edge(turn, bare).live = false;
  call(turn, bare);
}

void MemberRooms::loaded(engine::RoomTurn& turn) {
  if (const auto known = rooms_.find(turn.room().log_id()); known != rooms_.end()) {
    known->second.looking = false;
  }
  const Room& room = room_of(turn);
  for (const std::string& bare : room.rooms()) {
    const engine::Position confirmed = group(turn, bare);
    edge(turn, bare).live = false;
    edge(turn, bare).query_id.clear();
    edge(turn, bare).calling = false;
    const Session* const session = session_of(room, bare);
    if (session != nullptr) {
      turn.follow(member_room_group(bare), session->jid.text(), confirmed + 1, false);
    } else if (confirmed < turn.room().last_position()) {
      call(turn, bare);
    }
  }
}

void MemberRooms::woken(engine::RoomTurn& turn) {
  const Room& room = room_of(turn);
  for (const std::string& bare : room.rooms()) {
    const Session* const session = session_of(room, bare);
    const bool waits = group(turn, bare) < turn.room().last_position();
    if (session == nullptr) {
      if (waits) call(turn, bare);
    } else if (waits && edge(turn, bare).query_id.empty()) {
      ask(turn, bare, session->jid.text());
    }
  }
}

void MemberRooms::links_up(engine::RoomTurn& turn) {
  const Room& room = room_of(turn);
  for (const std::string& bare : room.rooms()) {
    const Session* const session = session_of(room, bare);
    if (session != nullptr) ask(turn, bare, session->jid.text());
  }
}

// --- confirming ----------------------------------------------------------------------------------

void MemberRooms::ask(engine::RoomTurn& turn, const std::string& bare, const std::string& full) {
  Edge& one = edge(turn, bare);
  one.query_id = random_token(turn.random(), kIdLength);
  one.asked_seen = one.delivery.seen();
  one.asked_written = one.delivery.written();
  std::string stanza;
  xmpp::write_stanza(stanza,
                     {.kind = xmpp::StanzaKind::iq,
                      .type = "get",
                      .from = turn.room().address().text(),
                      .to = full,
                      .id = one.query_id,
                      .lang = {}},
                     xmpp::written(xep_act_as::Heard{turn.room().log_id(), 0}));
  turn.send(std::move(stanza));
  turn.wake(std::string(kWait) + one.query_id, Millis(limits::kHeardAnswer_ms));
}

bool MemberRooms::on_answer(engine::RoomTurn& turn, const xmpp::Stanza& iq) {
  const std::string bare(iq.from.bare_text());
  const Room& room = room_of(turn);
  if (!room.rooms().contains(bare) || edge(turn, bare).query_id != iq.id) return false;
  Edge& one = edge(turn, bare);
  const Session* const session = session_of(room, bare);
  if (iq.is_error()) return false;  // asked again when the time is over; it may end the session
  one.query_id.clear();
  const auto heard =
      iq.payload() == nullptr ? std::nullopt : xep_act_as::parse_heard(*iq.payload());
  if (!heard || session == nullptr) return true;
  const std::string name = member_room_group(bare);
  const engine::Position position = heard->log == turn.room().log_id() ? heard->position : 0;
  const engine::Position confirmed = group(turn, bare);
  const bool all = position >= one.asked_written;
  const engine::Position until =
      std::min(turn.room().last_position(), all ? std::max(position, one.asked_seen) : position);
  if (until > confirmed) turn.confirm_follower(name, until);
  if (!all) {  // what was sent before the question and is not there was lost on its way
    turn.unfollow(name, session->jid.text());
    turn.follow(name, session->jid.text(), std::max(until, confirmed) + 1, false);
  }
  if (!one.live) turn.pause(name, false);
  one.live = true;
  rouse(turn);
  return true;
}

// Its node comes back by itself, but it may not know that it is out: where it stands is told to it,
// after a while that doubles, and not for ever.
void MemberRooms::call(engine::RoomTurn& turn, const std::string& bare) {
  Edge& one = edge(turn, bare);
  if (one.calling || one.calls >= limits::kMemberRoomCalls) return;
  const Millis pause(std::min(limits::kRejoinFirst_ms << one.calls, limits::kRejoinMax_ms));
  one.calling = true;
  ++one.calls;
  turn.wake(std::string(kCall) + bare, pause);
}

void MemberRooms::rouse(engine::RoomTurn& turn) {
  if (room_of(turn).rooms().empty()) return;
  Edges& edges = rooms_[turn.room().log_id()];
  if (edges.looking) return;
  edges.looking = true;
  turn.wake(std::string(kLook), Millis(limits::kHeardAsk_ms));
}

void MemberRooms::look(engine::RoomTurn& turn) {
  const Room& room = room_of(turn);
  const engine::Position last = turn.room().last_position();
  bool more = false;
  for (const std::string& bare : room.rooms()) {
    const Session* const session = session_of(room, bare);
    const Edge& one = edge(turn, bare);
    const engine::Position confirmed = group(turn, bare);
    if (confirmed >= last) continue;
    // Who is not in is sent nothing but that; who was asked answers, and wakes us.
    if (session == nullptr) call(turn, bare);
    if (session == nullptr || !one.live || !one.query_id.empty()) continue;
    if (one.delivery.written() > confirmed) {
      ask(turn, bare, session->jid.text());
    } else if (one.delivery.seen() >= last) {
      turn.confirm_follower(member_room_group(bare), last);  // there was nothing for it
    } else {
      more = true;
    }
  }
  if (more) rouse(turn);
}

void MemberRooms::on_wake(engine::RoomTurn& turn, std::string_view name) {
  if (name == kLook) {
    rooms_[turn.room().log_id()].looking = false;
    return look(turn);
  }
  if (name.starts_with(kCall)) {
    name.remove_prefix(kCall.size());
    const Room& room = room_of(turn);
    if (!room.rooms().contains(name)) return;
    const std::string bare(name);
    edge(turn, bare).calling = false;
    const bool waits = group(turn, bare) < turn.room().last_position();
    if (session_of(room, bare) != nullptr || !waits) return;
    tell_room(turn, read_jid(bare));
    return call(turn, bare);
  }
  if (!name.starts_with(kWait)) return;
  name.remove_prefix(kWait.size());
  const Room& room = room_of(turn);
  for (const std::string& bare : room.rooms()) {
    const Session* const session = session_of(room, bare);
    if (edge(turn, bare).query_id != name) continue;
    if (session == nullptr) return edge(turn, bare).query_id.clear();
    return ask(turn, bare, session->jid.text());
  }
}

}  // namespace hansa::rooms
