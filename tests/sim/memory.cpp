#include "tests/sim/memory.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdlib>
#include <new>
#include <utility>

namespace hansa::sim {
namespace {

Owner present = 0;
std::array<Memory, kMostOwners> all{};

}  // namespace

const Memory& memory_of(Owner owner) { return all[owner]; }
void forget_most(Owner owner) { all[owner].most = all[owner].bytes; }

OwnedBy::OwnedBy(Owner owner) : before_(std::exchange(present, owner)) {
  assert(owner < kMostOwners);
}
OwnedBy::~OwnedBy() { present = before_; }

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

namespace {

// Pieces of up to kLargest bytes come from lists, one for each size, and go back to them; larger
// ones are malloc's.
constexpr std::size_t kStep = 16;
constexpr std::size_t kLargest = 1024;
constexpr std::size_t kBlock = 256 * 1024;

// In front of each piece.
struct alignas(kStep) Front {
  std::size_t size;  // rounded up
  Owner owner;
};
static_assert(sizeof(Front) == kStep);
struct Free {
  Free* next;
};

std::array<Free*, kLargest / kStep + 1> lists{};
char* block = nullptr;
std::size_t left = 0;

void* good(void* piece) {
  if (piece == nullptr) std::abort();
  return piece;
}

void* place_for(std::size_t size) {
  if (size > kLargest) return good(std::malloc(size + sizeof(Front)));
  if (Free* const free = lists[size / kStep]; free != nullptr) {
    lists[size / kStep] = free->next;
    return reinterpret_cast<Front*>(free) - 1;
  }
  if (left < size + sizeof(Front)) {
    block = static_cast<char*>(good(std::malloc(kBlock)));
    left = kBlock;
  }
  left -= size + sizeof(Front);
  return std::exchange(block, block + size + sizeof(Front));
}

void* take(std::size_t wanted) {
  const std::size_t size = std::max(kStep, (wanted + kStep - 1) / kStep * kStep);
  auto* const front = new (place_for(size)) Front{size, present};
  Memory& its = all[present];
  its.bytes += size;
  its.most = std::max(its.most, its.bytes);
  return front + 1;
}

void give(void* piece) noexcept {
  if (piece == nullptr) return;
  Front* const front = static_cast<Front*>(piece) - 1;
  all[front->owner].bytes -= front->size;
  if (front->size > kLargest) return std::free(front);
  Free*& list = lists[front->size / kStep];
  list = new (piece) Free{list};
}

}  // namespace

#endif

}  // namespace hansa::sim

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

void* operator new(std::size_t size) { return hansa::sim::take(size); }
void operator delete(void* piece) noexcept { hansa::sim::give(piece); }
void operator delete(void* piece, std::size_t) noexcept { hansa::sim::give(piece); }

#endif
