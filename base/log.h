#pragma once
// The operator's log: one line an event, to stderr, with level, area and key=value pairs. Owned by
// main and handed down by reference. Text that a client could have written is passed through
// `quoted`, so that no line can be forged. Never throws.

#include <memory>
#include <string>
#include <string_view>

namespace hansa {

enum class LogLevel { debug, info, warning, error };

class Log {
 public:
  virtual ~Log() = default;
  virtual void write(LogLevel level, std::string_view area, std::string_view text) = 0;

  void debug(std::string_view area, std::string_view text) { write(LogLevel::debug, area, text); }
  void info(std::string_view area, std::string_view text) { write(LogLevel::info, area, text); }
  void warn(std::string_view area, std::string_view text) { write(LogLevel::warning, area, text); }
  void error(std::string_view area, std::string_view text) { write(LogLevel::error, area, text); }
};

// A log that forgets everything, for tests and tools.
class NoLog final : public Log {
 public:
  void write(LogLevel, std::string_view, std::string_view) override {}
};

// The process's log on stderr (spdlog behind it); safe from any thread.
[[nodiscard]] std::unique_ptr<Log> stderr_log(LogLevel least);

// `text` in double quotes, with control characters and quotes escaped, cut at 200 bytes.
[[nodiscard]] std::string quoted(std::string_view text);

}  // namespace hansa
