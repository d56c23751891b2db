#include "modules/rooms/slow_mode.h"

#include "base/limits.h"

namespace hansa::rooms {
namespace {

// Whether it counts: nothing is slow, it is no text, or he has the right.
bool counts(const engine::RoomTurn& turn, const xmpp::Stanza& message) {
  const Room& room = room_of(turn);
  return room.config().slow_mode_s > 0 && room.affiliation(message.from) < Affiliation::admin &&
         message.child("body", xmpp::ns::kClient) != nullptr;
}

Millis wait_of(const engine::RoomTurn& turn) {
  return Millis(static_cast<std::int64_t>(room_of(turn).config().slow_mode_s) * 1000);
}

}  // namespace

Verdict judge_slow_mode(engine::RoomTurn& turn, const xmpp::Stanza& message) {
  if (!counts(turn, message)) return Verdict::pass();
  const auto& spoke = room_of(turn).extras().spoke();
  const auto last = spoke.find(message.from.bare_text());
  if (last == spoke.end() || turn.mono() - last->second >= wait_of(turn)) return Verdict::pass();
  Error error(Condition::policy_violation,
              "This room is in slow mode: wait " +
                  std::to_string(room_of(turn).config().slow_mode_s) +
                  " seconds between two messages, and say it again then.");
  error.type = ErrorType::wait;
  return Verdict::deny(std::move(error));
}

void note_spoke(engine::RoomTurn& turn, const xmpp::Stanza& message) {
  if (!counts(turn, message)) return;
  auto& spoke = turn.state<Room>().extras().spoke();
  if (spoke.size() >= limits::kOccupants) {
    std::erase_if(spoke,
                  [&](const auto& place) { return turn.mono() - place.second >= wait_of(turn); });
  }
  if (spoke.size() < limits::kOccupants) spoke[std::string(message.from.bare_text())] = turn.mono();
}

}  // namespace hansa::rooms
