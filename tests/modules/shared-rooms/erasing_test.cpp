// What was said is erased at every party: payload and salt go, place and hashes stay.

#include <doctest/doctest.h>

#include "base/limits.h"
#include "tests/support/federation_words.h"

using namespace hansa;
using test::Federation;
using test::kHub;
namespace xsr = xep_shared_rooms;

namespace {

const std::string kAlice = "alice@a.example";
const std::string kAnn = "ann@a.example";
const std::string kBob = "bob@b.example";

// Alice of a owns the room; Ann of a and Bob of b are in it.
void furnish(Federation& f) {
  f.create(kAlice, "tea");
  f.set(kAlice, "tea", kAnn, "member");
  f.set(kAlice, "tea", kBob, "member");
  f.hears(kAlice + "/x");
  f.passed.clear();
}

xsr::Item newest(Federation& f, const std::string& party) { return test::said(f, party).back(); }

void erase(Federation& f, const std::string& jid, const std::string& id) {
  f.says(jid, "<iq type='set' id='e1' from='" + jid +
                  "/x' to='tea@shared.example'><moderate xmlns='urn:xmpp:message-moderate:1' id='" +
                  id + "'><retract xmlns='urn:xmpp:message-retract:1'/></moderate></iq>");
}

// Condition of the error that he was answered with; «result», or nothing.
std::string answer(Federation& f, const std::string& jid) {
  const std::string node = "rooms." + jid.substr(jid.find('@') + 1);
  std::string out;
  for (const auto& one : std::exchange(f.party(node).heard[jid + "/x"], {})) {
    if (one->root().attr("type") == "result") out = "result";
    const auto* error = one->root().child("error", xmpp::ns::kClient);
    if (error != nullptr) out = error->first_child()->name();
  }
  return out;
}

// Ids of messages that he was told to take back, joined by spaces.
std::string taken_back(Federation& f, const std::string& jid) {
  const std::string node = "rooms." + jid.substr(jid.find('@') + 1);
  std::string out;
  for (const auto& one : std::exchange(f.party(node).heard[jid], {})) {
    const auto* retract = one->root().child("retract", "urn:xmpp:message-retract:1");
    if (retract != nullptr) out += (out.empty() ? "" : " ") + std::string(retract->attr("id"));
  }
  return out;
}

// That text is somewhere in the logs of that party's disk.
bool on_disk(Federation& f, const std::string& party, const std::string& text) {
  const storage::Image& image = f.party(party).disk->image;
  for (const storage::LogKey& log : image.list(party == kHub ? "hub" : "node", {}, 10).value()) {
    for (const storage::Entry& stored : image.read(log, 1, 10'000'000).value().entries) {
      if (stored.payload.find(text) != std::string::npos) return true;
    }
  }
  return false;
}

// At whom that text is: "hub a b".
std::string where(Federation& f, const std::string& text, int nodes = 2) {
  std::string out = on_disk(f, kHub, text) ? "hub" : "";
  for (char letter = 'a'; letter < 'a' + nodes; ++letter) {
    if (!on_disk(f, f.link(letter), text)) continue;
    out += out.empty() ? "" : " ";
    out += letter;
  }
  return out;
}

// An erasure as `by` would send it, signed by `signer`.
std::string erasure(Federation& f, const std::string& by, const std::string& signer,
                    const std::string& actor, const xsr::Item& of) {
  const std::string log = f.state(kHub, "tea", "log");
  xsr::Item item;
  item.kind = xsr::kKindErasure;
  item.origin = {by, 77, f.party(kHub).hub->counts().refused + 1};
  item.id = "forged";
  item.salt = std::string(32, '5');
  xsr::Erasure what{of.origin, of.id, actor, {}};
  shared_log::sign(what, log, item.origin, Federation::seed_of(signer));
  item.payload = xsr::to_payload(what);
  return test::xml_of(
      xsr::Entry{xmpp::Jid::parse("tea@shared.example").value(), log, std::move(item)});
}

}  // namespace

TEST_CASE("shared-rooms: what its speaker takes back is gone at every party, and keeps its place") {
  Federation f(2);
  furnish(f);
  f.say(kBob, "tea", "sesame");
  f.say(kBob, "tea", "open");
  CHECK(where(f, "sesame") == "hub a b");
  const xsr::Item said = test::said(f, kHub).front();
  for (const std::string& who : {kAlice, kAnn, kBob}) f.hears(who);
  erase(f, kBob, said.id);
  CHECK(answer(f, kBob) == "result");
  CHECK(where(f, "sesame").empty());
  CHECK(where(f, said.salt).empty());
  CHECK(where(f, "open") == "hub a b");
  for (const std::string& who : {kAlice, kAnn, kBob}) CHECK(taken_back(f, who) == said.id);
  CHECK(f.same("tea"));
  for (const std::string& party : {std::string(kHub), f.link('a'), f.link('b')}) {
    CHECK(test::said(f, party).front().hash == xsr::payload_hash(said));
  }
  CHECK(f.rests());
}

TEST_CASE("shared-rooms: owners and admins erase what others said, and nobody else does") {
  Federation f(2);
  furnish(f);
  f.say(kAlice, "tea", "sesame");
  const std::string id = newest(f, kHub).id;
  erase(f, kAnn, id);  // of the same enterprise
  CHECK(answer(f, kAnn) == "forbidden");
  erase(f, kBob, id);
  CHECK(answer(f, kBob) == "forbidden");
  erase(f, "eve@b.example", id);
  CHECK(answer(f, "eve@b.example") == "forbidden");
  erase(f, kAlice, "no-such-id");
  CHECK(answer(f, kAlice) == "item-not-found");
  CHECK(where(f, "sesame") == "hub a b");
  f.set(kAlice, "tea", kBob, "admin");
  erase(f, kBob, id);
  CHECK(answer(f, kBob) == "result");
  CHECK(where(f, "sesame").empty());
  erase(f, kBob, id);
  CHECK(answer(f, kBob) == "item-not-found");
  CHECK(f.same("tea"));
}

TEST_CASE("shared-rooms: an old message is found, after restarts of all") {
  Federation f(2);
  furnish(f);
  f.say(kBob, "tea", "sesame");
  const std::string id = newest(f, kHub).id;
  for (std::size_t i = 0; i < limits::kSharedHistory + 20; ++i) f.say(kAlice, "tea", "more");
  f.crash_all();
  for (const std::string& party : {std::string(kHub), f.link('a'), f.link('b')}) f.start(party);
  f.connect_all();
  CHECK(where(f, "sesame") == "hub a b");
  erase(f, kBob, id);
  CHECK(answer(f, kBob) == "result");
  CHECK(where(f, "sesame").empty());
  CHECK(f.same("tea"));
}

TEST_CASE("shared-rooms: who was away erases what he has, and gets the rest erased") {
  Federation f(2);
  furnish(f);
  f.say(kAlice, "tea", "sesame");
  const std::string had = newest(f, kHub).id;
  f.cut(f.link('b'));
  f.say(kAlice, "tea", "open");
  erase(f, kAlice, had);
  erase(f, kAlice, newest(f, kHub).id);
  CHECK(where(f, "sesame") == "b");
  CHECK(where(f, "open").empty());
  f.hears(kBob);
  f.connect_all();
  CHECK(where(f, "sesame").empty());
  CHECK(where(f, "open").empty());
  CHECK(taken_back(f, kBob).starts_with(had));
  CHECK(f.same("tea"));
  // All of it once more: the erased form.
  f.restore(f.link('b'), {});
  f.connect_all();
  f.advance(Millis(60'000));
  CHECK(where(f, "sesame").empty());
  CHECK(test::messages(f, f.link('b')) == 2);
  CHECK(f.same("tea"));
}

TEST_CASE("shared-rooms: erased while cut off: inside it is taken back at once, then everywhere") {
  Federation f(2);
  furnish(f);
  f.cut(f.link('b'));
  f.say(kBob, "tea", "sesame");
  const std::string id = newest(f, f.link('b')).id;
  f.hears(kBob);
  erase(f, kBob, id);
  CHECK(answer(f, kBob) == "result");
  CHECK(taken_back(f, kBob) == id);
  CHECK(where(f, "sesame") == "b");
  f.connect_all();
  CHECK(where(f, "sesame").empty());
  CHECK(f.same("tea"));
}

TEST_CASE("shared-rooms: an erasure whose right is gone when it is ordered is refused") {
  Federation f(2);
  furnish(f);
  f.set(kAlice, "tea", kBob, "admin");
  f.say(kAlice, "tea", "sesame");
  f.cut(f.link('b'));
  erase(f, kBob, newest(f, kHub).id);
  f.set(kAlice, "tea", kBob, "member");
  f.connect_all();
  CHECK(where(f, "sesame") == "hub a b");
  CHECK(f.party(kHub).hub->counts().refused == 1);
  CHECK(f.same("tea"));
}

TEST_CASE("shared-rooms: an erasure that is not signed by its actor's node is refused") {
  Federation f(2);
  furnish(f);
  f.say(kAlice, "tea", "sesame");
  const xsr::Item said = newest(f, kHub);
  f.inject(f.link('b'), kHub, erasure(f, f.link('b'), f.link('b'), kAlice, said));
  f.inject(f.link('b'), kHub, erasure(f, f.link('b'), f.link('a'), kBob, said));
  CHECK(f.party(kHub).hub->counts().bad_signatures == 2);
  CHECK(f.party(kHub).hub->counts().refused == 2);
  CHECK(where(f, "sesame") == "hub a b");
  CHECK(f.same("tea"));
}

TEST_CASE("shared-rooms: what a hub lets erase without a right counts for nothing at nodes") {
  Federation f(2);
  f.trust_all_at_hub();
  furnish(f);
  f.say(kBob, "tea", "sesame");
  f.hears(kBob);
  f.inject(f.link('b'), kHub, erasure(f, f.link('b'), f.link('a'), kBob, newest(f, kHub)));
  CHECK(where(f, "sesame") == "a b");
  CHECK(taken_back(f, kBob).empty());
  CHECK(f.party(f.link('a')).rooms->counts().bad_signatures > 0);
  CHECK(f.same("tea"));
  CHECK(f.rests());
}

TEST_CASE("shared-rooms: what a restored hub is offered anew stays erased, or is erased again") {
  for (const char* first : {"a", "b"}) {
    CAPTURE(first);
    Federation f(2);
    furnish(f);
    const storage::Image before = f.backup(kHub);
    f.say(kBob, "tea", "sesame");
    const std::string id = newest(f, kHub).id;
    f.cut(f.link('b'));
    erase(f, kAlice, id);
    CHECK(where(f, "sesame") == "b");
    f.restore(kHub, before);
    f.connect(f.link(*first));  // a has it erased, b as it was said
    f.run();
    CHECK(where(f, "sesame") == (*first == 'a' ? "b" : "hub b"));
    CHECK(test::messages(f, kHub) == 1);
    f.connect_all();
    f.advance(Millis(60'000));
    CHECK(where(f, "sesame").empty());
    CHECK(f.same("tea"));
    CHECK(f.rests());
  }
}

TEST_CASE("shared-rooms: a message that comes after what erased it is stored erased") {
  Federation f(3);
  furnish(f);
  f.set(kAlice, "tea", "carol@c.example", "member");
  const storage::Image before = f.backup(kHub);
  f.say(kBob, "tea", "sesame");
  const xsr::Item said = newest(f, kHub);
  f.cut(f.link('b'));
  erase(f, kAlice, said.id);
  f.cut(f.link('c'));
  f.restore(kHub, before);
  // The message itself is lost on its way from a.
  f.loses = [&](const test::Frame& frame) {
    const auto* item = frame.element().child("item", xsr::kNs);
    return frame.from == f.link('a') && item != nullptr && item->attr("kind") == "message";
  };
  f.connect(f.link('a'));
  f.run();
  CHECK(test::messages(f, kHub) == 0);
  f.crash(kHub);
  f.start(kHub);
  // Nor does b hear of the erasure before it has offered what Bob said.
  f.loses = [&](const test::Frame& frame) {
    const auto* item = frame.element().child("item", xsr::kNs);
    return frame.to == f.link('b') && item != nullptr && item->attr("kind") == "erasure";
  };
  f.connect(f.link('b'));
  f.run();
  CHECK(on_disk(f, f.link('b'), "sesame"));
  CHECK(test::messages(f, kHub) == 1);
  CHECK_FALSE(on_disk(f, kHub, "sesame"));
  CHECK(newest(f, kHub).hash == xsr::payload_hash(said));
  f.loses = nullptr;
  f.connect_all();
  f.advance(Millis(60'000));
  CHECK(where(f, "sesame", 3).empty());
  CHECK(f.same("tea"));
}

TEST_CASE("shared-rooms: a message and what erases it may come in one go") {
  Federation f(2);
  furnish(f);
  std::vector<xmpp::DocumentPtr> kept;
  f.loses = [&](const test::Frame& frame) {
    const bool is_kept = frame.to == f.link('b') && frame.element().name() == "entry";
    if (is_kept) kept.push_back(frame.stanza);
    return is_kept;
  };
  f.say(kAlice, "tea", "sesame");
  erase(f, kAlice, newest(f, kHub).id);
  CHECK(kept.size() == 2);
  f.loses = nullptr;
  for (const xmpp::DocumentPtr& one : kept) {
    f.party(f.link('b')).engine->on_stanza(kHub, xmpp::Stanza::parse(one).value());
  }
  f.run();
  CHECK(test::messages(f, f.link('b')) == 1);
  CHECK(where(f, "sesame").empty());
  CHECK(f.same("tea"));
}

TEST_CASE("shared-rooms: an epoch that takes back an erasure's order has it ordered again") {
  Federation f(2);
  furnish(f);
  f.say(kBob, "tea", "sesame");
  const storage::Image before = f.backup(kHub);
  erase(f, kAlice, newest(f, kHub).id);
  f.restore(kHub, before);
  CHECK(where(f, "sesame") == "hub");
  f.hears(kBob);
  f.connect_all();
  f.advance(Millis(60'000));
  CHECK(where(f, "sesame").empty());
  CHECK(taken_back(f, kBob).empty());  // he was told before
  CHECK(f.same("tea"));
}

// Simulator, deep, 4013.
TEST_CASE(
    "shared-rooms: an erasure of before the list that came is judged by its signature alone") {
  Federation f(3);
  const std::string c = f.link('c');
  furnish(f);
  f.set(kAlice, "tea", kBob, "owner");
  bool lists = false;
  bool entries = false;
  f.loses = [&](const test::Frame& frame) {
    const std::string_view name = frame.element().name();
    return frame.to == c && ((name == "list" && !lists) || (name == "entry" && !entries));
  };
  f.set(kAlice, "tea", "carl@c.example", "member");
  f.say(kAlice, "tea", "sesame");
  erase(f, kBob, newest(f, kHub).id);
  f.set(kAlice, "tea", kBob, "member");
  lists = true;
  f.advance(Millis(25'000));
  REQUIRE(f.state(c, "tea", "syncing") == "false");
  entries = true;
  CHECK(f.rests());
  CHECK(where(f, "sesame", 3).empty());
  CHECK(f.party(c).rooms->counts().bad_signatures == 0);
  CHECK(f.same("tea"));
}
