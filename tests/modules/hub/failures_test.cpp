// Crashes and restores of hub and nodes: what any party had durably survives, once; what nobody has
// is said to be lost.

#include <doctest/doctest.h>

#include "tests/support/federation.h"
#include "xep-spec/shared_rooms.h"

using namespace hansa;
using test::Federation;
using test::kHub;

namespace {

namespace xsr = xep_shared_rooms;

void furnish(Federation& f) {
  f.create("alice@a.example", "tea");
  f.set("alice@a.example", "tea", "bob@b.example", "member");
  f.set("alice@a.example", "tea", "carol@c.example", "member");
  for (const char* who : {"alice@a.example", "bob@b.example", "carol@c.example"}) f.hears(who);
  f.passed.clear();
}

// Messages in the only room's log there.
std::size_t messages(Federation& f, const std::string& party, const std::string& role) {
  const storage::Image& image = f.party(party).disk->image;
  std::size_t count = 0;
  for (const storage::LogKey& log : image.list(role, {}, 10).value()) {
    for (const storage::Entry& stored : image.read(log, 1, 1'000'000).value().entries) {
      const auto entry = engine::from_storage(stored);
      const auto item = entry ? shared_log::item_of(*entry) : std::nullopt;
      if (item && item->item.kind == xsr::kKindMessage) ++count;
    }
  }
  return count;
}

// That node's history of «tea» is another one from now on, it believes, and it begins anew.
void fork(Federation& f, const std::string& node) {
  const std::string version = f.state(node, "tea", "version");
  const auto dot = version.find('.');
  xsr::Epoch epoch;
  epoch.epoch = std::stoull(version.substr(0, dot)) + (1ULL << 33);
  epoch.key = std::string(32, 'a');
  epoch.follows = {{std::stoull(version.substr(0, dot)), std::stoull(version.substr(dot + 1))},
                   std::string(32, 'f')};
  xsr::Item item;
  item.kind = xsr::kKindEpoch;
  item.origin = {kHub, 5, 1};
  item.id = "forged";
  item.salt = std::string(32, '5');
  item.order = {epoch.epoch, 0};
  item.payload = xsr::to_payload(epoch);
  std::string frame;
  xmpp::Writer writer(frame);
  xsr::write(writer, xsr::Entry{xmpp::Jid::parse("tea@shared.example").value(),
                                f.state(kHub, "tea", "log"), item});
  f.inject(kHub, node, frame);
}

}  // namespace

TEST_CASE("hub: it crashes before it has stored an item; the item comes again, in a new epoch") {
  Federation f(3);
  furnish(f);
  f.hold(f.link('a'));
  f.say("alice@a.example", "tea", "one");
  f.crash(kHub);
  f.hold(f.link('a'), false);
  f.start(kHub);
  f.connect_all();
  CHECK(f.hears("bob@b.example") == "one");
  CHECK(f.hears("carol@c.example") == "one");
  CHECK(f.same("tea"));
}

TEST_CASE("hub: it crashes when it has stored an item, before anybody was told") {
  Federation f(3);
  furnish(f);
  f.hold(kHub);
  f.say("alice@a.example", "tea", "one");
  f.crash(kHub);
  f.hold(kHub, false);
  f.start(kHub);
  f.connect_all();
  f.say("bob@b.example", "tea", "two");
  CHECK(f.hears("bob@b.example") == "one two");
  CHECK(f.hears("carol@c.example") == "one two");
  CHECK(f.hears("alice@a.example") == "one two");
  CHECK(f.same("tea"));
}

TEST_CASE("hub: restored from an old backup it is given again what it lost, others' items too") {
  Federation f(3);
  furnish(f);
  f.say("alice@a.example", "tea", "one");
  const auto image = f.backup(kHub);
  f.say("bob@b.example", "tea", "two");
  f.set("alice@a.example", "tea", "ann@a.example", "member");
  f.say("carol@c.example", "tea", "three");
  f.cut(f.link('c'));
  f.run();
  const std::string before = f.ask(f.link('a'), "tea", "shared:members");
  f.hears("alice@a.example");
  f.hears("bob@b.example");
  f.hears("carol@c.example");
  f.restore(kHub, image);
  f.connect(f.link('b'));  // carol's item is offered by others than c
  f.run();
  f.connect(f.link('a'));
  f.run();
  f.say("alice@a.example", "tea", "four");
  CHECK(f.hears("alice@a.example") == "four");  // nothing is delivered twice
  CHECK(f.hears("bob@b.example") == "four");
  f.connect(f.link('c'));
  f.run();
  CHECK(f.hears("carol@c.example") == "four");
  CHECK(f.same("tea"));
  CHECK(f.ask(kHub, "tea", "shared:members").find("ann@a.example member") != std::string::npos);
  CHECK(f.state(kHub, "tea", "members") == "4");
  CHECK(f.state(kHub, "tea", "holes") == "0");
  CHECK(f.party(f.link('b')).rooms->counts().offered > 0);
}

TEST_CASE("hub: restored again and again, and crashed between, it still has everything once") {
  Federation f(3);
  furnish(f);
  const auto image = f.backup(kHub);
  for (int i = 0; i < 3; ++i) {
    f.say("alice@a.example", "tea", "a" + std::to_string(i));
    f.say("bob@b.example", "tea", "b" + std::to_string(i));
    f.restore(kHub, image);
    f.connect_all();
    f.say("carol@c.example", "tea", "c" + std::to_string(i));
    f.crash(kHub);
    f.start(kHub);
    f.connect_all();
  }
  CHECK(f.hears("alice@a.example") == "a0 b0 c0 a1 b1 c1 a2 b2 c2");
  CHECK(f.hears("bob@b.example") == "a0 b0 c0 a1 b1 c1 a2 b2 c2");
  CHECK(f.same("tea"));
}

TEST_CASE("hub: what nobody has is said to be lost, once all have offered what they have") {
  Federation f(3);
  f.create("alice@a.example", "tea");
  f.set("alice@a.example", "tea", "bob@b.example", "member");
  const auto hub = f.backup(kHub);
  const auto a = f.backup(f.link('a'));
  const auto b = f.backup(f.link('b'));
  f.say("alice@a.example", "tea", "one");
  f.set("alice@a.example", "tea", "carol@c.example", "member");
  f.say("alice@a.example", "tea", "two");
  f.restore(f.link('a'), a);
  f.restore(f.link('b'), b);
  f.restore(kHub, hub);
  f.connect_all();
  f.advance(Millis(60'000));
  CHECK(f.hears("carol@c.example") == "two");
  // Carol's node alone had what came after her; «one» is nowhere any more.
  CHECK(f.party(kHub).log.said("are lost at every party"));
  CHECK(f.state(kHub, "tea", "members") == "3");
  CHECK(f.same("tea"));
  f.hears("bob@b.example");
  f.say("carol@c.example", "tea", "three");
  CHECK(f.hears("bob@b.example") == "three");
}

TEST_CASE("shared-rooms: a node crashes with an item that never left; it leaves after the start") {
  Federation f(3);
  furnish(f);
  f.cut(f.link('a'));
  f.run();
  f.say("alice@a.example", "tea", "one");
  f.crash(f.link('a'));
  f.start(f.link('a'));
  f.connect_all();
  CHECK(f.hears("bob@b.example") == "one");
  CHECK(f.same("tea"));
}

TEST_CASE("shared-rooms: a node restored from an old backup gets back what it lost, its own too") {
  Federation f(3);
  furnish(f);
  const auto image = f.backup(f.link('a'));
  f.say("alice@a.example", "tea", "one");
  f.say("bob@b.example", "tea", "two");
  f.set("alice@a.example", "tea", "ann@a.example", "member");
  f.say("ann@a.example", "tea", "three");
  f.hears("alice@a.example");
  f.hears("bob@b.example");
  f.restore(f.link('a'), image);
  f.connect_all();
  CHECK(f.state(f.link('a'), "tea", "members") == "4");
  CHECK(f.same("tea"));
  f.say("alice@a.example", "tea", "four");
  CHECK(f.hears("bob@b.example") == "four");
  CHECK(f.same("tea"));
}

TEST_CASE("shared-rooms: a node that lost a room altogether is welcomed again") {
  Federation f(3);
  const auto image = f.backup(f.link('b'));
  furnish(f);
  f.say("alice@a.example", "tea", "one");
  f.restore(f.link('b'), image);
  f.connect_all();
  CHECK(f.same("tea"));
  f.say("alice@a.example", "tea", "two");
  CHECK(f.hears("bob@b.example").ends_with("two"));
}

TEST_CASE("hub: a node that lost a room in which it takes no part any more gets its last time") {
  Federation f(3);
  const auto image = f.backup(f.link('b'));
  furnish(f);
  f.cut(f.link('b'));
  f.say("alice@a.example", "tea", "one");
  f.set("alice@a.example", "tea", "bob@b.example", "none");
  f.restore(f.link('b'), image);
  f.connect_all();
  f.advance(Millis(60'000));
  f.passed.clear();
  f.advance(Millis(60'000));
  CHECK(f.passed.empty());
  f.set("alice@a.example", "tea", "bob@b.example", "member");
  f.say("alice@a.example", "tea", "two");
  CHECK(f.hears("bob@b.example") == "two");
  f.advance(Millis(60'000));  // what it has already is offered, and told to be a repeat
  CHECK(f.same("tea"));
}

TEST_CASE("hub: a node that was removed while away, and has its rooms, gets what was for it") {
  Federation f(3);
  furnish(f);
  f.cut(f.link('b'));
  f.say("alice@a.example", "tea", "one");
  f.set("alice@a.example", "tea", "bob@b.example", "none");
  f.connect_all();
  f.advance(Millis(60'000));
  CHECK(f.hears("bob@b.example") == "one");
  f.passed.clear();
  f.advance(Millis(60'000));
  CHECK(f.passed.empty());
}

TEST_CASE("hub: what it sends when a link comes up is sent again if it is lost there") {
  Federation f(3);
  furnish(f);
  f.advance(Millis(30'000));
  f.cut(f.link('b'));
  f.say("alice@a.example", "tea", "one");
  f.set("alice@a.example", "tea", "bob@b.example", "none");
  f.advance(Millis(60'000));
  f.loses = [&](const test::Frame& frame) { return frame.element().name() == "have"; };
  f.connect_all();
  f.loses = nullptr;
  f.passed.clear();
  f.advance(Millis(60'000));
  CHECK(f.frames(f.link('b'), kHub, "have") > 0);
  f.passed.clear();
  f.advance(Millis(60'000));
  CHECK(f.passed.empty());
}

TEST_CASE("shared-rooms: hub and node restored, each from its own time") {
  Federation f(3);
  furnish(f);
  const auto hub = f.backup(kHub);
  f.say("alice@a.example", "tea", "one");
  const auto a = f.backup(f.link('a'));
  f.say("alice@a.example", "tea", "two");
  f.say("bob@b.example", "tea", "three");
  f.hears("bob@b.example");
  f.hears("carol@c.example");
  f.restore(kHub, hub);
  f.restore(f.link('a'), a);
  f.connect(f.link('a'));
  f.run();
  f.say("alice@a.example", "tea", "four");
  f.connect_all();
  f.advance(Millis(30'000));
  CHECK(f.hears("bob@b.example") == "four");
  CHECK(f.hears("carol@c.example") == "four");
  CHECK(f.same("tea"));
  CHECK(f.state(kHub, "tea", "holes") == "0");
}

// Simulator, links, 2001068.
TEST_CASE("shared-rooms: what stood before a second welcome is given to a hub that lost it") {
  Federation f(2);
  f.create("alice@a.example", "tea");
  const auto image = f.backup(kHub);
  f.say("alice@a.example", "tea", "one");
  f.say("alice@a.example", "tea", "two");
  fork(f, f.link('a'));
  CHECK(f.party(f.link('a')).rooms->counts().resyncs == 1);
  SUBCASE("from memory") {}
  SUBCASE("from disk") {
    f.crash(f.link('a'));
    f.start(f.link('a'));
    f.connect_all();
  }
  f.restore(kHub, image);
  f.connect_all();
  f.say("alice@a.example", "tea", "three");
  f.advance(Millis(60'000));
  CHECK(messages(f, kHub, "hub") == 3);
  CHECK(f.stand(f.link('a'), "tea") == f.stand(kHub, "tea"));
}

// Simulator, links, 2005095.
TEST_CASE("shared-rooms: an item of an earlier connection amid a second welcome stands for none") {
  Federation f(2);
  const auto image = f.backup(f.link('b'));
  f.create("alice@a.example", "tea");
  f.set("alice@a.example", "tea", "bob@b.example", "member");
  for (const char* text : {"one", "two", "three"}) f.say("alice@a.example", "tea", text);
  xmpp::DocumentPtr last;
  for (const test::Frame& frame : f.passed) {
    if (frame.to == f.link('b') && frame.element().name() == "entry") last = frame.stanza;
  }
  bool passes = false;
  f.loses = [&](const test::Frame& frame) {
    return frame.from == kHub && frame.element().name() == "entry" && !passes;
  };
  f.restore(f.link('b'), image);
  f.connect_all();
  CHECK(f.state(f.link('b'), "tea", "syncing") == "false");
  passes = true;
  std::string again;
  xmpp::Writer writer(again);
  xsr::write(writer, xsr::parse_frame(*last->root().first_child()).value());
  f.inject(kHub, f.link('b'), again);
  f.loses = nullptr;
  SUBCASE("the link breaks") {
    f.cut(f.link('b'));
    f.connect_all();
  }
  SUBCASE("the link stays") {}
  f.advance(Millis(60'000));
  CHECK(f.state(f.link('b'), "tea", "holes") == "0");
  CHECK(f.same("tea"));
}

TEST_CASE("hub: a node that left twice and has another history is sent all that it lacks, once") {
  Federation f(2);
  f.create("alice@a.example", "tea");
  f.set("alice@a.example", "tea", "bob@b.example", "member");
  f.say("alice@a.example", "tea", "one");
  const auto image = f.backup(kHub);
  const auto begin_again = [&] {
    f.crash(kHub);
    f.start(kHub);
    f.connect(f.link('a'));
    f.run();
  };
  begin_again();
  f.connect_all();
  f.say("alice@a.example", "tea", "lost");
  bool has_room = true;
  SUBCASE("it has the room") { fork(f, f.link('b')); }
  SUBCASE("it has it not") { has_room = false; }
  f.cut(f.link('b'));
  f.window = 2;  // so that what it lacks does not come at once
  f.restore(kHub, image);
  f.connect(f.link('a'));
  f.run();
  f.say("alice@a.example", "tea", "two");
  begin_again();
  for (const char* text : {"three", "four"}) f.say("alice@a.example", "tea", text);
  f.set("alice@a.example", "tea", "bob@b.example", "none");
  f.set("alice@a.example", "tea", "bob@b.example", "member");
  f.say("alice@a.example", "tea", "five");
  f.set("alice@a.example", "tea", "bob@b.example", "none");
  if (!has_room) f.restore(f.link('b'), {});
  f.connect_all();
  f.advance(Millis(60'000));
  f.passed.clear();
  f.advance(Millis(60'000));
  CHECK(f.passed.empty());
  CHECK(messages(f, f.link('b'), "node") == 6);
}
