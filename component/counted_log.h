#pragma once
// A line that may come once per stanza, as one line per minute with a count: no client can fill the
// operator's log. Of the loop's thread.

#include <map>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/log.h"

namespace hansa::component {

class CountedLog {
 public:
  CountedLog(Log& log, const Clock& clock) : log_(log), clock_(clock) {}

  // `kind` is one of few constants: lines of one kind are counted together.
  void warn(std::string_view kind, std::string_view text);

 private:
  struct Line {
    MonoTime last;
    std::size_t unsaid = 0;
  };
  Log& log_;
  const Clock& clock_;
  std::map<std::string, Line, std::less<>> lines_;
};

}  // namespace hansa::component
