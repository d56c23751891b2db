#pragma once
// What breaks in a history.

#include "tests/sim/links/world.h"

namespace hansa::sim::links {

// One fault, drawn at random; most end by themselves after a while.
void break_something(World& world);
// No fault is in force any more; what is down comes up.
[[nodiscard]] bool mend_everything(World& world);

}  // namespace hansa::sim::links
