#include "app/modules.h"

#include <optional>

#include "app/admin_answer.h"
#include "app/admin_commands.h"
#include "modules/act-as/act_as.h"
#include "modules/archive/archive.h"
#include "modules/commands/commands.h"
#include "modules/disco/disco.h"
#include "modules/disco/identities_domain.h"
#include "modules/disco/search.h"
#include "modules/ping/ping.h"
#include "modules/rooms/rooms.h"
#include "modules/times/times.h"
#include "modules/version/version.h"

namespace hansa::app {
namespace {

// What a running node may be given anew.
void copy_live(const Config& config, rooms::Settings& settings) {
  settings.admins = config.node.admins;
  settings.create = config.node.create;
  settings.members = config.limits.members;
  settings.member_rooms = config.limits.member_rooms;
  settings.initial_members = config.limits.initial_members;
  settings.reduced_presence = config.limits.reduced_presence;
  settings.languages = config.texts.languages;
}

rooms::Settings settings_of(const Config& config, const std::string& secret) {
  rooms::Settings settings;
  settings.rooms = config.node.rooms;
  settings.identities = config.node.identities;
  settings.lock_new_rooms = true;
  settings.enterprise = config.node.enterprise;
  settings.secret = secret;
  copy_live(config, settings);
  return settings;
}

}  // namespace

Status add_commands(commands::Commands& commands, engine::Target service,
                    std::vector<rooms::Command> offered) {
  for (rooms::Command& command : offered) {
    if (Status added = commands.add(service, std::move(command)); !added) return added;
  }
  return Done{};
}

// `commands` must outlive it.
disco::CommandList listed(const commands::Commands& commands, engine::Target service) {
  return [&commands, service](const xmpp::Jid& who) { return commands.list(service, who); };
}

// What only a node with identities has.
struct Acting {
  Acting(const std::string& domain, const rooms::Settings& settings, const rooms::Rooms& rooms,
         rooms::Hooks& hooks)
      : identities(domain), act_as(domain, settings, rooms, hooks) {}

  Status add_to(engine::Router& router, commands::Commands& commands) {
    if (const Status added = act_as.add_to(router); !added) return added;
    if (const Status added =
            add_commands(commands, engine::Target::identities_service, act_as.commands());
        !added) {
      return added;
    }
    disco.emplace(listed(commands, engine::Target::identities_service));
    return disco->add_to(router);
  }

  const std::string identities;
  act_as::ActAs act_as;
  std::optional<disco::IdentitiesDomain> disco;
};

struct Modules::All {
  All(const Config& config, const std::string& secret, std::string v)
      : version(std::move(v)),
        contacts(config.contacts),
        settings(settings_of(config, secret)),
        rooms(settings, hooks) {
    if (!config.node.identities.empty()) {
      acting.emplace(config.node.identities, settings, rooms, hooks);
    }
  }

  const std::string version;
  xep_0157::Contacts contacts;
  const MonoTime started = SystemClock().mono();
  rooms::Settings settings;  // read by the modules at every decision
  rooms::Hooks hooks;        // in the order in which they are asked
  rooms::Rooms rooms;
  archive::Archive archive{rooms};
  std::optional<Acting> acting;
  commands::Commands commands;
};

Modules::Modules(const Config& config, const std::string& secret, const std::string& version)
    : all_(std::make_unique<All>(config, secret, version)) {}
Modules::~Modules() = default;

Status Modules::add_to(engine::Router& router) {
  using Add = std::function<Status()>;
  const Add kModules[] = {
      [&] { return all_->rooms.add_to(router); },
      [&] {
        return add_commands(all_->commands, engine::Target::rooms_service, all_->rooms.commands());
      },
      [&] {
        return add_commands(all_->commands, engine::Target::rooms_service,
                            admin_commands(all_->settings));
      },
      [&] { return all_->acting ? all_->acting->add_to(router, all_->commands) : Status(Done{}); },
      [&] { return all_->commands.add_to(router); },
      [&] { return all_->archive.add_to(router); },
      [&] {
        return disco::add_to(router, listed(all_->commands, engine::Target::rooms_service),
                             &all_->contacts);
      },
      [&] { return disco::add_search_to(router); },
      [&] { return ping::add_to(router); },
      [&] { return version::add_to(router, all_->version); },
      [&] { return times::add_to(router, all_->started); },
      [&] { return add_admin_rows(router); },
  };
  for (const Add& add : kModules) {
    if (Status added = add(); !added) return added;
  }
  return Done{};
}

// The same with and without identities: a room keeps what was once in its log.
std::vector<engine::FacetFactory> Modules::facets() {
  std::vector<engine::FacetFactory> all{&rooms::make_room_facet};
  for (const engine::FacetFactory factory : act_as::ActAs::facets()) all.push_back(factory);
  return all;
}

engine::Addressing Modules::addressing() const {
  engine::Addressing ours{all_->settings.rooms, "", nullptr};
  if (all_->acting) {
    ours.identities = all_->acting->identities;
    ours.conversation = [rooms = ours.rooms](std::string_view local, const xmpp::Jid& peer) {
      return act_as::conversation_address(rooms, local, peer);
    };
  }
  return ours;
}

void Modules::apply(const Config& config) {
  copy_live(config, all_->settings);
  all_->contacts = config.contacts;
}

}  // namespace hansa::app
