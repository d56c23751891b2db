#pragma once
// What today's clients expect of a room beside XEP-0045, each in a file pair of its own: their
// rows.

#include "base/result.h"
#include "modules/rooms/context.h"

namespace hansa::rooms {

// `context` must outlive the router. Error: conflict, when a row is claimed already.
Status add_companions(const Context& context, engine::Router& router);

}  // namespace hansa::rooms
