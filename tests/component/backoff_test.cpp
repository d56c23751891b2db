#include "component/backoff.h"

#include <doctest/doctest.h>

using namespace hansa;
using namespace hansa::component;

TEST_CASE("backoff: doubles up to the longest, with jitter down to the half") {
  SeededRandom random(3);
  Backoff backoff({Millis(500), Millis(30'000)}, random);
  std::int64_t whole = 500;
  for (int failure = 0; failure < 100; ++failure) {
    const Millis wait = backoff.next();
    CHECK(wait.count() >= whole / 2);
    CHECK(wait.count() <= whole);
    whole = std::min<std::int64_t>(whole * 2, 30'000);
  }
}

TEST_CASE("backoff: two components do not come back together") {
  SeededRandom one(1);
  SeededRandom two(2);
  Backoff first({Millis(500), Millis(30'000)}, one);
  Backoff second({Millis(500), Millis(30'000)}, two);
  int same = 0;
  for (int failure = 0; failure < 20; ++failure) same += first.next() == second.next() ? 1 : 0;
  CHECK(same < 3);
}

TEST_CASE("backoff: a link that lasted begins anew, one that fell at once does not") {
  SeededRandom random(3);
  Backoff backoff({Millis(500), Millis(30'000)}, random);
  for (int failure = 0; failure < 10; ++failure) (void)backoff.next();
  backoff.was_up(Millis(29'999));
  CHECK(backoff.next() >= Millis(15'000));
  backoff.was_up(Millis(30'000));
  CHECK(backoff.next() <= Millis(500));
}
