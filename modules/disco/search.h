#pragma once
// Search for rooms (XEP-0433) at the rooms' domain: by words in name, description and address,
// among the rooms that everybody may know of. Without state: a page's ids say where the next one
// begins.

#include "base/result.h"
#include "engine/router.h"

namespace hansa::disco {

// Error: conflict, when another module has this row.
[[nodiscard]] Status add_search_to(engine::Router& router);

}  // namespace hansa::disco
