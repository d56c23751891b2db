#pragma once
// The node of the simulator: the real engine and modules on a simulated disk and simulated links.
// A crash may come with any event of the schedule; what survives it is the disk.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "storage/simulated_store.h"
#include "tests/sim/hosts/node_links.h"
#include "tests/sim/watched_store.h"

namespace hansa::sim::hosts {

inline const std::string kRooms = "rooms.a.example";
inline const std::string kTeam = "team.a.example";
inline const std::string kSecret = "secret";

// Wrong on purpose, for the canary: each must be found.
enum class Planted {
  nothing,
  acknowledges_before_writing,  // the store says «durable» and writes a while later
  forgets_a_batch,              // it says «durable» and sometimes does not write
  drops_a_stanza,               // the links lose one now and then
  repeats_a_stanza,             // they write one twice
  acknowledges_a_change_first,  // as the first, of changes of the member list alone
  forgets_a_member,             // a room that is loaded sometimes lacks a member
  leaves_a_row,                 // the store sometimes does not write a batch's index
  tells_a_name,                 // what leaves for others bears a member's name
};

class Node {
 public:
  struct World {
    std::function<std::shared_ptr<Wire>(const std::string& domain)> dial;
    std::function<void(const xmpp::Stanza&)> leaves;   // written to a link
    std::function<void(const xmpp::Stanza&)> arrives;  // given to the engine
    std::function<void()> starts;
    WatchedStore::Written written;
  };
  Node(Schedule& schedule, std::shared_ptr<storage::Disk> disk, World world, Planted planted);
  ~Node();

  void start();
  void crash();
  void stop(std::function<void()> stopped);  // orderly
  void set_faults(const storage::Faults& faults);
  [[nodiscard]] bool running() const { return process_ != nullptr; }
  [[nodiscard]] bool links_up() const;
  [[nodiscard]] bool idle() const;

 private:
  struct Process;
  void wind_down(MonoTime until, std::function<void()> stopped);
  Schedule& schedule_;
  std::shared_ptr<storage::Disk> disk_;
  World world_;
  Planted planted_;
  storage::Faults faults_;
  std::uint64_t lives_ = 0;
  std::unique_ptr<Process> process_;
};

}  // namespace hansa::sim::hosts
