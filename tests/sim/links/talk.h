#pragma once
// What people do in a history.

#include "tests/sim/links/world.h"

namespace hansa::sim::links {

// The first rooms and members; false if an invariant is broken already.
[[nodiscard]] bool begin(World& world);
// One thing that somebody does, drawn at random.
void talk(World& world);
void say(World& world, std::size_t node, const std::string& by, const std::string& room);

}  // namespace hansa::sim::links
