#pragma once
// The rooms that everybody may know of, a page at a time, in the order of their addresses.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/turn.h"
#include "modules/rooms/rooms.h"
#include "xep-spec/xep_0030_disco.h"

namespace hansa::disco {

// XEP-0059 §2: the first `most` rooms after `after`, or the last `most` before `before` (empty: of
// all). An address that is no longer there is still a place in the order.
struct PageWanted {
  std::uint64_t most = 0;
  std::optional<std::string> after;
  std::optional<std::string> before;
};

struct Rooms {
  std::vector<xep_0030::Item> items;
  bool more = false;                    // there are others after these
  std::optional<std::uint64_t> before;  // how many there are before these, if that is known
  std::optional<std::uint64_t> count;   // of all, if that is known
};

// While turn.waiting() the result means nothing. Error: resource_constraint, when too many rooms
// would have to be looked at.
[[nodiscard]] Result<Rooms> listed_rooms(engine::ServiceTurn& turn, const PageWanted& wanted);

// One of them, with what everybody may know of it.
struct Listed {
  std::string address;
  rooms::Info info;
};
// All of them. As above.
[[nodiscard]] Result<std::vector<Listed>> every_listed_room(engine::ServiceTurn& turn);

}  // namespace hansa::disco
