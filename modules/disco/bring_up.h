#pragma once
// Rooms of before there was a list of them (modules/rooms/listing.h) write their rows when they are
// loaded. For those that nobody has asked for since, all rooms of a store are loaded once, a few at
// a time, beside what else goes on; a key of the index says when that is done.

#include <functional>

#include "engine/engine.h"

namespace hansa::disco {

// To be called once, when the engine has started. It ends early when `go_on` says no; what is left,
// and what could not be read, is tried again at the next start.
void list_older_rooms(engine::Engine& engine, std::function<bool()> go_on);

}  // namespace hansa::disco
