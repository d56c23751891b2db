#include "modules/rooms/rights.h"

#include <array>

namespace hansa::rooms {
namespace {

constexpr std::array<std::string_view, 5> kAffiliations{"outcast", "none", "member", "admin",
                                                        "owner"};
constexpr std::array<std::string_view, 4> kRoles{"none", "visitor", "participant", "moderator"};

template <typename Enum, std::size_t N>
std::optional<Enum> named(const std::array<std::string_view, N>& names, std::string_view name) {
  for (std::size_t i = 0; i < N; ++i) {
    if (names[i] == name) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

}  // namespace

std::string_view name_of(Affiliation affiliation) {
  return kAffiliations[static_cast<std::size_t>(affiliation)];
}
std::optional<Affiliation> affiliation_named(std::string_view name) {
  return named<Affiliation>(kAffiliations, name);
}
std::string_view name_of(Role role) { return kRoles[static_cast<std::size_t>(role)]; }
std::optional<Role> role_named(std::string_view name) { return named<Role>(kRoles, name); }

Role default_role(const Config& config, Affiliation affiliation) {
  switch (affiliation) {
    case Affiliation::owner:
    case Affiliation::admin: return Role::moderator;
    case Affiliation::member: return Role::participant;
    case Affiliation::none: return config.moderated ? Role::visitor : Role::participant;
    case Affiliation::outcast: return Role::none;
  }
  return Role::none;
}

bool sees_real_addresses(const Config& config, Role viewer) {
  return config.nonanonymous || viewer == Role::moderator;
}

bool may_set(Affiliation actor, Affiliation from, Affiliation to) {
  if (actor == Affiliation::owner) return true;
  return actor == Affiliation::admin && from < Affiliation::admin && to < Affiliation::admin;
}

bool may_set(Affiliation actor, Affiliation other, Role from, Role to) {
  const bool above = actor >= Affiliation::admin;
  if (from == Role::moderator && !above) return false;
  switch (to) {
    case Role::none: return actor >= other;
    case Role::visitor: return other < Affiliation::admin && actor > other;
    case Role::participant: return other < Affiliation::admin || from < Role::participant;
    case Role::moderator: return above;
  }
  return false;
}

}  // namespace hansa::rooms
