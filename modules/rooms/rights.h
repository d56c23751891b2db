#pragma once
// Who may do what to whom, as far as affiliations and roles say (XEP-0045 §5). Total functions.

#include "modules/rooms/rooms.h"

namespace hansa::rooms {

// The role that somebody has when he enters (§5.1.2).
[[nodiscard]] Role default_role(const Config& config, Affiliation affiliation);
// Real addresses are shown to that session (§4.2, room types).
[[nodiscard]] bool sees_real_addresses(const Config& config, Role viewer);
// `actor` may change somebody's affiliation from `from` to `to` (§5.2.2, §9, §10).
[[nodiscard]] bool may_set(Affiliation actor, Affiliation from, Affiliation to);
// A moderator of affiliation `actor` may change the role of somebody with affiliation `other`
// (§5.1.3, §8.2–§8.4, §9.6–§9.7).
[[nodiscard]] bool may_set(Affiliation actor, Affiliation other, Role from, Role to);

}  // namespace hansa::rooms
