#include "modules/rooms/retraction.h"

#include "engine/letters.h"
#include "modules/rooms/occupants.h"
#include "modules/rooms/speech.h"
#include "xep-spec/xep_0424_retraction.h"

namespace hansa::rooms {
namespace {

using engine::EntryKind;
using engine::EntryPtr;
using engine::Position;

constexpr std::size_t kIdLength = 26;

bool is_said(const engine::Entry& entry) {
  return (entry.kind == EntryKind::message || entry.kind == EntryKind::subject) && !entry.erased;
}

EntryPtr in_tail(const engine::RoomState& room, std::string_view stanza_id) {
  for (auto entry = room.tail().rbegin(); entry != room.tail().rend(); ++entry) {
    if (is_said(**entry) && read_message(**entry).stanza_id == stanza_id) return *entry;
  }
  return nullptr;
}

}  // namespace

std::optional<EntryPtr> find_said(engine::RoomTurn& turn, std::string_view stanza_id) {
  if (stanza_id.empty()) return EntryPtr();
  if (EntryPtr recent = in_tail(turn.room(), stanza_id)) return recent;
  const std::string key = stanza_key(turn.room().log_id(), stanza_id);
  const auto* const found = turn.ask_index(key, key + '\0', 1);
  if (found == nullptr) return std::nullopt;
  if (!found->ok() || (*found)->empty()) return EntryPtr();
  const Position position = engine::text_number((*found)->front().second);
  const auto* const page = turn.ask_page(turn.room().address(), position, 1);
  if (page == nullptr) return std::nullopt;
  if (!page->ok() || (*page)->empty()) return EntryPtr();
  const EntryPtr& entry = (*page)->front();
  return entry->position == position && is_said(*entry) ? entry : EntryPtr();
}

Verdict judge_retraction(const Context& context, engine::RoomTurn& turn,
                         const xmpp::Stanza& message, bool over, EntryPtr& target) {
  const auto id = xep_0424::retracted_id(message.element());
  if (!id) return Verdict::pass();
  const auto found = find_said(turn, *id);
  if (!found) return Verdict::wait();
  if (*found == nullptr || (*found)->kind != EntryKind::message) return Verdict::pass();
  const Message said = read_message(**found);
  const bool own = said.occupant_id == occupant_id(context, turn.room(), message.from);
  if (!own && (!over || said.from_peer || said.from_room)) {
    return Verdict::deny(
        Error(Condition::forbidden, "Only its author may retract a message; moderators moderate."));
  }
  target = *found;
  return Verdict::pass();
}

Position retract(engine::RoomTurn& turn, const engine::Entry& target, Message announcement,
                 RetractedBy who) {
  Message said = read_message(target);
  if (announcement.id.empty()) announcement.id = random_token(turn.random(), kIdLength);
  Tombstone tombstone;
  tombstone.position = target.position;
  tombstone.stanza_id = std::move(said.stanza_id);
  tombstone.id = std::move(said.id);
  tombstone.nick = std::move(said.nick);
  tombstone.occupant_id = std::move(said.occupant_id);
  tombstone.retraction = announcement.id;
  tombstone.stamp = turn.now();
  tombstone.by = std::move(who.by);
  tombstone.by_id = std::move(who.by_id);
  tombstone.reason = std::move(who.reason);
  announcement.tombstone = write_tombstone(tombstone);
  announcement.retracts = target.position;
  turn.index(tombstone_key(turn.room().log_id(), target.position), announcement.tombstone);
  turn.erase(target);
  // The announcement is the room's last entry: what follows from a message looks for it there.
  return append_message(turn, std::move(announcement), EntryKind::message);
}

}  // namespace hansa::rooms
