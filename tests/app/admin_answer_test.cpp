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
  // "" when it is durable, else what the operator is told.
  std::string change(std::string_view line) {
    const Result<AdminRequest> request = parse_request(line);
    REQUIRE(request);
    std::string said = "nothing was said";
    f.engine->on_admin(
        [&](engine::ServiceTurn& turn, const std::function<void(std::string)>& done) {
          pass_change(turn, std::get<RoomChange>(*request), [&](const Status& changed) {
            said = changed ? "" : std::string(changed.error().message());
          });
          done("");
        },
        [](const std::string&) {});
    f.run();
    return said;
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

TEST_CASE("room log: by time") {
  Asked a;
  a.speak("early");
  a.f.advance(Millis(60'000));
  a.speak("late");
  CHECK(lines(a.rows("room log support@rooms.a.example since=2023-11-14T22:13:50Z")) == 1);
  CHECK(has(a.rows("room log support@rooms.a.example since=2023-11-14T22:13:50Z"), "late"));
  const std::string before = a.rows("room log support@rooms.a.example until=2023-11-14T22:13:50Z");
  CHECK(has(before, "early"));
  CHECK_FALSE(has(before, "late"));
}

TEST_CASE("room export: all that entries say, as JSON") {
  Asked a;
  a.speak("a &quot;quoted&quot; line&#10;and &lt;b/&gt;");
  const std::string all = a.rows("room export support@rooms.a.example");
  CHECK(has(all, R"({"position":1,"stamp":"2023-11-14T22:13:20.000Z","kind":"created",)"));
  CHECK(has(all, R"("kind":"member","jid":"alice@a.example","affiliation":"owner"})"));
  CHECK(has(all, R"("nick":"Alice","speaker":"alice@a.example/street")"));
  CHECK(has(all, R"("text":"a \"quoted\" line\nand <b/>")"));
}

TEST_CASE("room create: with its owner and settings; never a second time") {
  Asked a;
  CHECK(a.change("room create tea@rooms.a.example owner=bob@a.example "
                 "muc#roomconfig_roomname=Tea%20room muc#roomconfig_membersonly=1") == "");
  const std::string shown = a.rows("room show tea@rooms.a.example");
  CHECK(has(shown, "name\tTea room\n"));
  CHECK(has(shown, "members only\tyes\n"));
  CHECK(has(shown, "member\tbob@a.example\towner\t"));
  CHECK(has(a.change("room create tea@rooms.a.example owner=bob@a.example"), "already"));
  CHECK(has(a.change("room create x%@rooms.a.example owner=bob@a.example"), "cannot be created"));
  CHECK(has(a.change("room create x@b.example owner=bob@a.example"), "rooms.a.example"));
  CHECK(has(a.change("room create y@rooms.a.example owner=a.example"), "not a person's address"));
  CHECK(has(a.change("room create y@rooms.a.example owner=bob@a.example "
                     "muc#roomconfig_membersonly=perhaps"),
            "membersonly has a bad value"));
  CHECK(has(a.rows("room show y@rooms.a.example"), "there is no room"));
}

TEST_CASE("room members: added, changed, removed; those who are in see it") {
  Asked a;
  const std::string add = "room members add support@rooms.a.example who=";
  CHECK(a.change(add + "bob@a.example nick=Bob") == "");
  CHECK(a.change(add + "carol@a.example affiliation=admin") == "");
  CHECK(a.rows("room members list support@rooms.a.example") ==
        "alice@a.example\towner\tperson\t\n"
        "bob@a.example\tmember\tperson\tBob\n"
        "carol@a.example\tadmin\tperson\t\n");
  CHECK(has(a.change(add + "bob@a.example affiliation=king"), "is owner, admin, member"));
  CHECK(has(a.change(add + "a.example"), "not a person's address"));
  CHECK(has(a.change("room members remove support@rooms.a.example who=alice@a.example"),
            "needs an owner"));
  CHECK(a.change(add + "bob@a.example affiliation=owner") == "");
  a.f.forget();
  CHECK(a.change("room members remove support@rooms.a.example who=alice@a.example") == "");
  CHECK(a.f.gets("alice@a.example/street", {"<presence from='support@rooms.a.example/Alice'>"
                                            "<x xmlns='http://jabber.org/protocol/muc#user'>"
                                            "<item affiliation='none'/></x></presence>"}) == "");
  CHECK(has(a.change("room members add no@rooms.a.example who=b@a.example"), "no such room"));
}

TEST_CASE("room destroy: those who are in are told why, and where to go") {
  Asked a;
  a.f.forget();
  CHECK(a.change("room destroy support@rooms.a.example reason=Over%20now venue=b@b.example") == "");
  CHECK(a.f.gets("alice@a.example/street",
                 {"<presence type='unavailable' from='support@rooms.a.example/Alice'>"
                  "<x xmlns='http://jabber.org/protocol/muc#user'>"
                  "<destroy jid='b@b.example'><reason>Over now</reason></destroy></x>"
                  "</presence>"}) == "");
  CHECK(has(a.rows("room show support@rooms.a.example"), "there is no room"));
  CHECK(has(a.change("room destroy support@rooms.a.example"), "no such room"));
}

}  // namespace
}  // namespace hansa::app
