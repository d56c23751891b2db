#include "net/loop.h"

#include <doctest/doctest.h>

#include <csignal>
#include <thread>
#include <vector>

#include "net/signals.h"
#include "net/timer.h"
#include "tests/net/await.h"

using namespace hansa;
using namespace hansa::net;
using namespace hansa::net::testing;

TEST_CASE("loop: what one thread posts runs in its order, on the loop's thread") {
  Loop loop;
  std::vector<int> order;
  for (int i = 0; i < 100; ++i) loop.post([&order, i] { order.push_back(i); });
  CHECK(order.empty());
  loop.start();
  bool on_thread = false;
  on(loop, [&] { on_thread = loop.on_thread(); });
  CHECK(on_thread);
  CHECK_FALSE(loop.on_thread());
  REQUIRE(order.size() == 100);
  CHECK(order[99] == 99);
}

TEST_CASE("loop: what was posted before stop still runs") {
  int count = 0;
  Loop loop;
  loop.start();
  for (int i = 0; i < 1000; ++i) loop.post([&count] { ++count; });
  loop.stop();
  loop.join();
  CHECK(count == 1000);
}

TEST_CASE("loop: many threads may post") {
  int count = 0;
  {
    Loop loop;
    loop.start();
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 1000; ++i) loop.post([&count] { ++count; });
      });
    }
    for (std::thread& thread : threads) thread.join();
    loop.stop();
    loop.join();
  }
  CHECK(count == 4000);
}

TEST_CASE("timer: the last start counts, and a cancelled one never runs") {
  Loop loop;
  loop.start();
  Watched<std::vector<int>> fired;
  const auto fire = [&fired](int what) {
    return [&fired, what] { fired.change([what](auto& all) { all.push_back(what); }); };
  };
  std::unique_ptr<Timer> kept;
  std::unique_ptr<Timer> cancelled;
  std::unique_ptr<Timer> destroyed;
  on(loop, [&] {
    kept = std::make_unique<Timer>(loop);
    cancelled = std::make_unique<Timer>(loop);
    destroyed = std::make_unique<Timer>(loop);
    kept->start(Millis(0), fire(1));
    kept->start(Millis(20), fire(2));
    cancelled->start(Millis(0), fire(3));
    cancelled->cancel();
    destroyed->start(Millis(0), fire(4));
    destroyed.reset();
  });
  CHECK(fired.wait([](const auto& all) { return !all.empty(); }));
  on(loop, [&] {
    CHECK_FALSE(kept->running());
    kept.reset();
    cancelled.reset();
  });
  CHECK(fired.get() == std::vector<int>{2});
}

TEST_CASE("timer: may start itself again, and destroy itself") {
  Loop loop;
  loop.start();
  Watched<int> count;
  std::unique_ptr<Timer> timer;
  std::function<void()> again = [&] {
    count.change([](int& n) { ++n; });
    if (count.get() < 3) return timer->start(Millis(1), again);
    timer.reset();
  };
  on(loop, [&] {
    timer = std::make_unique<Timer>(loop);
    timer->start(Millis(1), again);
  });
  CHECK(count.wait([](int n) { return n == 3; }));
  on(loop, [&] { CHECK(timer == nullptr); });
}

TEST_CASE("signals: SIGHUP is reload, SIGTERM and SIGINT are the end") {
  Loop loop;
  Watched<std::vector<Signal>> came;
  auto signals = std::make_unique<Signals>(
      loop, [&](Signal signal) { came.change([&](auto& all) { all.push_back(signal); }); });
  loop.start();
  for (const auto& [number, meaning] :
       {std::pair{SIGHUP, Signal::reload}, std::pair{SIGTERM, Signal::end},
        std::pair{SIGINT, Signal::end}}) {
    const std::size_t before = came.get().size();
    std::raise(number);
    CHECK(came.wait([&](const auto& all) { return all.size() == before + 1; }));
    CHECK(came.get().back() == meaning);
  }
  on(loop, [&] { signals.reset(); });
}
