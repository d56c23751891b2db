#pragma once
// The rooms that everybody may know of, a page at a time: read from the list that rooms keep of
// themselves (modules/rooms/listing.h), with bounded work for each page, however many there are.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/turn.h"
#include "modules/rooms/rooms.h"

namespace hansa::disco {

using rooms::ListedRoom;

enum class Order : std::uint8_t { address, users };  // users: rooms of more come first

// A place in an order, where a room is, was or could be.
struct Place {
  std::uint64_t users = 0;  // in that order
  std::string address;
};

// XEP-0059 §2: the first `most` rooms after `after`, or, with `before` alone, the last `most`
// before that place (without an address: of all).
struct Wanted {
  Order order = Order::address;
  std::uint64_t most = 0;
  std::uint64_t least_users = 0;
  std::optional<Place> after;
  std::optional<Place> before;
  std::function<bool(const ListedRoom&)> fits;  // none: all do
};

struct Found {
  std::vector<ListedRoom> rooms;
  bool more = false;  // there are others on the way on
  // So many were looked at that the page ends here; the next one begins here. It may have no rooms.
  std::optional<Place> reached;
  std::optional<std::uint64_t> before;  // how many there are before these, if that is known
  std::optional<std::uint64_t> count;   // of all, if they are few enough to be counted; of a page
                                        // of nothing, those that were
};

// While turn.waiting() the result means nothing. Error: the store cannot read.
[[nodiscard]] Result<Found> find_rooms(engine::ServiceTurn& turn, const Wanted& wanted);

}  // namespace hansa::disco
