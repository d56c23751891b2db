#pragma once
// What `hansa room list|show|members list|log|export` answer, as ad-hoc commands (XEP-0050) for the
// node's admins: one page of rows at a time, with the place where the next one begins. What changes
// a room are commands of modules/rooms.

#include <vector>

#include "modules/rooms/rooms.h"

namespace hansa::app {

// `settings` are read at every request and must outlive the commands.
[[nodiscard]] std::vector<rooms::Command> admin_commands(const rooms::Settings& settings);

}  // namespace hansa::app
