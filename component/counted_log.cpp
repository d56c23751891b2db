#include "component/counted_log.h"

namespace hansa::component {
namespace {

constexpr Millis kBetween{60'000};

}  // namespace

void CountedLog::warn(std::string_view kind, std::string_view text) {
  const MonoTime now = clock_.mono();
  const auto found = lines_.find(kind);
  if (found == lines_.end()) {
    lines_.emplace(std::string(kind), Line{now, 0});
    return log_.warn("component", text);
  }
  Line& line = found->second;
  if (now - line.last < kBetween) {
    ++line.unsaid;
    return;
  }
  std::string said(text);
  if (line.unsaid > 0) said += " (and " + std::to_string(line.unsaid) + " more before it)";
  line = Line{now, 0};
  log_.warn("component", said);
}

}  // namespace hansa::component
