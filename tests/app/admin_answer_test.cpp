#include "app/admin_answer.h"

#include <doctest/doctest.h>

#include <string>

#include "tests/support/room_fixture.h"

namespace hansa::app {
namespace {

constexpr std::string_view kRoom = "support@rooms.a.example";

// A node that is asked by its operator.
struct Asked {
  test::RoomFixture f{
      {}, [](rooms::Rooms&, engine::Router& router) { REQUIRE(add_admin_rows(router).ok()); }};
  Asked() {
    f.start();
    f.joins("alice@a.example/street", "support@rooms.a.example/Alice");
  }

  Result<AdminPage> page(const AdminRequest& request, const AdminPlace& place = {}) {
    std::optional<Result<AdminPage>> answer;
    f.engine->on_admin(
        [&](engine::ServiceTurn& turn, const std::function<void(std::string)>& done) {
          Result<AdminPage> got = admin_page(turn, request, place);
          if (turn.waiting()) return;
          answer = std::move(got);
          done("");
        },
        [](const std::string&) {});
    f.run();
    REQUIRE(answer);
    return *answer;
  }
  // All pages, one after the other.
  std::string rows(std::string_view line) {
    const Result<AdminRequest> request = parse_request(line);
    REQUIRE(request);
    std::string all;
    AdminPlace place;
    for (int i = 0; i < 1000; ++i) {
      const Result<AdminPage> got = page(*request, place);
      if (!got) return "error " + std::string(got.error().message());
      all += got->rows;
      if (!got->next) return all;
      place = *got->next;
    }
    return "no end";
  }
  void speak(const std::string& body) {
    f.says("<message type='groupchat' from='alice@a.example/street' to='" + std::string(kRoom) +
           "'><body>" + body + "</body></message>");
  }
};

bool has(const std::string& text, std::string_view what) {
  return text.find(what) != std::string::npos;
}
std::size_t lines(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

TEST_CASE("room list: each room in a row, page after page") {
  Asked a;
  for (int i = 0; i < 250; ++i) {
    a.f.joins("alice@a.example/street", "r" + std::to_string(1000 + i) + "@rooms.a.example/Alice");
  }
  const std::string all = a.rows("room list");
  CHECK(lines(all) == 251);
  CHECK(has(all, "r1249@rooms.a.example\t1\t1\tlisted\t"));
}

TEST_CASE("room show: settings, members and occupants") {
  Asked a;
  const std::string shown = a.rows("room show support@rooms.a.example");
  CHECK(has(shown, "address\tsupport@rooms.a.example\n"));
  CHECK(has(shown, "creator\talice@a.example\n"));
  CHECK(has(shown, "member\talice@a.example\towner\t"));
  CHECK(has(shown, "occupant\talice@a.example/street\tmoderator\tAlice\n"));
}

TEST_CASE("room log: what was said, by whom, and by position") {
  Asked a;
  a.speak("first");
  a.speak("second&#10;forged\trow &#x9b;2J");
  const std::string all = a.rows("room log support@rooms.a.example");
  CHECK(has(all, "1\t2023-11-14T22:13:20.000Z\tcreated\talice@a.example\t\n"));
  CHECK(has(all, "\tmessage\talice@a.example/street as Alice\tfirst\n"));
  CHECK(has(all, "\tsecond\\nforged\\x09row \\x9b2J\n"));
  const std::size_t count = lines(all);
  CHECK(lines(a.rows("room log support@rooms.a.example most=1")) == 1);
  CHECK(has(a.rows("room log support@rooms.a.example most=1"), "second"));
  CHECK(has(a.rows("room log support@rooms.a.example from=1 to=1"), "created"));
  CHECK(lines(a.rows("room log support@rooms.a.example from=1 to=1")) == 1);
  CHECK(lines(a.rows("room log support@rooms.a.example from=2")) == count - 1);
  CHECK(a.rows("room log support@rooms.a.example from=100") == "");
  CHECK(lines(a.rows("room log support@rooms.a.example most=1000")) == count);
}

TEST_CASE("room log: a long log comes in pages, each entry once") {
  Asked a;
  const std::string words(1000, 'x');
  for (int i = 0; i < 200; ++i) a.speak(std::to_string(i) + words);
  const Result<AdminRequest> request = parse_request("room log support@rooms.a.example");
  REQUIRE(request);
  const Result<AdminPage> first = a.page(*request);
  REQUIRE(first);
  CHECK(first->next.has_value());
  CHECK(lines(a.rows("room log support@rooms.a.example most=200")) == 200);
}

TEST_CASE("a room that there is not is an error that names it") {
  Asked a;
  for (const char* verb : {"room show ", "room log "}) {
    const std::string said = a.rows(std::string(verb) + "nothere@rooms.a.example");
    CHECK(said == "error there is no room nothere@rooms.a.example on this node");
    CHECK(has(a.rows(std::string(verb) + "x@b.example"), "error there is no room"));
  }
}

}  // namespace
}  // namespace hansa::app
