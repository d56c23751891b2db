#pragma once
// What people do in a history.

#include "tests/sim/hosts/world.h"

namespace hansa::sim::hosts {

// The rooms and conversations that every history has; false if an invariant is broken already.
[[nodiscard]] bool begin(World& world);
// One thing that somebody does, drawn at random.
void talk(World& world);
// Asks for somebody's new affiliation in a room.
void set_affiliation(World& world, Person& actor, const std::string& room, const std::string& bare,
                     std::string_view affiliation);

}  // namespace hansa::sim::hosts
