#pragma once
// What time it is (XEP-0202), and for how long this runs (XEP-0012), at the services.

#include "base/clock.h"
#include "base/result.h"
#include "engine/router.h"

namespace hansa::times {

// `started`: when the program did. Error: conflict, when another module has a row of these.
[[nodiscard]] Status add_to(engine::Router& router, MonoTime started);

}  // namespace hansa::times
