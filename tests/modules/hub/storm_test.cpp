// Everything at once, by seed: talk, list changes, cuts, losses, crashes, restores of the hub (and,
// in a second run, of nodes). At the end all stand alike, and what was said was heard once. The
// simulator (tests/sim) does this at length; here it is small enough to be looked at.

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

#include "tests/support/federation_words.h"

using namespace hansa;
using test::Federation;
using test::kHub;
namespace xsr = xep_shared_rooms;

namespace {

// More by the long command: HANSA_STORMS=2000 build/release/hub_test -tc='*storm*'
std::uint64_t storms() {
  const char* said = std::getenv("HANSA_STORMS");
  return said == nullptr ? 40 : std::strtoull(said, nullptr, 10);
}

struct Storm {
  Storm(std::uint64_t seed, bool with_nodes) : chance(seed), f(3), nodes_too(with_nodes) {
    f.create("alice@a.example", "tea");
    f.set("alice@a.example", "tea", "bob@b.example", "admin");
    f.set("alice@a.example", "tea", "carol@c.example", "member");
    for (const std::string& name : parties) keep(name);
  }

  // Somebody asks for one of the newest messages at his node to be erased; who may is judged there.
  void erase_something() {
    const std::string who = people[chance.below(people.size())];
    const auto there = test::said(f, "rooms." + who.substr(who.find('@') + 1));
    if (there.empty()) return;
    const auto& item =
        there[there.size() - 1 - chance.below(std::min<std::size_t>(there.size(), 6))];
    f.says(who, "<iq type='set' id='e' from='" + who +
                    "/y' to='tea@shared.example'><moderate id='" + item.id +
                    "' xmlns='urn:xmpp:message-moderate:1'><retract "
                    "xmlns='urn:xmpp:message-retract:1'/></moderate></iq>");
  }

  // Messages that an erasure with an order at the hub is about, by origin.
  std::set<xsr::Origin> erased() {
    std::set<xsr::Origin> out;
    for (const xsr::Item& item : test::items(f, kHub)) {
      const auto erasure = xsr::read_erasure(item.payload);
      if (item.kind == xsr::kKindErasure && erasure) out.insert(erasure->erased);
    }
    return out;
  }

  void keep(const std::string& name) { backups.insert_or_assign(name, f.backup(name)); }

  void step() {
    const std::string name = parties[chance.below(parties.size())];
    const std::string node = f.link(static_cast<char>('a' + chance.below(3)));
    const std::string who = people[chance.below(people.size())];
    switch (chance.below(14)) {
      case 0:
      case 1:
      case 2:
      case 3:
      case 4: {
        const std::string text = "m" + std::to_string(++said);
        f.hears(who + "/x");
        f.say(who, "tea", text);
        if (f.hears(who + "/x").empty()) taken.insert(text);
        break;
      }
      case 5:
        f.set(who, "tea", "x" + std::to_string(chance.below(4)) + who.substr(who.find('@')),
              chance.below(2) == 0 ? "member" : "none");
        break;
      case 6:
        f.cut(node);
        f.run();
        break;
      case 7:
      case 8:
        f.connect(node);
        f.run();
        break;
      case 9:
        f.crash(name);
        f.start(name);
        break;
      case 10:
        if (chance.below(2) == 0) keep(name);
        break;
      case 11:
        if (name == kHub || nodes_too) f.restore(name, backups.at(name));
        break;
      case 12: f.loses = [this](const test::Frame&) { return chance.below(5) == 0; }; break;
      default:
        f.loses = nullptr;
        f.advance(Millis(3000));
        break;
    }
    collect();
  }

  void finish() {
    f.loses = nullptr;
    f.connect_all();
    f.advance(Millis(120'000));
    collect();
  }

  // To its end, where all stand alike.
  void play() {
    for (int i = 0; i < 80; ++i) {
      if (erasing && chance.below(6) == 0) erase_something();
      step();
    }
    finish();
    for (const std::string& name : parties) all += name + ": " + f.stand(name, "tea");
    CAPTURE(all);
    REQUIRE(f.same("tea"));
  }

  // What comes again after a crash has the same id: it counts once.
  void collect() {
    for (const std::string& who : people) {
      test::Party& node = f.party("rooms." + who.substr(who.find('@') + 1));
      for (const auto& one : std::exchange(node.heard[who], {})) {
        const auto* body = one->root().child("body", xmpp::ns::kClient);
        if (body != nullptr) heard[who][body->text()].insert(std::string(one->root().attr("id")));
      }
    }
  }

  SeededRandom chance;
  Federation f;
  bool nodes_too;
  bool erasing = false;
  std::string all;  // how each party stands in the end
  int said = 0;
  std::map<std::string, storage::Image> backups;
  std::map<std::string, std::map<std::string, std::set<std::string>>> heard;
  std::set<std::string> taken;  // not refused
  const std::vector<std::string> parties{kHub, "rooms.a.example", "rooms.b.example",
                                         "rooms.c.example"};
  const std::vector<std::string> people{"alice@a.example", "bob@b.example", "carol@c.example"};
};

}  // namespace

TEST_CASE("hub: a storm, the hub restored from old backups: nothing is lost, nothing comes twice") {
  for (std::uint64_t seed = 1; seed <= storms(); ++seed) {
    CAPTURE(seed);
    Storm storm(seed, false);
    storm.play();
    CAPTURE(storm.all);
    for (const std::string& who : storm.people) {
      CAPTURE(who);
      for (const std::string& text : storm.taken) {
        CAPTURE(text);
        REQUIRE(storm.heard[who][text].size() == 1);
      }
    }
  }
}

TEST_CASE("hub: a storm, nodes restored as well: all stand alike in the end") {
  for (std::uint64_t seed = 1; seed <= storms(); ++seed) {
    CAPTURE(seed);
    Storm storm(seed, true);
    storm.play();
  }
}

TEST_CASE("hub: a storm with erasures: what was erased is nowhere, and nothing else is gone") {
  std::size_t gone = 0;
  for (std::uint64_t seed = 1; seed <= storms(); ++seed) {
    CAPTURE(seed);
    Storm storm(seed, seed % 2 == 0);
    storm.erasing = true;
    storm.play();
    const std::set<xsr::Origin> erased = storm.erased();
    for (const std::string& party : storm.parties) {
      CAPTURE(party);
      for (const xsr::Item& item : test::said(storm.f, party)) {
        CAPTURE(item.payload);
        if (erased.contains(item.origin)) REQUIRE(item.payload.empty());
        // An erasure may be lost with the nodes that had it; what it took is not given back.
        if (!storm.nodes_too) REQUIRE(item.payload.empty() == erased.contains(item.origin));
      }
    }
    gone += erased.size();
  }
  CHECK(gone > storms());
}
