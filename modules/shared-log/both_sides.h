#pragma once
// What hub and nodes do alike, besides the frames of a link (frames.h).

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "engine/router.h"
#include "modules/shared-log/log.h"

namespace hansa::shared_log {

// An item of this side, with the next of its numbers and without an order.
[[nodiscard]] xsr::Item own_item(engine::RoomTurn& turn, const std::string& link,
                                 std::uint64_t incarnation, std::string_view kind,
                                 std::string payload);

// Rooms answer the questions «shared:state» and «shared:members». Error: conflict.
[[nodiscard]] Status add_answers(engine::Router& router);

}  // namespace hansa::shared_log
