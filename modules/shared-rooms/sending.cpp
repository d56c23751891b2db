// Followers of a shared room at a node: the hub, and our own people.

#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "modules/shared-rooms/parts.h"
#include "xep-spec/xep_0203_delay.h"
#include "xep-spec/xep_0359_stanza_ids.h"
#include "xep-spec/xep_0424_retraction.h"
#include "xep-spec/xep_0425_moderation.h"
#include "xmpp/parser.h"

namespace hansa::shared_rooms {
namespace {

bool is_member(std::string_view affiliation) {
  return affiliation == "owner" || affiliation == "admin" || affiliation == "member";
}

}  // namespace

std::optional<engine::Encoded> ToHub::encode_shared(const engine::RoomState& room,
                                                    const engine::SharedEntry& entry, bool) const {
  const auto& log = room.get<SharedLog>();
  if (!log.unordered().contains(entry.position)) return std::nullopt;
  auto stored = shared_log::item_of(entry);
  if (!stored) return std::nullopt;
  xsr::Item item = shared_log::as_made(std::move(stored->item));
  if (item.origin.link == settings_.link) item.after = log.before(entry.position);
  const xsr::Entry frame{room.address(), log.log(), std::move(item), entry.trace};
  return shared_log::cut_at_to(xsr::to_message(settings_.link, settings_.hub, frame));
}

std::optional<engine::Encoded> ToPeople::encode(const engine::RoomState& room,
                                                const engine::Entry& entry, bool late) const {
  const auto stored = shared_log::item_of(entry);
  if (!stored || entry.erased) return std::nullopt;
  const xsr::Item& item = stored->item;
  const auto& log = room.get<SharedLog>();
  const bool refused = item.kind == xsr::kKindRefused && item.origin.link == log.self();
  const bool erases = item.kind == xsr::kKindErasure && !stored->void_;
  if (item.kind != xsr::kKindMessage && !refused && !erases) return std::nullopt;
  std::string from = room.address().text();
  std::string content;
  xmpp::Writer writer(content);
  if (refused) {
    writer.open("retract", xep_0424::kNs).attr("id", item.id).close();
    writer.leaf("body", "A message could not be brought to the other companies.");
  } else if (erases) {
    const auto erasure = xsr::read_erasure(item.payload);
    if (!erasure) return std::nullopt;
    xep_0425::write_announcement(writer, erasure->id, {from + '/' + erasure->actor, {}, {}});
  } else {
    const auto said = xmpp::parse_element(item.payload, xmpp::ns::kClient);
    if (!said) return std::nullopt;
    from += '/' + std::string((*said)->root().attr("by"));
    const auto* body = (*said)->root().child("body", xsr::kNs);
    if (body != nullptr) writer.leaf("body", body->text());
  }
  const std::string id = refused ? item.id + "-refused" : item.id;
  xep_0359::write(writer, {id, room.address().text()});
  if (late) xep_0203::write(writer, {room.address().text(), item.stamp});
  std::string out;
  xmpp::write_stanza(out, {xmpp::StanzaKind::message, "groupchat", from, "x", id, {}}, content);
  return shared_log::cut_at_to(std::move(out));
}

// --- at load, and when the link comes -----------------------------------------------------------

void SharedRooms::Parts::make_groups(RoomTurn& turn) {
  const std::string hub(kGroupHub);
  const Position up_to =
      turn.group({hub, settings.hub, &to_hub, engine::ConfirmedBy::module, settings.window});
  turn.follow(kGroupHub, settings.hub, up_to + 1, false);
  const Position told = turn.group(
      {std::string(kGroupPeople), settings.shared, &to_people, engine::ConfirmedBy::host, 0});
  for (const auto& [jid, since] : turn.state<Here>().own) {
    turn.follow(kGroupPeople, jid, std::max(told, since) + 1, false);
  }
  if (turn.state<SharedLog>().syncing()) turn.pause(kGroupPeople, true);
}

void SharedRooms::Parts::on_loaded(RoomTurn& turn) {
  if (!turn.state<SharedLog>().exists()) return;
  make_groups(turn);
  sync_cursor(turn, false);
  arm(turn);
}

void SharedRooms::Parts::on_room_link(RoomTurn& turn, bool loaded) {
  const auto& log = turn.state<SharedLog>();
  if (!log.exists()) return;
  auto& here = turn.state<Here>();
  here.asked = false;
  here.offered = 0;
  here.offering.clear();
  turn.pause(kGroupHub, here.offer.has_value());
  if (loaded) return;  // see the hub's: what a room's load sends is not to load others
  const bool doubts = log.doubtful() && here.resynced.insert(log.version().epoch).second;
  if (here.asked_anew || doubts) ask_anew(turn);
  if (log.syncing()) fetch(turn);
  offer_on(turn);
  offered(turn);
  send_lanes(turn);
  arm(turn);
}

// --- towards the hub ----------------------------------------------------------------------------

// What has its order is confirmed; what lost it is sent again.
void SharedRooms::Parts::sync_cursor(RoomTurn& turn, bool anew) {
  const auto& log = turn.state<SharedLog>();
  const auto& unordered = log.unordered();
  const Position target =
      unordered.empty() ? turn.room().last_position() : unordered.begin()->first - 1;
  const Position confirmed = turn.confirmed(kGroupHub, settings.hub);
  // Also if that is so already: what was asked to follow from before it may have yet to begin.
  if (target >= confirmed) turn.confirm_follower(kGroupHub, target);
  if (anew || target < confirmed) turn.follow(kGroupHub, settings.hub, target + 1, false);
}

// The end of the history that a welcome told has come.
void SharedRooms::Parts::caught_up(RoomTurn& turn, const xsr::Version& version) {
  if (!turn.state<Here>().behind || version < turn.state<SharedLog>().version()) return;
  turn.note(std::string(kBehind), std::nullopt);
  write_index(turn);
}

// What waits for the hub has the room loaded at the next start, and when the link comes.
void SharedRooms::Parts::waits(RoomTurn& turn) {
  turn.index("lag/" + turn.state<SharedLog>().log(), turn.room().address().text());
}

bool SharedRooms::Parts::has_to_tell(RoomTurn& turn) const {
  const auto& here = turn.state<Here>();
  return !turn.state<SharedLog>().unordered().empty() || here.offer || has_lanes(here);
}

// Something is no longer without order.
void SharedRooms::Parts::settled(RoomTurn& turn) {
  sync_cursor(turn, false);
  if (!has_to_tell(turn)) {
    turn.index("lag/" + turn.state<SharedLog>().log(), std::nullopt);
  }
  offered(turn);
}

void SharedRooms::Parts::on_again(RoomTurn& turn) {
  if (!turn.state<SharedLog>().exists()) return;
  turn.state<Here>().offered = 0;
  sync_cursor(turn, true);
  offered(turn);
}

// Once nothing that stood here before this epoch is without order.
void SharedRooms::Parts::offered(RoomTurn& turn) {
  const auto& log = turn.state<SharedLog>();
  auto& here = turn.state<Here>();
  if (!up || log.epochs().empty() || here.offered == log.version().epoch || here.offer) return;
  const auto& unordered = log.unordered();
  if (!unordered.empty() && unordered.begin()->first < log.epoch_at()) return;
  here.offered = log.version().epoch;
  send(turn, xsr::Offered{turn.room().address(), log.log(), here.offered});
}

void SharedRooms::Parts::have_again(RoomTurn& turn) {
  const auto& log = turn.state<SharedLog>();
  auto& here = turn.state<Here>();
  if (here.asked_anew) return;
  if (here.behind) return ask_anew(turn);
  if (std::exchange(here.asked, true)) return;
  send(turn, xsr::Have{turn.room().address(), log.log(), log.point(), true, incarnation,
                       log.past(limits::kPastEpochs)});
  arm(turn);
}

void SharedRooms::Parts::fetch(RoomTurn& turn) {
  const auto& log = turn.state<SharedLog>();
  auto& here = turn.state<Here>();
  while (here.fetch == 0) here.fetch = random_number(turn.random()) >> 1;
  send(turn,
       xsr::Fetch{turn.room().address(), log.log(), log.sync_after(), here.fetch, log.version()});
}

// One «have» for all that is decided in a row. If the room is loaded again before that is handled,
// an append may have failed: then nothing is said, and the hub sends it again.
void SharedRooms::Parts::ack(RoomTurn& turn, const xsr::Version& version) {
  auto& here = turn.state<Here>();
  here.has = std::max(here.has, version);
  if (std::exchange(here.ack_due, true)) return;
  if (here.life == 0) here.life = random_number(turn.random());
  turn.pass({"shared:ack", {}, {{"life", std::to_string(here.life)}}});
}

void SharedRooms::Parts::on_ack(RoomTurn& turn, const std::string& life) {
  auto& here = turn.state<Here>();
  if (life != std::to_string(here.life)) return;
  here.ack_due = false;
  const xsr::Version version = std::exchange(here.has, {});
  const auto& log = turn.state<SharedLog>();
  if (!log.exists() || version == xsr::Version{}) return;
  const xsr::Point point{version, log.chain_at(version).value_or(log.point().chain)};
  send(turn, xsr::Have{turn.room().address(), log.log(), point, false, incarnation, {}});
}

void SharedRooms::Parts::arm(RoomTurn& turn) {
  if (std::exchange(turn.state<Here>().armed, true)) return;
  turn.wake("shared:retry", Millis(limits::kLinkSilence_ms));
}

void SharedRooms::Parts::on_retry(RoomTurn& turn) {
  turn.state<Here>().armed = false;
  if (look(turn) && up) arm(turn);
}

// No progress since the last look: whatever was on its way is gone. True: something waits.
bool SharedRooms::Parts::look(RoomTurn& turn) {
  const auto& log = turn.state<SharedLog>();
  auto& here = turn.state<Here>();
  if (!log.exists()) return false;
  const Position first = log.unordered().empty() ? 0 : log.unordered().begin()->first;
  if (up && first > 0 && first == here.stood) sync_cursor(turn, true);
  here.stood = first;
  if (up && here.asked) {
    here.asked = false;
    have_again(turn);
  }
  if (up && here.asked_anew) ask_anew(turn);
  // Nothing came that follows: what the hub sends now begins elsewhere, perhaps.
  const bool lags = here.behind && here.in_line && here.next.has_value();
  if (up && lags && !here.asked_anew && here.next == here.next_stood) ask_anew(turn);
  here.next_stood = here.next;
  const bool fetches = log.syncing() && !here.out;
  if (up && fetches) fetch(turn);
  if (up) send_lanes(turn);
  if (here.offering.size() == here.offering_stood) here.offering.clear();  // lost on their way
  here.offering_stood = here.offering.size();
  offer_on(turn);
  return has_to_tell(turn) || here.asked || here.asked_anew || fetches || lags;
}

// --- towards our people -------------------------------------------------------------------------

void SharedRooms::Parts::update_person(RoomTurn& turn, const std::string& jid) {
  if (!ours(jid)) return;
  auto& here = turn.state<Here>();
  const bool was = here.own.contains(jid);
  const bool is = is_member(turn.state<SharedLog>().affiliation(jid));
  if (was == is) return;
  if (is) {
    const Position since = turn.room().last_position();
    turn.note("own/" + jid, std::to_string(since));
    turn.follow(kGroupPeople, jid, since + 1, false);
  } else {
    turn.note("own/" + jid, std::nullopt);
    turn.unfollow(kGroupPeople, jid);
  }
}

void SharedRooms::Parts::update_people(RoomTurn& turn) {
  std::set<std::string> both;
  for (const auto& [jid, since] : turn.state<Here>().own) both.insert(jid);
  for (const auto& [jid, record] : turn.state<SharedLog>().records()) {
    if (ours(jid)) both.insert(jid);
  }
  for (const std::string& jid : both) update_person(turn, jid);
}

void SharedRooms::Parts::write_index(RoomTurn& turn) {
  const auto& log = turn.state<SharedLog>();
  // Who is behind, or begins anew, says in a hello that he has nothing, and is welcomed once more.
  const auto& here = turn.state<Here>();
  const bool begins = here.behind || here.doubted;
  turn.index("shared/" + log.log(), index_row(turn, begins ? xsr::Point{} : log.point()));
}

}  // namespace hansa::shared_rooms
