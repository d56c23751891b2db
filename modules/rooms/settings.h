#pragma once
// What the configuration says of rooms (docs/configuration.md). Part of rooms.h.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "xmpp/jid.h"

namespace hansa::rooms {

struct Settings {
  std::string rooms;                            // domain
  std::string identities;                       // domain; empty: none
  std::vector<std::string> enterprise;          // domains of our own people
  std::vector<std::string> languages = {"en"};  // in which answers are understood
  std::vector<std::string> admins;              // bare JIDs
  enum class Create : std::uint8_t { enterprise, admins, anyone } create = Create::enterprise;
  std::size_t members = 0;           // limit; 0: the hard one
  std::size_t initial_members = 0;   // limit of the request that creates a room; 0: the default
  std::size_t reduced_presence = 0;  // occupants from which presence is reduced; 0: the default
  std::size_t member_rooms = 0;      // rooms that may be members of one; 0: the default
  // A room that somebody creates by entering it is locked until he has configured it, or asked for
  // an instant room (XEP-0045 §10.1).
  bool lock_new_rooms = false;
  std::string secret;  // of this node, for occupant ids; random, kept in its data folder
};

// One of the node's admins.
[[nodiscard]] inline bool is_admin(const Settings& settings, const xmpp::Jid& who) {
  return std::ranges::find(settings.admins, who.bare_text()) != settings.admins.end();
}

}  // namespace hansa::rooms
