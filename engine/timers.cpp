#include "engine/timers.h"

#include <algorithm>
#include <cstdio>

#include "base/limits.h"
#include "engine/letters.h"

namespace hansa::engine {
namespace {

constexpr std::int64_t kLook_ms = 1000;  // wall time may jump: never trust a longer wait

template <typename T>
std::vector<T> take_due(std::multimap<std::int64_t, T>& waiting, MonoTime now) {
  std::vector<T> out;
  while (!waiting.empty() && waiting.begin()->first <= now.ms) {
    out.push_back(std::move(waiting.begin()->second));
    waiting.erase(waiting.begin());
  }
  return out;
}

}  // namespace

void Timers::add(std::string address, std::string name, WallTime due) {
  if (due >= horizon_) return;
  timers_.emplace(std::pair(due.ms, std::pair(std::move(address), std::move(name))), 0);
  if (timers_.size() <= limits::kTimersHeld) return;
  const std::int64_t last = timers_.rbegin()->first.first;
  if (timers_.begin()->first.first == last) return;
  timers_.erase(timers_.lower_bound({last, {}}), timers_.end());
  horizon_ = {last};
}

bool Timers::look(WallTime now) const {
  return horizon_.ms < now.ms + limits::kTimersAhead_ms / 2 &&
         timers_.size() < limits::kTimersHeld / 2;
}

void Timers::add_wake(DueWake wake, MonoTime due) { wakes_.emplace(due.ms, std::move(wake)); }

std::vector<DueTimer> Timers::due(WallTime now) {
  std::vector<DueTimer> out;
  while (!timers_.empty() && timers_.begin()->first.first <= now.ms) {
    auto node = timers_.extract(timers_.begin());
    auto& [when, who] = node.key();
    out.push_back({who.first, who.second, when});
  }
  return out;
}

std::vector<DueWake> Timers::due_wakes(MonoTime now) { return take_due(wakes_, now); }

void Timers::add_work(std::function<void()> work, MonoTime due) {
  work_.emplace(due.ms, std::move(work));
}

std::vector<std::function<void()>> Timers::due_work(MonoTime now) { return take_due(work_, now); }

MonoTime Timers::next(WallTime wall, MonoTime mono) const {
  std::int64_t wait = kLook_ms;
  if (!timers_.empty()) wait = std::min(wait, timers_.begin()->first.first - wall.ms);
  if (!wakes_.empty()) wait = std::min(wait, wakes_.begin()->first - mono.ms);
  if (!work_.empty()) wait = std::min(wait, work_.begin()->first - mono.ms);
  return {mono.ms + std::max<std::int64_t>(wait, 0)};
}

std::string Timers::key(WallTime due, const std::string& log_id, const std::string& name) {
  char digits[24];
  std::snprintf(digits, sizeof(digits), "%020lld", static_cast<long long>(due.ms));
  return "timer/" + std::string(digits) + "/" + log_id + "/" + name;
}

std::optional<DueTimer> Timers::parse(const std::string& key, const std::string& value) {
  const std::size_t stamp = key.find('/');
  const std::size_t log = stamp == std::string::npos ? stamp : key.find('/', stamp + 1);
  const std::size_t name = log == std::string::npos ? log : key.find('/', log + 1);
  if (name == std::string::npos) return std::nullopt;
  const auto due = static_cast<std::int64_t>(
      text_number(std::string_view(key).substr(stamp + 1, log - stamp - 1)));
  return DueTimer{value, key.substr(name + 1), due};
}

}  // namespace hansa::engine
