#include "app/admin_request.h"

#include <doctest/doctest.h>

#include <array>

#include "base/limits.h"
#include "modules/rooms/rooms.h"

namespace hansa::app {
namespace {

TEST_CASE("admin socket: a request is read with its values") {
  CHECK(std::holds_alternative<RoomList>(*parse_request("room list")));
  const auto shown = parse_request("room show support%bob\\40b.example@rooms.a.example");
  REQUIRE(shown);
  CHECK(std::get<RoomShow>(*shown).room.local() == "support%bob\\40b.example");
  const auto log = parse_request(
      "room log support@rooms.a.example from=5 to=9 since=2026-11-21 until=2026-11-21T10:00:00Z");
  REQUIRE(log);
  const auto& part = std::get<RoomLog>(*log);
  CHECK(part.from == 5);
  CHECK(part.to == 9);
  CHECK(to_datetime(*part.since) == "2026-11-21T00:00:00.000Z");
  CHECK(to_datetime(*part.until) == "2026-11-21T10:00:00.000Z");
  CHECK_FALSE(part.json);
  CHECK(std::get<RoomLog>(*parse_request("room log a@b.example most=2")).most == 2);
  CHECK(std::get<RoomLog>(*parse_request("room export a@b.example to=2")).json);
}

TEST_CASE("admin socket: a change is read with its values, decoded") {
  const auto create = parse_request(
      "room create tea@rooms.a.example owner=a@a.example muc#roomconfig_roomname=Tea%20%25%0a");
  REQUIRE(create);
  const auto& change = std::get<RoomChange>(*create);
  CHECK(change.room.text() == "tea@rooms.a.example");
  CHECK(change.topic == rooms::kOperatorCreate);
  CHECK(change.params.at("owner") == "a@a.example");
  CHECK(change.params.at("muc#roomconfig_roomname") == "Tea %\n");
  const auto added = parse_request("room members add tea@rooms.a.example who=b@a.example");
  REQUIRE(added);
  CHECK(std::get<RoomChange>(*added).params.at("affiliation") == "member");
  const auto removed = parse_request("room members remove tea@rooms.a.example who=b@a.example");
  REQUIRE(removed);
  CHECK(std::get<RoomChange>(*removed).params.at("affiliation") == "none");
  CHECK(std::get<RoomChange>(*parse_request("room destroy a@b.example venue=c@b.example")).topic ==
        rooms::kOperatorDestroy);
  CHECK(std::holds_alternative<MembersList>(*parse_request("room members list a@b.example")));
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
                                      "room destroy",
                                      "room destroy a@b.example why=x",
                                      "room create a@b.example",
                                      "room create a@b.example owner",
                                      "room create a@b.example owner=x owner=x",
                                      "room create a@b.example owner=%2",
                                      "room create a@b.example owner=%zz",
                                      "room members",
                                      "room members list",
                                      "room members a@b.example",
                                      "room members add a@b.example",
                                      "room members remove a@b.example who=a affiliation=owner",
                                      "room export a@b.example most=1",
                                      "room log a@b.example since=yesterday",
                                      "room log a@b.example since=2026-11-21 most=1",
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
