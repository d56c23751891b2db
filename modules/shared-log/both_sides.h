#pragma once
// What hub and nodes do alike, besides the frames of a link (frames.h).

#include <cstdint>
#include <optional>
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

// Appends it, with the key of the index by which a message is found. A message that was erased
// before it came is stored erased.
engine::Position append_item(engine::RoomTurn& turn, StoredItem stored);
// Keys of the messages with that id (what follows is their origin), each with its position.
[[nodiscard]] std::string message_keys(std::string_view log_id, std::string_view id);
// Where the message stands that this erasure (its payload) is about; 0: it is not here. Nothing: a
// read is not answered yet, or failed; the handler returns, and what it was given comes again.
[[nodiscard]] std::optional<engine::Position> find_erased(engine::RoomTurn& turn,
                                                          std::string_view payload);

// Rooms answer the questions «shared:state» and «shared:members». Error: conflict.
[[nodiscard]] Status add_answers(engine::Router& router);

}  // namespace hansa::shared_log
