// Lanes of directed messages are bounded: what waits, and what is in flight.

#include <doctest/doctest.h>

#include "base/limits.h"
#include "tests/support/federation_words.h"

using namespace hansa;
using test::Federation;
using test::kHub;

namespace {

const std::string kAlice = "alice@a.example";
const std::string kBob = "bob@b.example";
const std::string kCarol = "carol@c.example";

// alice, bob and carol are in one room, and b is away.
struct Away : Federation {
  Away() : Federation(3) {
    create(kAlice, "tea");
    for (const std::string& one : {kBob, kCarol}) set(kAlice, "tea", one, "member");
    for (const std::string& one : {kAlice, kAlice + "/x", kBob, kCarol}) hears(one);
    cut(b);
    run();
  }
  void tells(const std::string& whom, const std::string& text) {
    says(kAlice, "<message type='chat' from='" + kAlice + "/x' to='tea@shared.example/" + whom +
                     "'><body>" + text + "</body></message>");
  }
  // Numbers from 0 on: what bob is to hear of them.
  std::string tells_bob(std::size_t count) {
    std::string all;
    for (std::size_t i = 0; i < count; ++i) {
      tells(kBob, std::to_string(i));
      all += (i == 0 ? "" : " ") + std::to_string(i);
    }
    return all;
  }
  const std::string a = link('a');
  const std::string b = link('b');
};

}  // namespace

TEST_CASE("shared-rooms: a lane to who is away takes so much and no more, and all of it arrives") {
  Away f;
  const std::string all = f.tells_bob(limits::kLaneItems);
  CHECK(f.hears(kAlice + "/x").empty());
  f.tells(kBob, "one too many");
  const auto refused = std::exchange(f.party(f.a).heard[kAlice + "/x"], {});
  REQUIRE(refused.size() == 1);
  CHECK(xmpp::to_xml(refused[0]->root()).find("<resource-constraint") != std::string::npos);
  f.tells(kCarol, "another lane");
  CHECK(f.hears(kCarol) == "another lane");
  f.connect_all();
  f.advance(Millis(2 * limits::kLinkSilence_ms));
  CHECK(f.hears(kBob) == all);
  f.tells(kBob, "room again");
  CHECK(f.hears(kBob) == "room again");
  CHECK(f.hears(kAlice + "/x").empty());
}

TEST_CASE("shared-rooms: no more of a lane is in flight than its window, and each goes once") {
  Away f;
  constexpr std::size_t kCount = 3 * limits::kLaneWindow + 4;
  const std::string all = f.tells_bob(kCount);
  f.connect_all();
  f.passed.clear();
  std::ptrdiff_t flies = 0;
  std::ptrdiff_t most = 0;
  f.loses = [&](const test::Frame& frame) {
    if (frame.from == f.a && frame.element().name() == "directed") ++flies;
    if (frame.to == f.a && frame.element().name() == "directed-ack") --flies;
    most = std::max(most, flies);
    return false;
  };
  f.advance(Millis(limits::kLinkSilence_ms));
  CHECK(f.hears(kBob) == all);
  CHECK(most == limits::kLaneWindow);
  CHECK(f.frames(f.a, kHub, "directed") == kCount);
}

// Simulator, links, 80035455.
TEST_CASE(
    "shared-rooms: what was said in a new lane is not heard again, when its node is put back") {
  Away f;
  const auto lacking = f.backup(f.b);
  f.connect_all();
  f.tells(kBob, "one");
  REQUIRE(f.hears(kBob) == "one");
  f.cut(f.b);
  f.tells(kBob, "two");
  const auto waiting = f.backup(f.a);
  f.restore(f.b, lacking);  // it says that it has not even heard the first, which is gone
  f.connect_all();
  f.advance(Millis(3 * limits::kLinkSilence_ms));
  REQUIRE(f.hears(kBob) == "two");
  f.restore(f.a, waiting);
  f.connect_all();
  f.advance(Millis(3 * limits::kLinkSilence_ms));
  CHECK(f.hears(kBob).empty());
  f.tells(kBob, "three");
  CHECK(f.hears(kBob) == "three");
}

// Simulator, links, 100024070: its retry came while the link was down, and then it left memory.
TEST_CASE(
    "shared-rooms: a room that left memory with a directed message says it when the link comes") {
  Away f;
  f.create(kAlice, "other");
  f.say(kAlice, "other", "before");
  f.advance(Millis(limits::kLinkSilence_ms));
  f.loaded_rooms = 1;
  f.crash(f.a);
  f.start(f.a);
  f.connect(f.a);
  f.advance(Millis(2 * limits::kLinkSilence_ms));
  f.tells(kBob, "psst");
  f.advance(Millis(2'000));  // «other» leaves memory
  f.cut(f.a);
  f.advance(Millis(2 * limits::kLinkSilence_ms));
  f.say(kAlice, "other", "elsewhere");
  f.advance(Millis(2 * limits::kLinkSilence_ms));
  f.connect_all();
  f.advance(Millis(2 * limits::kLinkSilence_ms));
  CHECK(f.hears(kBob) == "psst");
  // It says so no more when that has arrived.
  CHECK(f.rests());
  f.cut(f.a);
  f.passed.clear();
  f.connect(f.a);
  f.advance(Millis(2 * limits::kLinkSilence_ms));
  CHECK(f.frames(f.a, kHub, "directed") == 0);
}
