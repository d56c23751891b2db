#pragma once
// Timers of all rooms: durable ones by wall time (kept as notes of their rooms and in the shard's
// index; those due soon are here), wakes by monotonic time. Private to engine/.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "xmpp/jid.h"

namespace hansa::engine {

class RoomExecutor;

struct DueTimer {
  std::string address;  // of the room
  std::string name;
  std::int64_t due_ms;
};
// A room that left memory meanwhile is loaded at that time and told Life::woken: what it had in
// mind it makes up anew from its state then.
struct DueWake {
  xmpp::Jid address;
  std::weak_ptr<RoomExecutor> room;
  std::uint64_t generation;  // of that room in memory; void in another
  std::string name;
};

class Timers {
 public:
  // Passed over if it is due at the horizon or later: it is in the index.
  void add(std::string address, std::string name, WallTime due);
  // All durable timers before that time are here, or were read but not added yet.
  [[nodiscard]] WallTime horizon() const { return horizon_; }
  void extend(WallTime horizon) { horizon_ = horizon; }
  // The horizon is near: it is time to read on in the index.
  [[nodiscard]] bool look(WallTime now) const;
  void add_wake(DueWake wake, MonoTime due);
  [[nodiscard]] std::vector<DueTimer> due(WallTime now);
  [[nodiscard]] std::vector<DueWake> due_wakes(MonoTime now);
  // Of the service: forgotten with the process.
  void add_work(std::function<void()> work, MonoTime due);
  [[nodiscard]] std::vector<std::function<void()>> due_work(MonoTime now);
  // When to look again, at the latest.
  [[nodiscard]] MonoTime next(WallTime wall, MonoTime mono) const;

  // Index: timer/<due, 20 digits>/<log id>/<name> → address of the room.
  [[nodiscard]] static std::string key(WallTime due, const std::string& log_id,
                                       const std::string& name);
  [[nodiscard]] static std::optional<DueTimer> parse(const std::string& key,
                                                     const std::string& value);

 private:
  WallTime horizon_;
  // By (due, address, name): the same timer found twice is one. At most limits::kTimersHeld, but
  // for those of one millisecond.
  std::map<std::pair<std::int64_t, std::pair<std::string, std::string>>, char> timers_;
  std::multimap<std::int64_t, DueWake> wakes_;
  std::multimap<std::int64_t, std::function<void()>> work_;
};

}  // namespace hansa::engine
