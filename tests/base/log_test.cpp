#include "base/log.h"

#include <doctest/doctest.h>

#include <string>

using namespace hansa;

TEST_CASE("log: what a client wrote cannot forge a line") {
  struct Row {
    std::string_view text;
    std::string_view quoted;
  };
  const Row rows[] = {
      {"", "\"\""},
      {"plain", "\"plain\""},
      {"a\nerror: b", "\"a\\x0aerror: b\""},
      {"a\r\t\x1b[31m", "\"a\\x0d\\x09\\x1b[31m\""},
      {"say \"hi\"", "\"say \\\"hi\\\"\""},
      {"back\\slash", "\"back\\\\slash\""},
      {"\x7f", "\"\\x7f\""},
      {"Grüße", "\"Grüße\""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(quoted(row.text) == row.quoted);
  }
  CHECK(quoted(std::string_view("a\0b", 3)) == "\"a\\x00b\"");
}

TEST_CASE("log: a long text is cut, and says so") {
  CHECK(quoted(std::string(200, 'x')) == '"' + std::string(200, 'x') + '"');
  CHECK(quoted(std::string(201, 'x')) == '"' + std::string(200, 'x') + "…\"");
}

TEST_CASE("log: a long text is not cut amid a character") {
  const std::string most(198, 'x');
  CHECK(quoted(most + "ä" + "y") == '"' + most + "ä…\"");
  CHECK(quoted(most + "yäz") == '"' + most + "y…\"");
  CHECK(quoted(most + "€") == '"' + most + "…\"");
  CHECK(quoted(most.substr(1) + "🍋") == '"' + most.substr(1) + "…\"");
  CHECK(quoted(most.substr(2) + "🍋") == '"' + most.substr(2) + "🍋\"");
  // What is no UTF-8 is cut where the limit falls.
  CHECK(quoted(std::string(300, '\x80')) == '"' + std::string(200, '\x80') + "…\"");
}

TEST_CASE("log: each level has its word") {
  struct Lines final : Log {
    void write(LogLevel level, std::string_view area, std::string_view text) override {
      all += std::to_string(static_cast<int>(level)) + " " + std::string(area) + ": " +
             std::string(text) + "\n";
    }
    std::string all;
  };
  Lines lines;
  lines.debug("a", "1");
  lines.info("b", "2");
  lines.warn("c", "3");
  lines.error("d", "4");
  CHECK(lines.all == "0 a: 1\n1 b: 2\n2 c: 3\n3 d: 4\n");
  NoLog().error("a", "nobody hears");
  stderr_log(LogLevel::error)->info("test", "below the level: not written");
}
