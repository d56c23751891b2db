#pragma once
// A node of rooms that act: the real engine with rooms and act-as on a simulated disk. A crash may
// come between any two things that its disk does; its host lives on.

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "storage/simulated_store.h"
#include "tests/sim/schedule.h"
#include "xmpp/stanza.h"

namespace hansa::sim::acting {

class Node {
 public:
  // To its host: a stanza as it was written; the process is gone.
  using Writes = std::function<void(xmpp::DocumentPtr)>;
  // Said by one of its rooms to another one, inside.
  using Within = std::function<void(const xmpp::Stanza&)>;
  // `planted`: may be a fault of its disk (planted.h).
  Node(Schedule& schedule, std::string name, Writes writes, Within within,
       std::string_view planted);
  ~Node();
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  void start();
  void crash();
  void crash_after(std::uint64_t disk_events, Millis down);
  // For that time its disk refuses, or says that it does not know.
  void disk_fails(Millis time);
  void spare() { crash_in_ = 0; }
  void on_stanza(xmpp::Stanza stanza);
  [[nodiscard]] bool up() const { return process_ != nullptr; }
  [[nodiscard]] bool idle() const;
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] bool is_mine(std::string_view domain) const {
    return domain == rooms_ || domain == identities_;
  }
  [[nodiscard]] std::uint64_t troubles() const { return troubles_; }

 private:
  struct Process;
  void count_down();

  Schedule& schedule_;
  std::string name_;
  std::string rooms_;
  std::string identities_;
  Writes writes_;
  Within within_;
  std::string_view planted_;
  std::shared_ptr<storage::Disk> disk_ = std::make_shared<storage::Disk>();
  std::unique_ptr<Process> process_;
  std::uint64_t crash_in_ = 0;
  Millis down_{0};
  std::uint64_t troubles_ = 0;
};

}  // namespace hansa::sim::acting
