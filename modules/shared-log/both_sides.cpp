#include "modules/shared-log/both_sides.h"

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
