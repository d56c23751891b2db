#pragma once
// Ad-hoc commands (XEP-0050) of the services: a table of node → what it does, filled by whoever
// wires the program. Commands need no session here: what a stage must know stands in its form.

#include <map>
#include <string>
#include <utility>

#include "base/result.h"
#include "engine/router.h"
#include "modules/rooms/rooms.h"
#include "xep-spec/xep_0050_commands.h"

namespace hansa::commands {

class Commands {
 public:
  // Error: conflict, when the service has a command under that node.
  Status add(engine::Target service, rooms::Command command);
  // Rows for the services that have commands by now; this must outlive the router.
  Status add_to(engine::Router& router);

  // What he may use, in the order of nodes (XEP-0050 §2.2).
  [[nodiscard]] xep_0050::Names list(engine::Target service, const xmpp::Jid& who) const;

 private:
  void on_request(engine::Target service, engine::ServiceTurn& turn,
                  const xmpp::Stanza& stanza) const;
  std::map<std::pair<engine::Target, std::string>, rooms::Command> commands_;  // by service, node
};

}  // namespace hansa::commands
