// What is said in a shared room: to own people at once, to the other enterprises once.

#include <cstdio>
#include <set>

#include <doctest/doctest.h>

#include "tests/support/federation_words.h"

using namespace hansa;
using test::Federation;
using test::kHub;
namespace xsr = xep_shared_rooms;

namespace {

// Alice of a owns the room; Ann of a and Bob of b are in it.
void furnish(Federation& f) {
  f.create("alice@a.example", "tea");
  f.set("alice@a.example", "tea", "ann@a.example", "member");
  f.set("alice@a.example", "tea", "bob@b.example", "member");
  f.hears("alice@a.example");
  f.hears("alice@a.example/x");
  f.hears("ann@a.example");
  f.hears("bob@b.example");
  f.passed.clear();
}

}  // namespace

TEST_CASE("shared-rooms: a room is created when the hub has said yes, and all stand alike") {
  Federation f(2);
  f.create("alice@a.example", "tea");
  CHECK(f.hears("alice@a.example/x") == "iq:result");
  CHECK(f.ask(kHub, "tea", "shared:members").starts_with("alice@a.example owner"));
  CHECK(f.stand(f.link('a'), "tea") == f.stand(kHub, "tea"));
  CHECK(f.ask(f.link('b'), "tea", "shared:state") == "no room");
  f.set("alice@a.example", "tea", "bob@b.example", "member");
  CHECK(f.hears("alice@a.example/x") == "iq:result");
  CHECK(f.stand(kHub, "tea") == f.stand(f.link('b'), "tea"));
  CHECK(f.same("tea"));
}

TEST_CASE("shared-rooms: a name that another enterprise has is refused") {
  Federation f(2);
  f.create("alice@a.example", "tea");
  f.create("bob@b.example", "tea");
  CHECK(f.hears("bob@b.example/x") == "iq:error");
}

TEST_CASE("shared-rooms: a message crosses each link once, and everybody has it once") {
  Federation f(3);
  furnish(f);
  f.set("alice@a.example", "tea", "carol@c.example", "member");
  f.passed.clear();
  f.say("alice@a.example", "tea", "hello");
  CHECK(f.hears("alice@a.example") == "hello");
  CHECK(f.hears("ann@a.example") == "hello");
  CHECK(f.hears("bob@b.example") == "hello");
  CHECK(f.hears("carol@c.example") == "hello");
  CHECK(f.frames(f.link('a'), kHub, "entry") == 1);
  CHECK(f.frames(kHub, f.link('a'), "ordered") == 1);
  CHECK(f.frames(kHub, f.link('a'), "entry") == 0);
  CHECK(f.frames(kHub, f.link('b'), "entry") == 1);
  CHECK(f.frames(kHub, f.link('c'), "entry") == 1);
  CHECK(f.same("tea"));
}

TEST_CASE("shared-rooms: who is not on the list neither speaks nor hears") {
  Federation f(2);
  furnish(f);
  f.say("eve@a.example", "tea", "let me in");
  CHECK(f.hears("eve@a.example/x") == "message:error");
  f.set("alice@a.example", "tea", "bob@b.example", "none");
  f.say("alice@a.example", "tea", "secret");
  CHECK(f.hears("bob@b.example").empty());
  CHECK(f.frames(kHub, f.link('b'), "entry") == 1);  // that he is out; nothing after it
}

TEST_CASE("shared-rooms: cut off, an enterprise goes on inside, and catches up by itself") {
  Federation f(2);
  furnish(f);
  f.cut(f.link('a'));
  f.run();
  f.say("alice@a.example", "tea", "one");
  f.say("ann@a.example", "tea", "two");
  f.say("bob@b.example", "tea", "three");
  CHECK(f.hears("ann@a.example") == "one two");
  CHECK(f.hears("bob@b.example") == "three");
  f.set("alice@a.example", "tea", "bert@b.example", "member");
  CHECK(f.hears("alice@a.example/x") == "iq:error");
  f.connect(f.link('a'));
  f.run();
  CHECK(f.hears("ann@a.example") == "three");
  CHECK(f.hears("bob@b.example") == "one two");
  CHECK(f.same("tea"));
}

TEST_CASE("shared-rooms: what was on the wire when the link broke is sent again, and counts once") {
  Federation f(2);
  furnish(f);
  f.hold(kHub);
  f.say("alice@a.example", "tea", "one");
  f.say("alice@a.example", "tea", "two");
  f.cut(f.link('a'));  // the hub has them; its answers are lost
  f.hold(kHub, false);
  f.run();
  CHECK(f.hears("bob@b.example") == "one two");
  CHECK(f.state(f.link('a'), "tea", "unordered") == "2");
  f.connect(f.link('a'));
  f.run();
  CHECK(f.hears("bob@b.example").empty());
  CHECK(f.same("tea"));
  CHECK(f.party(kHub).hub->counts().repeats + f.party(f.link('a')).rooms->counts().repeats > 0);
}

TEST_CASE("shared-rooms: a frame lost within a stream is noticed, and comes again") {
  Federation f(2);
  furnish(f);
  int lost = 0;
  f.loses = [&](const test::Frame& frame) {
    return frame.element().name() == "entry" && lost++ == 0;
  };
  f.say("alice@a.example", "tea", "one");
  f.say("alice@a.example", "tea", "two");
  f.say("alice@a.example", "tea", "three");
  f.advance(Millis(40'000));
  CHECK(f.hears("bob@b.example") == "one two three");
  lost = 0;
  f.say("alice@a.example", "tea", "four");
  f.say("alice@a.example", "tea", "five");
  f.advance(Millis(40'000));
  CHECK(f.hears("bob@b.example") == "four five");
  CHECK(f.same("tea"));
}

TEST_CASE(
    "shared-rooms: what comes of one event has one trace in logs and links, and none for people") {
  Federation f(2);
  furnish(f);
  f.say("alice@a.example", "tea", "one");
  const auto traces = [&](const std::string& name) {  // of the messages in its log, once each
    std::set<std::uint64_t> out;
    const storage::Image& image = f.party(name).disk->image;
    for (const storage::LogKey& log : image.list(name == kHub ? "hub" : "node", {}, 10).value()) {
      for (const storage::Entry& stored : image.read(log, 1, 1'000'000).value().entries) {
        const auto entry = engine::from_storage(stored).value();
        const auto item = shared_log::item_of(entry);
        if (item && item->item.kind == xsr::kKindMessage) out.insert(entry.trace);
      }
    }
    return out;
  };
  const auto its = traces(f.link('a'));
  REQUIRE(its.size() == 1);
  CHECK(*its.begin() != 0);
  CHECK(traces(kHub) == its);
  CHECK(traces(f.link('b')) == its);
  CHECK(test::last_frame(f, f.link('b'), "entry").find(std::to_string(*its.begin())) !=
        std::string::npos);
  for (const auto& stanza : f.party(f.link('b')).heard["bob@b.example"]) {
    CHECK(xmpp::to_xml(stanza->root()).find(std::to_string(*its.begin())) == std::string::npos);
  }
}

TEST_CASE(
    "shared-rooms: what the hub refuses stands in its operator's log with the trace it came with") {
  Federation f(2);
  furnish(f);
  f.say("bob@b.example", "tea", "one");
  const std::string entry = test::last_frame(f, kHub, "entry");
  const std::size_t at = entry.find(" trace='") + 8;
  const auto trace = std::stoull(entry.substr(at, entry.find('\'', at) - at));
  f.set("alice@a.example", "tea", "bob@b.example", "none");
  std::string later = entry;
  const std::size_t number = later.find(" number='") + 9;
  later.replace(number, 1, "9");
  f.inject(f.link('b'), kHub, later);
  char text[32];
  std::snprintf(text, sizeof(text), "(trace %012llx)", static_cast<unsigned long long>(trace));
  CHECK(f.party(kHub).log.said(
      std::string(" is refused: Nobody of yours is in that room any more. ") + text));
}
