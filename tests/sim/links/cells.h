#pragma once
// What the long run of this world must have hit.

#include "tests/sim/cells.h"

namespace hansa::sim::links {

[[nodiscard]] Goal goal();

}  // namespace hansa::sim::links
