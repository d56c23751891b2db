#pragma once
// The muc#admin requests (XEP-0045 §8.2–§8.5, §9, §10.3–§10.8): lists by affiliation or role, and
// changes of them. A change with one illegal item changes nothing.

#include <string_view>
#include <vector>

#include "engine/turn.h"
#include "modules/rooms/context.h"
#include "xep-spec/xep_0045_muc.h"

namespace hansa::rooms {

void on_admin_get(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& iq);
void on_admin_set(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& iq);
// What such a request does, answered with that content; or refuses it.
void change_people(const Context& context, engine::RoomTurn& turn, const xmpp::Jid& actor,
                   const std::vector<xep_0045::Item>& items, std::string_view answer);

}  // namespace hansa::rooms
