#include "base/line.h"

#include <doctest/doctest.h>

#include <deque>
#include <memory>

#include "base/random.h"

using hansa::Line;

TEST_CASE("line: behaves as a deque, whatever is done to it") {
  hansa::SeededRandom random(1);
  Line<std::uint64_t> line;
  std::deque<std::uint64_t> model;
  for (std::uint64_t step = 0; step < 20'000; ++step) {
    const std::uint64_t what = random.below(100);
    if (what < 50) {
      line.push_back(step);
      model.push_back(step);
    } else if (what < 55) {
      line.push_front(step);
      model.push_front(step);
    } else if (what < 97 && !model.empty()) {
      REQUIRE(line.front() == model.front());
      line.pop_front();
      model.pop_front();
    } else if (what == 98) {
      const auto third = [](std::uint64_t item) { return item % 3 == 0; };
      line.erase_if(third);
      std::erase_if(model, third);
    } else if (what == 99) {
      const std::vector<std::uint64_t> more{step, step + 1, step + 2};
      line.insert_front(more.begin(), more.end());
      model.insert(model.begin(), more.begin(), more.end());
    }
    REQUIRE(line.size() == model.size());
    REQUIRE(line.empty() == model.empty());
    if (step % 100 == 0) {
      REQUIRE(std::deque<std::uint64_t>(line.begin(), line.end()) == model);
      REQUIRE(std::deque<std::uint64_t>(line.rbegin(), line.rend()) ==
              std::deque<std::uint64_t>(model.rbegin(), model.rend()));
    }
    if (!model.empty()) {
      REQUIRE(line.back() == model.back());
      REQUIRE(line[model.size() / 2] == model[model.size() / 2]);
    }
  }
}

TEST_CASE("line: what is popped is let go at once") {
  Line<std::shared_ptr<int>> line;
  const auto held = std::make_shared<int>(1);
  line.push_back(held);
  line.push_back(nullptr);
  CHECK(held.use_count() == 2);
  line.pop_front();
  CHECK(held.use_count() == 1);
}
