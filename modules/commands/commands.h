#pragma once
// Ad-hoc commands (XEP-0050) of the services: a table of node → what it does, filled by whoever
// wires the program. Commands need no session here: what a stage must know stands in its form.

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "engine/router.h"
#include "xep-spec/xep_0050_commands.h"

namespace hansa::commands {

using Run =
    std::function<void(engine::ServiceTurn&, const xmpp::Stanza&, const xep_0050::Request&)>;

class Commands {
 public:
  // Error: conflict, when the service has a command under that node.
  Status add(engine::Target service, std::string node, std::string name, Run run);
  // Rows for the services that have commands by now; this must outlive the router.
  Status add_to(engine::Router& router);

  // (node, name), in the order of nodes.
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> list(engine::Target service) const;

 private:
  struct Command {
    std::string name;
    Run run;
  };
  void on_request(engine::Target service, engine::ServiceTurn& turn,
                  const xmpp::Stanza& stanza) const;
  std::map<std::pair<engine::Target, std::string>, Command> commands_;
};

}  // namespace hansa::commands
