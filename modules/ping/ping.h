#pragma once
// XEP-0199 at the services: an empty answer. A ping to an occupant is XEP-0410 and belongs to
// rooms; one to an identity, to act-as. A room itself is not pinged: the answer would tell of
// hidden rooms that they exist.

#include "base/result.h"
#include "engine/router.h"

namespace hansa::ping {

// Error: conflict, when another module has a row of these.
[[nodiscard]] Status add_to(engine::Router& router);

}  // namespace hansa::ping
