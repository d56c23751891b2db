#pragma once
// Service discovery (XEP-0030) of the identities domain: what it is, what it offers (from the
// router's rows), and its nodes: the list of ad-hoc commands and each of them.

#include "base/result.h"
#include "engine/router.h"
#include "modules/disco/command_nodes.h"

namespace hansa::disco {

class IdentitiesDomain {
 public:
  explicit IdentitiesDomain(CommandList commands) : commands_(std::move(commands)) {}
  // This and the router must outlive each other's use.
  Status add_to(engine::Router& router);

 private:
  void on_info(engine::ServiceTurn& turn, const xmpp::Stanza& stanza) const;
  void on_items(engine::ServiceTurn& turn, const xmpp::Stanza& stanza) const;
  CommandList commands_;
  const engine::Router* router_ = nullptr;
};

}  // namespace hansa::disco
