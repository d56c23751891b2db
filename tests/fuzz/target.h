#pragma once
// What every fuzz target shares. A target is one .cpp file here: run() takes any bytes, and ends
// the process where a property does not hold. Built twice: with driver.cpp for the unit tests, and
// with libFuzzer (preset fuzz). README.md says how to run, and what to do with a finding.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace hansa::fuzz {

void run(std::string_view bytes);

// `rule` is a sentence that is true of every input.
inline void holds(bool condition, std::string_view rule) {
  if (condition) return;
  std::fprintf(stderr, "does not hold: %.*s\n", static_cast<int>(rule.size()), rule.data());
  std::abort();
}

// The input as a row of pieces, so that one input can hold several texts: a piece is its length
// (u16, big-endian) and its bytes; the last one is cut where the input ends.
class Pieces {
 public:
  explicit Pieces(std::string_view bytes) : rest_(bytes) {}
  [[nodiscard]] bool empty() const { return rest_.empty(); }
  [[nodiscard]] std::uint8_t byte() {
    if (rest_.empty()) return 0;
    const auto first = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return first;
  }
  [[nodiscard]] std::string_view text() {
    const std::size_t high = byte();
    const std::string_view piece = rest_.substr(0, high << 8 | byte_of_length());
    rest_.remove_prefix(piece.size());
    return piece;
  }

 private:
  std::size_t byte_of_length() { return byte(); }
  std::string_view rest_;
};

}  // namespace hansa::fuzz
