#pragma once
// What the long run of this world must have hit.

#include "tests/sim/cells.h"

namespace hansa::sim::links {

[[nodiscard]] Goal goal();
// Of the deep one: what the other has not.
[[nodiscard]] Goal deep_goal();

}  // namespace hansa::sim::links
