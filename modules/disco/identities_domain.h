#pragma once
// Service discovery (XEP-0030) of the identities domain: what it is, what it offers (from the
// router's rows), and its nodes: the list of ad-hoc commands and each of them.

#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "engine/router.h"

namespace hansa::disco {

class IdentitiesDomain {
 public:
  // `identities`: the domain; `commands`: (node, name) of its ad-hoc commands.
  IdentitiesDomain(std::string identities,
                   std::vector<std::pair<std::string, std::string>> commands)
      : domain_(std::move(identities)), commands_(std::move(commands)) {}
  // This and the router must outlive each other's use.
  Status add_to(engine::Router& router);

 private:
  void on_info(engine::ServiceTurn& turn, const xmpp::Stanza& stanza) const;
  void on_items(engine::ServiceTurn& turn, const xmpp::Stanza& stanza) const;
  std::string domain_;
  std::vector<std::pair<std::string, std::string>> commands_;
  const engine::Router* router_ = nullptr;
};

}  // namespace hansa::disco
