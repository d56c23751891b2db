#include "modules/rooms/virtuals.h"

#include <algorithm>

#include "modules/rooms/notes.h"
#include "modules/rooms/occupants.h"
#include "modules/rooms/presence.h"

namespace hansa::rooms {
namespace {

// `wished`, or with an addition that tells it from whoever has it.
std::string free_of(const Room& room, std::string_view key, std::string_view wished, bool given) {
  const auto taken = [&](const std::string& nick) {
    if (!room.occupant(nick).empty() || !room.reserved_by(nick).empty()) return true;
    return std::any_of(room.virtuals().begin(), room.virtuals().end(), [&](const auto& one) {
      return one.first != key && one.second.nick == nick;
    });
  };
  std::string nick(wished);
  for (int i = 1; given || taken(nick); ++i) {
    nick = std::string(wished) + (i == 1 ? " (peer)" : " (peer " + std::to_string(i) + ")");
    given = false;
  }
  return nick;
}

}  // namespace

VirtualOccupant virtual_occupant(const Room& room, std::string key, std::string_view nick) {
  if (const auto known = room.virtuals().find(key); known != room.virtuals().end()) {
    if (known->second.outside() == nick) return known->second;
  }
  VirtualOccupant who{std::move(key), {}};
  who.nick = free_of(room, who.key, nick, false);
  if (who.nick != nick) who.own = nick;
  return who;
}

void show_virtual(const Context& context, engine::RoomTurn& turn, const VirtualOccupant& who) {
  const auto& virtuals = room_of(turn).virtuals();
  const auto known = virtuals.find(who.key);
  if (known != virtuals.end() && known->second.nick == who.nick) {
    if (known->second.own != who.own)
      turn.note(note_key(kVirtualNote, who.key), write_virtual(who));
    return;
  }
  if (known != virtuals.end()) {
    Showing(turn.room(), appearance_of(context, turn.room(), known->second),
            {.gone = true, .status = {xep_0045::status::kNickChanged}, .new_nick = who.nick})
        .send_all(turn);
  }
  turn.note(note_key(kVirtualNote, who.key), write_virtual(who));
  keep_listing(turn);
  Showing(turn.room(), appearance_of(context, turn.room(), who), {}).send_all(turn);
}

void remove_virtual_occupant(const Context& context, engine::RoomTurn& turn, std::string_view key) {
  const auto known = room_of(turn).virtuals().find(std::string(key));
  if (known == room_of(turn).virtuals().end()) return;
  const VirtualOccupant who = known->second;
  turn.note(note_key(kVirtualNote, key), std::nullopt);
  keep_listing(turn);
  Showing(turn.room(), appearance_of(context, turn.room(), who), {.gone = true}).send_all(turn);
}

void free_nick(const Context& context, engine::RoomTurn& turn, std::string_view nick) {
  const VirtualOccupant* const found = virtual_named(room_of(turn), nick);
  if (found == nullptr) return;
  VirtualOccupant who = *found;
  who.own = who.outside();
  who.nick = free_of(room_of(turn), who.key, nick, true);
  show_virtual(context, turn, who);
}

}  // namespace hansa::rooms
