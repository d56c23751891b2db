#pragma once
// A machine with one of the programs on it, node or hub: a disk, clocks, and a process: the real
// engine with the real module. A crash may come between any two things that its disk does; what
// survives it is the disk, or an older copy of it.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "modules/hub/hub.h"
#include "modules/shared-rooms/shared_rooms.h"
#include "storage/simulated_store.h"
#include "tests/sim/links/planted.h"
#include "tests/sim/memory.h"
#include "tests/sim/schedule.h"

namespace hansa::sim::links {

class Party {
 public:
  // What a process reaches of the world around it.
  struct World {
    std::function<void()> attach;  // started: links may come up
    std::function<void()> detach;  // gone
    std::function<void(std::string_view link, std::string_view bytes)> write;
    std::function<void(std::string_view link, engine::Mark)> confirm;
    std::function<std::size_t(std::string_view link)> queued;
    WatchedStore::Written written;
    Owner owner = 0;  // of what it allocates
  };
  Party(Schedule& schedule, std::string name, std::variant<hub::Settings, shared_rooms::Settings>,
        World world, Planted planted);
  ~Party();
  Party(const Party&) = delete;
  Party& operator=(const Party&) = delete;

  void start();
  void crash();
  // After so many more things that its disk does; back after `down`.
  void crash_after(std::uint64_t events, Millis down);
  void no_crash() { crash_in_ = 0; }
  [[nodiscard]] bool running() const { return process_ != nullptr; }
  [[nodiscard]] bool idle() const;
  [[nodiscard]] std::size_t rooms_loaded() const;
  [[nodiscard]] const Memory& memory() const { return memory_of(world_.owner); }
  // Starts of its process.
  [[nodiscard]] std::uint64_t lives() const { return lives_; }

  // Comes back, after `down`, as a program of the next format.
  void upgrade(Millis down);
  [[nodiscard]] std::uint32_t format() const;

  void set_faults(const storage::Faults& faults);
  void jump(Millis step) { wall_offset_ += step; }
  void back_up();
  // Crashes, puts the backup in the disk's place and comes back after `down`. False: none taken.
  [[nodiscard]] bool restore(Millis down);

  // From the links; nothing while it does not run.
  void on_link(std::string_view link, bool up);
  void on_stanza(std::string_view link, xmpp::Stanza stanza);
  void on_confirmed(std::string_view link, engine::Mark mark);
  void on_drained(std::string_view link);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const std::string& role() const { return role_; }
  [[nodiscard]] const storage::Image& image() const { return disk_->image; }
  [[nodiscard]] const storage::Image* backup() const { return backup_ ? &*backup_ : nullptr; }

 private:
  struct Process;
  void count_down();  // a thing that the disk does

  Schedule& schedule_;
  std::string name_;
  std::string role_;
  std::variant<hub::Settings, shared_rooms::Settings> settings_;
  World world_;
  Planted planted_;
  std::shared_ptr<storage::Disk> disk_ = std::make_shared<storage::Disk>();
  std::optional<storage::Image> backup_;
  storage::Faults faults_;
  Millis wall_offset_{0};
  std::unique_ptr<Process> process_;
  std::uint64_t lives_ = 0;
  std::uint64_t first_seed_ = 0;
  std::uint64_t crash_in_ = 0;  // 0: not
  Millis down_{0};
};

}  // namespace hansa::sim::links
