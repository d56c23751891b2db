#pragma once
// What breaks in a history.

#include "tests/sim/hosts/world.h"

namespace hansa::sim::hosts {

// One fault, drawn at random; most end by themselves after a while.
void break_something(World& world);
// No fault is in force any more, and none will begin; what is down comes up.
void mend_everything(World& world);

}  // namespace hansa::sim::hosts
