#pragma once
// The identities open to a user (requirement A1): himself, and every room that he may act as now;
// by the extension's query and by an ad-hoc command.

#include <optional>

#include "engine/turn.h"
#include "modules/act-as/parts.h"
#include "xep-spec/act_as.h"
#include "xep-spec/xep_0050_commands.h"

namespace hansa::act_as {

class Identities {
 public:
  explicit Identities(const Parts& parts) : parts_(parts) {}

  void on_query(engine::ServiceTurn& turn, const xmpp::Stanza& stanza) const;
  void on_command(engine::ServiceTurn& turn, const xmpp::Stanza& stanza,
                  const xep_0050::Request& request) const;
  // Nothing yet: asked, the handler has to return. At most limits::kIdentities rooms are judged.
  [[nodiscard]] std::optional<Result<xep_act_as::Identities>> of(engine::ServiceTurn& turn,
                                                                 const xmpp::Jid& user) const;

 private:
  const Parts& parts_;
};

}  // namespace hansa::act_as
