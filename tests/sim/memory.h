#pragma once
// Whose memory it is: what a party allocates while it runs is counted for it until it is freed,
// whoever frees it. Nobody's is what the world around allocates. (Also quicker than malloc, of
// which a history asks for millions of small pieces.) Not under sanitizers: there all counts are 0.

#include <cstddef>
#include <cstdint>

namespace hansa::sim {

// A number; 0 is nobody.
using Owner = std::uint32_t;
inline constexpr Owner kMostOwners = 64;

struct Memory {
  std::size_t bytes = 0;
  std::size_t most = 0;  // since it was forgotten
};
[[nodiscard]] const Memory& memory_of(Owner owner);
void forget_most(Owner owner);

// As long as it lives, what is allocated is that owner's.
class OwnedBy {
 public:
  explicit OwnedBy(Owner owner);
  ~OwnedBy();
  OwnedBy(const OwnedBy&) = delete;
  OwnedBy& operator=(const OwnedBy&) = delete;

 private:
  Owner before_;
};

}  // namespace hansa::sim
