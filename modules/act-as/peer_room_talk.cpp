// What is said in a peer's room, and what of ours was seen there.

#include <algorithm>

#include "base/limits.h"
#include "modules/act-as/news.h"
#include "modules/act-as/peer_room.h"
#include "modules/act-as/references.h"
#include "xep-spec/xep_0203_delay.h"
#include "xep-spec/xep_0359_stanza_ids.h"
#include "xep-spec/xep_0421_occupant_id.h"
#include "xep-spec/xep_0425_moderation.h"
#include "xmpp/parser.h"

namespace hansa::act_as {
namespace {

constexpr std::string_view kNth = "nick#";  // and since which position, and the nick
constexpr std::size_t kSpeakers = 500;      // of a peer's room, shown in its conversation at once
constexpr std::size_t kQuoted = 60;         // bytes of a message that a notice repeats

std::string sid_of(const xmpp::Stanza& stanza, const xmpp::Jid& by) {
  for (const xmpp::Element& child : stanza.element().children()) {
    const auto id = xep_0359::parse(child);
    if (id && id->by == by.text()) return id->id;
  }
  return {};
}

std::string occupant_key(const engine::RoomState& room, const xmpp::Stanza& stanza) {
  for (const xmpp::Element& child : stanza.element().children()) {
    if (room.get<Tie>().wish().no_ids) break;
    if (auto id = xep_0421::parse(child); id && !id->id.empty()) return "id:" + id->id;
  }
  return "nick:" + std::string(stanza.from.resource());
}

std::optional<WallTime> delayed(const xmpp::Stanza& stanza) {
  for (const xmpp::Element& child : stanza.element().children()) {
    if (const auto delay = xep_0203::parse(child)) return delay->stamp;
  }
  return std::nullopt;
}

// The key of who speaks. Where occupants have no ids, one who comes under a nick that somebody left
// is another: the former's words are not his to correct or to take back.
std::string key_in(const engine::RoomState& room, const xmpp::Stanza& stanza) {
  std::string key = occupant_key(room, stanza);
  const auto& virtuals = room.get<rooms::Room>().virtuals();
  if (!key.starts_with("nick:") || virtuals.contains(key)) return key;
  const std::string ending = ":" + std::string(stanza.from.resource());
  for (const auto& [known, who] : virtuals) {
    if (!known.starts_with(kNth) || !known.ends_with(ending)) continue;
    if (known.find(':') == known.size() - ending.size()) return known;
  }
  return std::string(kNth) + std::to_string(room.last_position() + 1) + ending;
}

// At a join the subject comes without an occupant-id, though messages have one: unless its setter
// is known by nick alone, it is the room's, lest he be there twice.
rooms::VirtualOccupant subject_speaker(const engine::RoomState& state, const xmpp::Stanza& stanza) {
  const rooms::Room& room = state.get<rooms::Room>();
  const std::string key = key_in(state, stanza);
  if (!key.starts_with("id:") && !room.virtuals().contains(key)) {
    const xmpp::Jid peer = stanza.from.bare();
    const std::string_view name = peer.local().empty() ? peer.domain() : peer.local();
    return rooms::virtual_occupant(room, peer.text(), name);
  }
  return rooms::virtual_occupant(room, key, stanza.from.resource());
}

std::string body_text(const xmpp::Stanza& stanza) {
  const xmpp::Element* const body = stanza.child("body", xmpp::ns::kClient);
  return body == nullptr ? std::string() : body->text();
}

// Where it comes from, if its room does not say (protocol §4, «Rings»).
xep_act_as::Origin origin_there(const engine::RoomTurn& turn, const xmpp::Stanza& stanza) {
  const xmpp::Jid& peer = turn.room().get<Conversation>().about().peer;
  std::string id = sid_of(stanza, peer);
  // Some give the same id again and again, or none: by what was said, too.
  if (id.empty()) {
    id = occupant_key(turn.room(), stanza) + "\n" + std::string(stanza.id) + "\n" +
         body_text(stanza);
  }
  return {xep_act_as::origin_in(peer, id), {}};
}

std::string body_of(const std::string& content) {
  const auto document =
      xmpp::parse_element("<message>" + content + "</message>", xmpp::ns::kClient);
  if (!document) return {};
  const xmpp::Element* body = (*document)->root().child("body", xmpp::ns::kClient);
  return body == nullptr ? std::string() : body->text();
}

std::string body_at(const engine::RoomState& room, engine::Position position) {
  for (const engine::EntryPtr& entry : room.tail()) {
    if (entry->position == position) return body_of(rooms::read_message(*entry).content);
  }
  return {};
}

// The same words of the same one, as a history repeats them.
bool heard_before(const engine::RoomState& room, const std::string& occupant_id,
                  const xmpp::Stanza& stanza, const std::string& content) {
  return std::any_of(room.tail().rbegin(), room.tail().rend(), [&](const engine::EntryPtr& entry) {
    if (entry->kind != engine::EntryKind::message) return false;
    const rooms::Message message = rooms::read_message(*entry);
    if (!message.from_peer || message.occupant_id != occupant_id) return false;
    // Without an id he was given one here.
    return (stanza.id.empty() || message.id == stanza.id) && message.content == content;
  });
}

}  // namespace

// Of a Hansa room, and nothing keeps it out.
bool PeerRoom::is_member(const engine::RoomTurn& turn) {
  const Conversation& talk = turn.room().get<Conversation>();
  const Wish& wish = turn.room().get<Tie>().wish();
  const bool out = talk.joined() && !talk.joined()->in && !wish.again;
  return talk.opened() && talk.peer_kind() == PeerKind::room && wish.hansa &&
         wish.step == Step::member && !out;
}

void PeerRoom::on_groupchat(engine::RoomTurn& turn, const xmpp::Stanza& stanza) {
  Conversation& talk = turn.state<Conversation>();
  const bool here =
      talk.opened() && talk.peer_kind() == PeerKind::room && talk.now().presence != Presence::away;
  if (!here) {
    // There it is in, and here it does not know yet: in again, it is sent all that was not heard.
    if (is_member(turn)) return look(turn);
    return turn.refuse(Error(Condition::service_unavailable));
  }
  talk.now().heard = turn.mono();
  Tie::Now& now = turn.state<Tie>().now();
  const bool subject = stanza.child("subject", xmpp::ns::kClient) != nullptr &&
                       stanza.child("body", xmpp::ns::kClient) == nullptr;
  if (!now.replaying) {
    if (!subject && is_after_a_gap(turn)) return;
    return hear(turn, stanza);
  }
  if (!subject && now.held.size() < limits::kHeldTalk) now.held.push_back(stanza);
}

// What was said before may be missing, if that room lost us, or has not let us in again: heard now,
// this would be taken for the end of what we know. It comes with what is missing when we are in.
bool PeerRoom::is_after_a_gap(const engine::RoomTurn& turn) {
  const Tie& tie = turn.room().get<Tie>();
  if (tie.wish().hansa || !tie.wish().was_in) return false;  // it numbers them; there is no before
  const Presence presence = turn.room().get<Conversation>().now().presence;
  return presence == Presence::waiting || (presence == Presence::joining && asks_archive(tie));
}

// Of a room that numbers what it sends us: new, heard before, or after one that is missing (then it
// comes again, with what is missing).
bool PeerRoom::is_next(const engine::RoomTurn& turn, const xep_act_as::Entry& entry) {
  const xep_act_as::Heard& heard = turn.room().get<Tie>().heard();
  if (entry.log != heard.log) return true;
  return entry.position > heard.position && entry.after <= heard.position;
}

void PeerRoom::hear(engine::RoomTurn& turn, const xmpp::Stanza& stanza) {
  Conversation& talk = turn.state<Conversation>();
  const bool numbered = turn.state<Tie>().wish().hansa;
  const auto entry = numbered ? xep_act_as::entry_of(stanza.element()) : std::nullopt;
  if (entry && !is_next(turn, *entry)) return;
  const auto heard = [&] {
    if (!entry) return;
    turn.note(std::string(kHeardNote), write_heard({entry->log, entry->position}));
  };
  const xmpp::Element* subject = stanza.child("subject", xmpp::ns::kClient);
  if (subject != nullptr && stanza.child("body", xmpp::ns::kClient) == nullptr) {
    heard();
    return on_subject(turn, stanza, subject->text());
  }
  if (stanza.from.is_bare()) {
    heard();
    return on_moderation(turn, stanza);  // else the service about itself
  }
  const std::string sid = sid_of(stanza, talk.about().peer);
  if (stanza.from.resource() == talk.now().nick) {
    heard();
    on_reflection(turn, stanza);
    if (!numbered && !sid.empty()) turn.note(std::string(kLastNote), sid);
    return;
  }
  const bool late = delayed(stanza).has_value();
  if (!sid.empty() && talk.position_of(sid) != 0) return heard();
  const auto judged =
      passing_.judge(turn, entry && entry->origin ? *entry->origin : origin_there(turn, stanza),
                     late && !numbered);
  if (!judged) return;
  heard();
  if (!numbered && !sid.empty()) turn.note(std::string(kLastNote), sid);
  if (!judged->drop) on_talk(turn, stanza, *judged);
}

void PeerRoom::on_heard(engine::RoomTurn& turn, const xmpp::Stanza& stanza) {
  const auto asked = xep_act_as::parse_heard(*stanza.payload());
  const Conversation& talk = turn.state<Conversation>();
  if (!asked || !talk.opened() || !turn.state<Tie>().wish().hansa) {
    return turn.refuse(Error(Condition::item_not_found));
  }
  if (is_member(turn)) look(turn);  // there it is in
  xep_act_as::Heard heard = turn.state<Tie>().heard();
  if (heard.log != asked->log) heard = {asked->log, 0};
  turn.reply(xmpp::written(heard));
}

// A moderator took back what somebody said there, perhaps what we said.
void PeerRoom::on_moderation(engine::RoomTurn& turn, const xmpp::Stanza& stanza) {
  auto announced = xep_0425::parse_announcement(stanza.element());
  const Conversation& talk = turn.state<Conversation>();
  if (!announced) return;
  const engine::Position position = talk.position_of(announced->id);
  const auto& tail = turn.room().tail();
  const auto target = std::find_if(tail.begin(), tail.end(), [&](const engine::EntryPtr& entry) {
    return position != 0 && entry->position == position && !entry->erased &&
           entry->kind == engine::EntryKind::message;
  });
  if (target == tail.end()) return;
  // The moderator, if he has spoken here.
  std::string key;
  const xmpp::Jid by = read_jid(announced->moderated.by);
  for (const auto& [known, who] : turn.state<rooms::Room>().virtuals()) {
    if (by.bare() == talk.about().peer && who.outside() == by.resource()) key = known;
  }
  const engine::EntryPtr entry = *target;
  parts_.rooms.moderate_as(turn, *entry, key, one_line(announced->moderated.reason));
}

bool PeerRoom::on_reflection(engine::RoomTurn& turn, const xmpp::Stanza& stanza) {
  Conversation& talk = turn.state<Conversation>();
  const std::string_view origin = xep_0359::origin_id(stanza.element());
  const auto& pending = talk.pending();
  auto seen = std::find_if(pending.begin(), pending.end(), [&](const auto& one) {
    return one.id == stanza.id || one.id == origin;
  });
  const std::string said = body_text(stanza);
  if (seen == pending.end() && !said.empty() && !delayed(stanza)) {
    // Some services give messages ids of their own. Nobody else has our nick there.
    seen = std::find_if(pending.begin(), pending.end(), [&](const auto& one) {
      return body_at(turn.room(), one.position) == said;
    });
  }
  if (seen == pending.end()) return true;  // of before, or said by nobody here: not news to us
  crossed(turn, {seen->position, sid_of(stanza, talk.about().peer), {}});
  return true;
}

// What was said earlier and was not seen yet stays pending: it may be lost, or is on its way.
void PeerRoom::crossed(engine::RoomTurn& turn, Crossed crossed) {
  const Conversation& talk = turn.state<Conversation>();
  const engine::Position until = talk.crossed_with(crossed.position);
  if (until != crossed.position) crossed.until = until;
  turn.append(engine::EntryKind::crossed, write_crossed(crossed));
  if (!crossed.stanza_id.empty()) {
    turn.note(sid_note_key(crossed.position), sid_note(crossed.position, crossed.stanza_id));
  }
  turn.group({std::string(kRoomGroup), link_to(turn, parts_.domains, talk.about().peer),
              &parts_.delivery, engine::ConfirmedBy::module});
  turn.confirm_follower(kRoomGroup, talk.crossed_until());
}

void PeerRoom::on_subject(engine::RoomTurn& turn, const xmpp::Stanza& stanza,
                          const std::string& subject) {
  Exchange& now = turn.state<Conversation>().now();
  const engine::EntryPtr& old = turn.state<rooms::Room>().subject();
  std::string known;
  if (old) {
    const auto document = xmpp::parse_element(
        "<message>" + rooms::read_message(*old).content + "</message>", xmpp::ns::kClient);
    const xmpp::Element* said =
        document ? (*document)->root().child("subject", xmpp::ns::kClient) : nullptr;
    if (said != nullptr) known = said->text();
  }
  if (subject != known) {
    const auto who = subject_speaker(turn.room(), stanza);
    parts_.rooms.subject_as(turn, who, std::string(stanza.id), subject);
  }
  if (now.presence != Presence::joining) return;
  const Tie& tie = turn.state<Tie>();
  if (tie.wish().was_in && !tie.wish().hansa && asks_archive(tie)) return fetch_missed(turn);
  complete(turn);
}

// Whoever has spoken is kept with his nick. A room of crowds does not fill ours: who was put out
// comes back with his next word.
void PeerRoom::make_place(engine::RoomTurn& turn, const std::string& key) {
  const auto& virtuals = turn.state<rooms::Room>().virtuals();
  if (virtuals.contains(key) || virtuals.size() < kSpeakers) return;
  parts_.rooms.remove_virtual(turn, std::string(virtuals.begin()->first));
}

void PeerRoom::on_talk(engine::RoomTurn& turn, const xmpp::Stanza& stanza,
                       const Passing::Judged& judged) {
  const Conversation& talk = turn.state<Conversation>();
  const std::string sid = sid_of(stanza, talk.about().peer);
  if (!sid.empty() && talk.position_of(sid) != 0) return;
  const rooms::VirtualOccupant who = rooms::virtual_occupant(
      turn.state<rooms::Room>(), key_in(turn.room(), stanza), stanza.from.resource());
  const std::string occupant_id = parts_.rooms.id_of(turn.room(), who.key);
  const Carried carried = carry(stanza.element(), inward(turn.room(), occupant_id));
  if (!carried.says) return;
  const std::optional<WallTime> stamp = delayed(stanza);
  if (stamp && heard_before(turn.room(), occupant_id, stanza, carried.content)) return;
  make_place(turn, who.key);
  const auto taken_back = rooms::find_said(turn, carried.retracts);
  if (taken_back && *taken_back != nullptr) {
    parts_.rooms.retract_as(turn, who, **taken_back, std::string(stanza.id), carried.content);
  } else {
    parts_.rooms.say_as(turn, who, std::string(stanza.id), carried.content,
                        stamp.value_or(turn.now()));
  }
  const engine::Position position = turn.room().last_position();
  passing_.pass(turn, judged);
  if (!sid.empty()) turn.note(sid_note_key(position), sid_note(position, sid));
  news_.tell(turn, false);
}

void PeerRoom::said(engine::RoomTurn& turn) {
  Conversation& talk = turn.state<Conversation>();
  if (talk.joined() && !talk.joined()->in) return look_at_pending(turn);
  if (talk.pending().empty()) return;
  talk.pending().back().since = turn.mono();
  turn.wake("act-as/reflect", Millis(limits::kReflection_ms));
}

void PeerRoom::on_refused(engine::RoomTurn& turn, engine::Position position, const Error& error) {
  Conversation& talk = turn.state<Conversation>();
  const std::string words = one_line(body_at(turn.room(), position), kQuoted);
  const std::string why = one_line(error.message());
  const Crossed refusal{position, {}, why.empty() ? "refused" : why};
  if (talk.peer_kind() == PeerKind::room) {
    crossed(turn, refusal);
    if (talk.now().presence == Presence::in && talk.now().ping_id.empty()) ping(turn);  // still in?
  } else {
    turn.append(engine::EntryKind::crossed, write_crossed(refusal));
  }
  parts_.rooms.notice(
      turn, "Not delivered to " + talk.about().peer.text() + ": «" + words + "». " + why, true);
}

// What waits longer than it may, and what can never arrive any more.
void PeerRoom::look_at_pending(engine::RoomTurn& turn) {
  Conversation& talk = turn.state<Conversation>();
  const bool out = talk.joined() && !talk.joined()->in;
  while (!talk.pending().empty()) {
    const Conversation::Pending oldest = talk.pending().front();
    const Millis age = turn.mono() - oldest.since;
    if (!out && talk.now().presence != Presence::in) return tell_waiting(turn);
    if (!out && age < Millis(limits::kReflection_ms)) {
      turn.wake("act-as/reflect", Millis(limits::kReflection_ms) - age);
      return;
    }
    on_refused(turn, oldest.position,
               Error(Condition::remote_server_timeout,
                     out ? "This room is not in there." : "It was not seen there."));
  }
}

}  // namespace hansa::act_as
