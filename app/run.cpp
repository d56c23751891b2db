// hansa run: the life of the process around a node.

#include <unistd.h>

#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <mutex>

#include "app/commands.h"
#include "app/config.h"
#include "app/node.h"
#include "net/signals.h"

namespace hansa::app {
namespace {

// Signals come on a loop of their own, so that a second one is heard whatever the node does.
class SignalQueue {
 public:
  explicit SignalQueue(Log& log)
      : log_(log), loop_("signals"), signals_(loop_, [this](net::Signal s) { put(s); }) {
    loop_.start();
  }

  [[nodiscard]] net::Signal next() {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] { return !waiting_.empty(); });
    const net::Signal signal = waiting_.front();
    waiting_.pop_front();
    return signal;
  }

 private:
  void put(net::Signal signal) {
    const std::lock_guard lock(mutex_);
    if (signal == net::Signal::end && std::exchange(ending_, true)) {
      log_.warn("node", "a second signal: ending at once");
      std::_Exit(EXIT_FAILURE);
    }
    waiting_.push_back(signal);
    wake_.notify_one();
  }

  Log& log_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<net::Signal> waiting_;
  bool ending_ = false;
  net::Loop loop_;
  net::Signals signals_;
};

}  // namespace

int run(const std::string& config_file) {
  const std::unique_ptr<Log> log = stderr_log(LogLevel::info);
  ConfigRead read = read_config(config_file);
  for (const Problem& problem : read.problems) {
    std::fprintf(stderr, "%s\n", describe(problem, config_file).c_str());
  }
  if (!read.config) return EXIT_FAILURE;
  SignalQueue signals(*log);
  Node node(std::move(*read.config), version(), *log);
  if (const Status opened = node.open(); !opened) {
    log->error("node", "cannot start: " + std::string(opened.error().message()));
    return EXIT_FAILURE;
  }
  node.start();
  while (signals.next() == net::Signal::reload) node.reload();
  node.stop();
  return EXIT_SUCCESS;
}

}  // namespace hansa::app
