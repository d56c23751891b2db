// What is passed on to member rooms (rooms.h, pass_on): from a conversation to its acting room, in
// whose log it waits for them; and which origins a log has (protocol §4, «Rings»).

#include <algorithm>

#include "engine/letters.h"
#include "modules/rooms/passing.h"

#include "base/limits.h"
#include "modules/rooms/entries.h"
#include "modules/rooms/member_rooms.h"

namespace hansa::rooms {
namespace {

constexpr std::size_t kFreshOrigins = 512;  // more than are decided while the disk works

std::string origin_key(std::string_view log, std::string_view origin) {
  return engine::log_keys(log).append("origin/").append(origin);
}

}  // namespace

std::string answer_member_rooms(const engine::RoomState& room, const xmpp::Jid&) {
  std::string out;
  for (const std::string& bare : room.get<Room>().rooms()) out.append(bare).append("\n");
  return out;
}

void pass_on(engine::RoomTurn& turn, const xmpp::Jid& acting, const Message& message) {
  turn.letter(acting, std::string(kPassedLetter), write_message(message).bytes);
}

std::optional<bool> has_origin(engine::RoomTurn& turn, std::string_view origin) {
  const auto& fresh = turn.state<Room>().fresh_origins();
  if (std::find(fresh.begin(), fresh.end(), origin) != fresh.end()) return true;
  const std::string key = origin_key(turn.room().log_id(), origin);
  const auto* const found = turn.ask_index(key, key + '\0', 1);
  if (found == nullptr) return std::nullopt;
  return found->ok() && !(*found)->empty();
}

void note_origin(engine::RoomTurn& turn, std::string_view origin) {
  auto& fresh = turn.state<Room>().fresh_origins();
  if (fresh.size() >= kFreshOrigins) fresh.erase(fresh.begin(), fresh.begin() + kFreshOrigins / 2);
  fresh.emplace_back(origin);
  turn.index(origin_key(turn.room().log_id(), origin), std::string());
}

void on_passed_letter(const Context& context, engine::RoomTurn& turn,
                      const engine::Letter& letter) {
  if (!turn.room().exists() || room_of(turn).rooms().empty()) return;
  engine::Entry entry;
  entry.shared.bytes = letter.bytes;
  const Message message = read_message(entry);
  if (message.origin.empty() || message.path.size() >= limits::kPathRooms) return;
  const auto known = has_origin(turn, message.origin);
  if (!known || *known) return;
  turn.append(engine::EntryKind::passed, {letter.bytes});
  note_origin(turn, message.origin);
  context.member_rooms->rouse(turn);
}

}  // namespace hansa::rooms
