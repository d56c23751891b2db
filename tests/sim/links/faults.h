#pragma once
// What breaks in a history.

#include <cstdint>
#include <string>
#include <vector>

#include "tests/sim/links/world.h"

namespace hansa::sim::links {

// Of all, as the coverage table has them.
[[nodiscard]] std::vector<std::string> fault_names();
// One fault, drawn at random; most end by themselves after a while. It may be one that breaks
// nothing: a back-up, or an upgrade where all is new.
void break_something(World& world);
// That broke something until now.
[[nodiscard]] std::uint64_t faults_of(const World& world);
// No fault is in force any more; what is down comes up.
[[nodiscard]] bool mend_everything(World& world);

}  // namespace hansa::sim::links
