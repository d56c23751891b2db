#pragma once
// What must hold when all is whole again: lists have converged, what was acknowledged is with all
// who are entitled to it, what nobody has is said to be lost, nobody is busy.

#include "tests/sim/links/world.h"

namespace hansa::sim::links {

// False if an invariant is broken.
[[nodiscard]] bool check_end(World& world);
// While one node is silent the others talk, and hear each other.
[[nodiscard]] bool check_silence(World& world);

}  // namespace hansa::sim::links
