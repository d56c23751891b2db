#pragma once
// Service discovery (XEP-0030) of the rooms' domain: what it is, and which rooms it has (XEP-0045
// §6.2–6.3), in pages (XEP-0059). Hidden rooms and conversations are absent, to everybody. Its
// features are those of the router's rows, so rows may be added after this module's.

#include "base/result.h"
#include "engine/router.h"
#include "modules/disco/command_nodes.h"
#include "xep-spec/xep_0157_contacts.h"

namespace hansa::disco {

// `commands`: those of the domain. `contacts`, if given, are told with what it is (XEP-0157), read
// at each answer. `router` is kept; both must outlive its handlers. Error: conflict, when another
// module has a row of these.
[[nodiscard]] Status add_to(engine::Router& router, CommandList commands = {},
                            const xep_0157::Contacts* contacts = nullptr);

}  // namespace hansa::disco
