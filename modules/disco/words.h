#pragma once
// The words that somebody searches for, in any case and order; what stands in quotes is one.

#include <string>
#include <string_view>
#include <vector>

namespace hansa::disco {

class Words {
 public:
  explicit Words(std::string_view terms);
  // Each of them is somewhere in `text`.
  [[nodiscard]] bool all_in(std::string_view text) const;

 private:
  std::vector<std::string> words_;  // folded
};

}  // namespace hansa::disco
