#pragma once
// What the operator of the node has done to a room, by the admin socket or by an ad-hoc command of
// one of the node's admins: topics of engine::Passed (rooms.h, kOperator…), judged by whoever
// passes them. Answered with what the param «reply» says.

#include "base/result.h"
#include "engine/router.h"
#include "modules/rooms/context.h"

namespace hansa::rooms {

// `context` must outlive the router.
[[nodiscard]] Status add_operator(const Context& context, engine::Router& router);

}  // namespace hansa::rooms
