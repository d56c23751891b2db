#pragma once
// What today's clients expect of a room beside XEP-0045, each in a file pair of its own: their
// rows.

#include "base/result.h"
#include "modules/rooms/context.h"
#include "xep-spec/xep_0004_forms.h"

namespace hansa::rooms {

// `context` must outlive the router. Error: conflict, when a row is claimed already.
Status add_companions(const Context& context, engine::Router& router);
// What they add to the form muc#roominfo.
void describe_companions(const Room& room, xep_0004::Form& info);

}  // namespace hansa::rooms
