#pragma once
// Acting as a room (source A; protocol §4; xep-spec/act-as.xml): identities, conversations with
// persons and with rooms, who may speak in them, news to the members. One object for all rooms; it
// owns nothing durable.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/router.h"
#include "modules/rooms/rooms.h"
#include "xep-spec/xep_0050_commands.h"

namespace hansa::act_as {

// The conversation of the room `local` with `peer`, for engine::Addressing.
[[nodiscard]] xmpp::Jid conversation_address(std::string_view rooms, std::string_view local,
                                             const xmpp::Jid& peer);

// An ad-hoc command of the identities domain; modules/commands offers it.
using rooms::Command;

class ActAs {
 public:
  // All references must outlive it. `identities`: the domain. Adds its rules to `hooks`.
  ActAs(std::string identities, const rooms::Settings& settings, const rooms::Rooms& rooms,
        rooms::Hooks& hooks);
  ~ActAs();
  Status add_to(engine::Router& router);
  [[nodiscard]] std::vector<Command> commands();
  // For the engine's list of facets.
  [[nodiscard]] static std::vector<engine::FacetFactory> facets();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hansa::act_as
