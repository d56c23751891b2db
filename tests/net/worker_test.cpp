#include "net/worker.h"

#include <doctest/doctest.h>

#include <thread>
#include <vector>

#include "tests/net/await.h"

using namespace hansa;
using namespace hansa::net;
using namespace hansa::net::testing;

TEST_CASE("worker: takes all that was posted in one batch, in order, then tells") {
  const SystemClock clock;
  std::vector<int> order;
  int batches = 0;
  Worker worker("decide", clock);
  worker.after_batch([&] {
    ++batches;
    order.push_back(-1);
  });
  for (int i = 0; i < 5; ++i) worker.post([&order, i] { order.push_back(i); });
  CHECK(worker.waiting() == 5);
  worker.start();
  worker.stop();
  worker.join();
  CHECK(order == std::vector<int>{0, 1, 2, 3, 4, -1});
  CHECK(batches == 1);
  CHECK(worker.waiting() == 0);
}

TEST_CASE("worker: what is posted while it runs is another batch, and still runs at stop") {
  const SystemClock clock;
  std::vector<int> order;
  Worker worker("decide", clock);
  worker.after_batch([&] { order.push_back(-1); });
  worker.post([&] { worker.post([&order] { order.push_back(2); }); });
  worker.start();
  worker.stop();
  worker.join();
  CHECK(order == std::vector<int>{-1, 2, -1});
}

TEST_CASE("worker: many threads may post") {
  const SystemClock clock;
  int count = 0;
  Worker worker("decide", clock);
  worker.start();
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 1000; ++i) worker.post([&count] { ++count; });
    });
  }
  for (std::thread& thread : threads) thread.join();
  worker.stop();
  worker.join();
  CHECK(count == 4000);
}

TEST_CASE("worker: timers run when due, in order of time, unless cancelled") {
  const SystemClock clock;
  Watched<std::vector<int>> fired;
  const auto fire = [&fired](int what) {
    return [&fired, what] { fired.change([what](auto& all) { all.push_back(what); }); };
  };
  Worker worker("decide", clock);
  const MonoTime now = clock.mono();
  worker.run_at(now + Millis(30), fire(3));
  worker.run_at(now + Millis(10), fire(1));
  const Worker::TimerId cancelled = worker.run_at(now + Millis(20), fire(2));
  worker.cancel(cancelled);
  worker.cancel(cancelled);
  worker.cancel(999);
  worker.start();
  CHECK(fired.wait([](const auto& all) { return all.size() == 2; }));
  CHECK(fired.get() == std::vector<int>{1, 3});
}

TEST_CASE("worker: a timer set by posted work wakes it") {
  const SystemClock clock;
  Watched<int> fired;
  Worker worker("decide", clock);
  worker.start();
  worker.post(
      [&] { worker.run_at(clock.mono() + Millis(5), [&] { fired.change([](int& n) { ++n; }); }); });
  CHECK(fired.wait([](int n) { return n == 1; }));
}

TEST_CASE("worker: timers are forgotten at stop") {
  const SystemClock clock;
  int fired = 0;
  {
    Worker worker("decide", clock);
    worker.run_at(clock.mono() + Millis(60'000), [&] { ++fired; });
    worker.start();
  }
  CHECK(fired == 0);
}
