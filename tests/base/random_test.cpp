#include "base/random.h"

#include <doctest/doctest.h>

#include <array>
#include <set>
#include <string>

using namespace hansa;

TEST_CASE("random: a seed determines the sequence") {
  SeededRandom a(1);
  SeededRandom b(1);
  SeededRandom c(2);
  const std::uint64_t first = a.next();
  CHECK(b.next() == first);
  CHECK(c.next() != first);
  CHECK(SeededRandom(0).next() == 0xE220A8397B1DCDAFULL);  // SplitMix64's first from seed 0
}

TEST_CASE("random: below stays below, and reaches everything") {
  SeededRandom random(3);
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 200; ++i) {
    const std::uint64_t number = random.below(7);
    REQUIRE(number < 7);
    seen.insert(number);
  }
  CHECK(seen.size() == 7);
  CHECK(random.below(1) == 0);
}

TEST_CASE("random: a token has its length and only letters of base32") {
  SeededRandom random(4);
  for (std::size_t length = 0; length < 40; ++length) {
    const std::string token = random_token(random, length);
    CHECK(token.size() == length);
    CHECK(token.find_first_not_of("abcdefghijklmnopqrstuvwxyz234567") == std::string::npos);
  }
}

TEST_CASE("random: the machine's bytes do not repeat") {
  SystemRandom random;
  std::set<std::string> tokens;
  for (int i = 0; i < 100; ++i) CHECK(tokens.insert(random_token(random, 26)).second);
  CHECK(random_number(random) != random_number(random));
}
