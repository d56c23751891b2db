#include "modules/shared-log/both_sides.h"

#include "engine/letters.h"
#include "modules/shared-log/disk.h"

namespace hansa::shared_log {

xsr::Item own_item(engine::RoomTurn& turn, const std::string& link, std::uint64_t incarnation,
                   std::string_view kind, std::string payload) {
  xsr::Item item;
  item.kind = kind;
  item.origin = {link, incarnation, turn.state<SharedLog>().next_number(link, incarnation)};
  item.stamp = turn.now();
  item.id = random_token(turn.random(), 20);
  item.salt = random_digits(turn.random());
  item.payload = std::move(payload);
  return item;
}

std::string message_keys(std::string_view log_id, std::string_view id) {
  return engine::log_keys(log_id).append("item/").append(id).append("/");
}

namespace {

std::string message_key(const engine::RoomTurn& turn, std::string_view id,
                        const xsr::Origin& origin) {
  return message_keys(turn.room().log_id(), id)
      .append(engine::number_text(origin.incarnation))
      .append("/")
      .append(engine::number_text(origin.number))
      .append("/")
      .append(origin.link);
}

}  // namespace

engine::Position append_item(engine::RoomTurn& turn, StoredItem stored) {
  xsr::Item& item = stored.item;
  const bool is_message = item.kind == xsr::kKindMessage && item.hash.empty();
  if (!is_message) return turn.append(to_entry(stored));
  if (turn.state<SharedLog>().erased_unseen(item.origin)) {
    item.hash = xsr::payload_hash(item);
    return turn.append(to_entry(stored));
  }
  const engine::Position position = turn.append(to_entry(stored));
  turn.index(message_key(turn, item.id, item.origin), engine::number_text(position));
  return position;
}

std::optional<engine::Position> find_erased(engine::RoomTurn& turn, std::string_view payload) {
  const auto& log = turn.state<SharedLog>();
  const auto erasure = xsr::read_erasure(payload);
  if (!erasure || !log.has(erasure->erased)) return 0;
  // What was decided a moment ago may not be in the index yet.
  if (const auto position = log.newest_message(erasure->erased); position > 0) return position;
  const std::string key = message_key(turn, erasure->id, erasure->erased);
  const auto* const found = turn.ask_index(key, key + '\0', 1);
  if (found == nullptr || !found->ok()) return std::nullopt;
  if (!(*found)->empty()) return engine::text_number((*found)->front().second);
  // It came erased, was refused, nobody has it, or it was stored before there were such keys.
  turn.log(LogLevel::info, turn.room().address().text() + ": message " + erasure->id +
                               " is erased, and not found here");
  return 0;
}

Status add_answers(engine::Router& router) {
  const auto state = [](const engine::RoomState& room, const engine::Question&) {
    return room.get<SharedLog>().describe();
  };
  if (const Status added = router.add_answer("shared:state", state); !added) return added;
  return router.add_answer("shared:members",
                           [](const engine::RoomState& room, const engine::Question&) {
                             return room.get<SharedLog>().describe_members();
                           });
}

}  // namespace hansa::shared_log
