#pragma once
// The fixture of acting, with commands and discovery of the identities domain.

#include <optional>

#include "modules/commands/commands.h"
#include "modules/disco/identities_domain.h"
#include "tests/support/acting_fixture.h"

namespace hansa::test {

class ActingServices : public ActingFixture {
 public:
  ActingServices()
      : ActingFixture(
            [this](act_as::ActAs& acting, engine::Router& rows) {
              commands.emplace();
              constexpr auto service = engine::Target::identities_service;
              bool ok = true;
              for (act_as::Command& command : acting.commands()) {
                ok = ok && commands->add(service, std::move(command)).ok();
              }
              ok = ok && commands->add_to(rows).ok();
              disco.emplace([this](const xmpp::Jid& who) { return commands->list(service, who); });
              if (!ok || !disco->add_to(rows).ok()) std::abort();
            },
            false) {
    start();
  }
  ~ActingServices() { engine.reset(); }

  std::optional<commands::Commands> commands;
  std::optional<disco::IdentitiesDomain> disco;
};

}  // namespace hansa::test
