#pragma once
// What must hold when all is whole again: everybody is back, what was acknowledged is in the log
// and with everybody who is entitled to it, and a crash with everybody in puts nobody out.

#include "tests/sim/hosts/world.h"

namespace hansa::sim::hosts {

// False if an invariant is broken.
[[nodiscard]] bool check_end(World& world);

}  // namespace hansa::sim::hosts
