#pragma once
// XEP-0092 at the services: which program this is, and its version; nothing about the machine.

#include <string>

#include "base/result.h"
#include "engine/router.h"

namespace hansa::version {

// Error: conflict, when another module has a row of these.
[[nodiscard]] Status add_to(engine::Router& router, const std::string& version);

}  // namespace hansa::version
