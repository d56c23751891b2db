#pragma once
// Random bytes as an interface: the engine draws them from the machine, the simulator from a seed.
// Ids are random and never derived from numbers (design §3), so that they say nothing.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace hansa {

class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<std::uint8_t> out) = 0;
};

// The machine's cryptographically secure generator (OpenSSL). Ends the process if it fails: there
// is no safe way to go on without it.
class SystemRandom final : public Random {
 public:
  void fill(std::span<std::uint8_t> out) override;
};

// A sequence that its seed determines, for the simulator and tests (SplitMix64).
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed) {}
  void fill(std::span<std::uint8_t> out) override;
  // Uniform in [0, bound); bound > 0.
  [[nodiscard]] std::uint64_t below(std::uint64_t bound);
  [[nodiscard]] std::uint64_t next();

 private:
  std::uint64_t state_;
};

// `length` random characters of lower-case base32 (a–z, 2–7), five bits each.
[[nodiscard]] std::string random_token(Random& random, std::size_t length);
[[nodiscard]] std::uint64_t random_number(Random& random);

}  // namespace hansa
