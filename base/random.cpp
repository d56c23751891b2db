#include "base/random.h"

#include <openssl/rand.h>

#include <cassert>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "base/encoding.h"

namespace hansa {

void SystemRandom::fill(std::span<std::uint8_t> out) {
  if (RAND_bytes(out.data(), static_cast<int>(out.size())) != 1) std::abort();
}

std::uint64_t SeededRandom::next() {
  state_ += 0x9E3779B97F4A7C15ULL;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}

void SeededRandom::fill(std::span<std::uint8_t> out) {
  for (std::uint8_t& byte : out) byte = static_cast<std::uint8_t>(next() >> 56);
}

std::uint64_t SeededRandom::below(std::uint64_t bound) {
  assert(bound > 0);
  return next() % bound;
}

std::string random_token(Random& random, std::size_t length) {
  std::vector<std::uint8_t> bytes((length * 5 + 7) / 8);
  random.fill(bytes);
  return base32(bytes).substr(0, length);
}

std::uint64_t random_number(Random& random) {
  std::uint64_t number = 0;
  std::uint8_t bytes[sizeof(number)];
  random.fill(bytes);
  std::memcpy(&number, bytes, sizeof(number));
  return number;
}

}  // namespace hansa
