// Nodes that are welcomed once more: what they had, what comes after, and what is of before.

#include <doctest/doctest.h>

#include "tests/support/federation.h"
#include "xep-spec/shared_rooms.h"

using namespace hansa;
using test::Federation;
using test::kHub;

namespace {

namespace xsr = xep_shared_rooms;

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

// Simulator, links, 5001581.
TEST_CASE("hub: a node put back to before two times in which it took part gets both") {
  Federation f(2);
  const std::string bob = "bob@b.example";
  f.window = 2;
  f.crash(kHub);
  f.start(kHub);
  f.connect_all();
  f.create("alice@a.example", "tea");
  f.set("alice@a.example", "tea", bob, "member");
  f.say("alice@a.example", "tea", "one");
  f.set("alice@a.example", "tea", bob, "none");
  const auto image = f.backup(f.link('b'));
  for (const char* text : {"two", "three"}) {
    f.say("alice@a.example", "tea", "not for b");
    f.set("alice@a.example", "tea", bob, "member");
    for (int i = 0; i < 3; ++i) f.say("alice@a.example", "tea", text);
    f.set("alice@a.example", "tea", bob, "none");
  }
  f.restore(f.link('b'), image);
  f.connect_all();
  f.advance(Millis(60'000));
  f.passed.clear();
  f.advance(Millis(60'000));
  CHECK(f.passed.empty());
  CHECK(messages(f, f.link('b'), "node") == 7);
}
