#pragma once
// The list of rooms on the node's disk (modules/rooms/listing.h) is what its rooms are: each listed
// room has its two rows, which tell how many are in, and there are no others.

#include "tests/sim/hosts/world.h"

namespace hansa::sim::hosts {

// For when nothing moves any more. False if an invariant is broken.
[[nodiscard]] bool check_list_of_rooms(World& world);

}  // namespace hansa::sim::hosts
