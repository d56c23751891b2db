#pragma once
// The hub's side of shared rooms (protocol §5): gives every item its order, sends it once to each
// enterprise concerned, keeps every list, passes directed and droppable frames on. Each enterprise
// is a follower group of a room, "link/<link domain>", so that live/link/<link domain> is the note
// of what its node has durably. Everything durable is in the room's log: modules/shared-log.
// Lives as long as the engine; each start begins a new epoch in a room before it orders there.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/engine.h"
#include "engine/router.h"
#include "modules/shared-log/wrong.h"

namespace hansa::hub {

struct Enterprise {
  std::string link;                  // rooms.a.example: the link's name here
  std::vector<std::string> domains;  // of its people
  std::string key;                   // pinned Ed25519 public key (hex); empty: as it says first
};

struct Settings {
  std::string domain;  // hub.example
  std::string shared;  // shared.example
  std::vector<Enterprise> enterprises;
  std::size_t window = 64;   // items in flight to one enterprise in a room
  std::uint32_t format = 1;  // newest that it reads and announces (tests: a later one)
  shared_log::Wrong wrong;
};

class Hub {
 public:
  explicit Hub(Settings settings);
  ~Hub();
  Hub(const Hub&) = delete;
  Hub& operator=(const Hub&) = delete;

  // Error: conflict, when another module has a row of these. Answers of rooms to questions:
  // «shared:state», «shared:members».
  [[nodiscard]] Status add_to(engine::Router& router);
  [[nodiscard]] static std::vector<engine::FacetFactory> facets(std::uint32_t format = 1);
  // Addressing of an engine with this module alone: role "hub".
  [[nodiscard]] engine::Settings engine_settings() const;

  struct Counts {
    std::uint64_t repeats = 0;  // dropped by origin
    std::uint64_t refused = 0;
    std::uint64_t bad_signatures = 0;
    std::uint64_t rewinds = 0;  // a node asked to be sent something again
    std::uint64_t forks = 0;
  };
  [[nodiscard]] const Counts& counts() const;

  struct Parts;

 private:
  std::unique_ptr<Parts> parts_;
};

}  // namespace hansa::hub
