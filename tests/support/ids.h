#pragma once
// Ids that say nothing (design §3, Ids), as far as a look at some of them can tell.

#include <algorithm>
#include <string>
#include <vector>

namespace hansa::test {

// Empty if no two of them begin or end alike, and they neither count up nor down; else why not.
// Random ones of base32 share eight characters once in a million millions.
[[nodiscard]] inline std::string what_ids_say(std::vector<std::string> ids) {
  constexpr std::ptrdiff_t kAlike = 8;
  if (std::ranges::is_sorted(ids)) return "they count up";
  if (std::ranges::is_sorted(ids, std::ranges::greater())) return "they count down";
  const auto alike = [](const std::string& a, const std::string& b) {
    const auto from_start = std::ranges::mismatch(a, b).in1 - a.begin();
    const auto from_end = std::mismatch(a.rbegin(), a.rend(), b.rbegin(), b.rend()).first;
    return std::max(from_start, from_end - a.rbegin()) >= kAlike;
  };
  for (int turned = 0; turned < 2; ++turned) {
    std::ranges::sort(ids);  // those that begin alike are neighbours
    const auto two = std::ranges::adjacent_find(ids, alike);
    if (two != ids.end()) return *two + " is like " + *std::next(two);
    for (std::string& id : ids) std::ranges::reverse(id);
  }
  return {};
}

}  // namespace hansa::test
