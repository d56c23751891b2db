#include "app/admin_request.h"

#include <doctest/doctest.h>

#include <array>

#include "base/limits.h"

namespace hansa::app {
namespace {

TEST_CASE("admin socket: a request is read as it was written") {
  for (const std::string line :
       {"room list", "room show support@rooms.a.example", "room log support@rooms.a.example",
        "room log support@rooms.a.example from=5 to=9 most=2",
        "room show support%bob\\40b.example@rooms.a.example"}) {
    CAPTURE(line);
    const Result<AdminRequest> request = parse_request(line);
    REQUIRE(request);
    CHECK(write_request(*request) == line);
  }
}

TEST_CASE("admin socket: anything else is refused with a text on one line") {
  for (const std::string_view line : {"",
                                      " ",
                                      "room",
                                      "room list x",
                                      "room  list",
                                      "list",
                                      "room show",
                                      "room show a@b c",
                                      "room show rooms.a.example",
                                      "room show a@b.example/nick",
                                      "room show @@",
                                      "room log a@b.example from",
                                      "room log a@b.example from=",
                                      "room log a@b.example from=-1",
                                      "room log a@b.example from=1x",
                                      "room log a@b.example from=99999999999999999999",
                                      "room log a@b.example most=1 other=2",
                                      "room destroy a@b.example",
                                      "room list\n",
                                      "\x01\xff"}) {
    CAPTURE(line);
    const Result<AdminRequest> request = parse_request(line);
    REQUIRE_FALSE(request);
    CHECK(request.error().text.find('\n') == std::string::npos);
    CHECK_FALSE(request.error().text.empty());
  }
  const std::string longest(limits::kAdminRequestBytes, ' ');
  CHECK_FALSE(parse_request(longest));
}

TEST_CASE("printable: nothing in it can move a terminal's cursor or forge a row") {
  CHECK(printable("plain, ünïcödé") == "plain, ünïcödé");
  CHECK(printable("a\tb\nc\\d") == "a\\x09b\\nc\\\\d");
  CHECK(printable("\x1b[2J\x7f") == "\\x1b[2J\\x7f");
  CHECK(printable("\xc2\x9b"
                  "2J") == "\\x9b2J");  // CSI as one character
  CHECK(printable("\xc2\xa0") == "\xc2\xa0");
  CHECK(printable("\xc2") == "\xc2");
}

}  // namespace
}  // namespace hansa::app
