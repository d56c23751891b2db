#pragma once
// Ad-hoc commands (XEP-0050) for the node's admins at the rooms domain, in the manner of XEP-0133:
// what `hansa room …` does by the admin socket. Each is one form, so no session is kept.

#include <vector>

#include "modules/rooms/context.h"

namespace hansa::rooms {

// `context` must outlive what they are given to.
[[nodiscard]] std::vector<Command> operator_commands(const Context& context);

}  // namespace hansa::rooms
