#include "base/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <array>

namespace hansa {
namespace {

class StderrLog final : public Log {
 public:
  explicit StderrLog(LogLevel least)
      : logger_("hansa", std::make_shared<spdlog::sinks::stderr_sink_mt>()) {
    logger_.set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %v");
    logger_.set_level(level_of(least));
    logger_.flush_on(spdlog::level::debug);
  }

  void write(LogLevel level, std::string_view area, std::string_view text) override {
    logger_.log(level_of(level), "{}: {}", area, text);
  }

 private:
  static spdlog::level::level_enum level_of(LogLevel level) {
    constexpr std::array kLevels{spdlog::level::debug, spdlog::level::info, spdlog::level::warn,
                                 spdlog::level::err};
    return kLevels[static_cast<std::size_t>(level)];
  }

  spdlog::logger logger_;
};

// The last end of a UTF-8 character at or before `at`.
std::size_t character_border(std::string_view text, std::size_t at) {
  constexpr std::size_t kLongest = 4;
  if (at >= text.size()) return text.size();
  for (std::size_t border = at; border > 0 && border + kLongest > at; --border) {
    if ((static_cast<unsigned char>(text[border]) & 0xc0) != 0x80) return border;
  }
  return at;  // it is no UTF-8
}

}  // namespace

std::unique_ptr<Log> stderr_log(LogLevel least) { return std::make_unique<StderrLog>(least); }

std::string quoted(std::string_view text) {
  constexpr std::size_t kMost = 200;
  constexpr char kDigits[] = "0123456789abcdef";
  std::string out = "\"";
  const std::string_view shown = text.substr(0, character_border(text, kMost));
  for (const char c : shown) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7f) {
      out += "\\x";
      out += kDigits[byte >> 4];
      out += kDigits[byte & 15];
    } else {
      out += c;
    }
  }
  out += shown.size() < text.size() ? "…\"" : "\"";
  return out;
}

}  // namespace hansa
