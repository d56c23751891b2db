#pragma once
// What stands in for work and the log in tests of parties: work that is done when the test says so,
// lines that can be looked at.

#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/log.h"
#include "storage/simulated_store.h"

namespace hansa::test {

class WorkQueue final : public storage::Scheduler {
 public:
  void after(Millis, std::function<void()> work) override { work_.push_back(std::move(work)); }
  bool step() {
    if (work_.empty()) return false;
    const auto work = std::move(work_.front());
    work_.pop_front();
    work();
    return true;
  }

 private:
  std::deque<std::function<void()>> work_;
};

class LogLines final : public Log {
 public:
  void write(LogLevel, std::string_view, std::string_view text) override {
    lines.emplace_back(text);
  }
  [[nodiscard]] bool said(std::string_view part) const {
    for (const std::string& line : lines) {
      if (line.find(part) != std::string::npos) return true;
    }
    return false;
  }
  std::vector<std::string> lines;
};

}  // namespace hansa::test
