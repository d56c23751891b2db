#pragma once
// «The room's configuration changed»: status 104 to all who are in (XEP-0045 §10.2.1).

#include "engine/turn.h"

namespace hansa::rooms {

void tell_changed(engine::RoomTurn& turn);

}  // namespace hansa::rooms
