// Member lists: signed, ordered, applied strictly in sequence, and told to be the same by a digest.

#include <doctest/doctest.h>

#include "tests/support/federation.h"

using namespace hansa;
using test::Federation;
using test::kHub;
namespace xsr = xep_shared_rooms;

namespace {

void furnish(Federation& f) {
  f.create("alice@a.example", "tea");
  f.set("alice@a.example", "tea", "bob@b.example", "member");
  f.passed.clear();
}

// An operation as `link` would send it, signed with the key of `signer`.
std::string operation(Federation& f, const std::string& link, const std::string& signer,
                      const std::string& actor, const std::string& jid,
                      const std::string& affiliation) {
  xsr::Operation op{jid, affiliation, "person", actor, {}, {}};
  xsr::Item item;
  item.kind = xsr::kKindOperation;
  item.origin = {link, 77, 1};
  item.id = "anid";
  item.salt = std::string(32, '5');
  const std::string log = f.state(kHub, "tea", "log");
  shared_log::sign(op, log, item.origin, Federation::seed_of(signer));
  item.payload = xsr::to_payload(op);
  std::string out;
  xmpp::Writer writer(out);
  xsr::write(writer, xsr::Entry{xmpp::Jid::parse("tea@shared.example").value(), log, item});
  return out;
}

}  // namespace

TEST_CASE("shared-rooms: an operation signed by its actor's node counts") {
  Federation f(2);
  furnish(f);
  f.inject(f.link('a'), kHub,
           operation(f, f.link('a'), f.link('a'), "alice@a.example", "ann@a.example", "member"));
  CHECK(f.ask(kHub, "tea", "shared:members").find("ann@a.example member") != std::string::npos);
  CHECK(f.same("tea"));
}

TEST_CASE("hub: an operation signed with another key is refused, and changes nothing anywhere") {
  Federation f(2);
  furnish(f);
  const std::string before = f.ask(kHub, "tea", "shared:members");
  f.inject(f.link('b'), kHub,
           operation(f, f.link('b'), f.link('a'), "bob@b.example", "bert@b.example", "member"));
  f.inject(f.link('b'), kHub,
           operation(f, f.link('b'), f.link('b'), "alice@a.example", "bob@b.example", "owner"));
  CHECK(f.ask(kHub, "tea", "shared:members") == before);
  CHECK(f.party(kHub).hub->counts().bad_signatures >= 1);
  CHECK(f.party(kHub).hub->counts().refused >= 1);
  CHECK(f.same("tea"));
}

TEST_CASE("hub: an operation without a signature is refused") {
  Federation f(2);
  furnish(f);
  std::string frame =
      operation(f, f.link('a'), f.link('a'), "alice@a.example", "ann@a.example", "member");
  const std::size_t at = frame.find(" signature='");
  frame.erase(at, frame.find('\'', at + 12) - at + 1);
  f.inject(f.link('a'), kHub, frame);
  CHECK(f.ask(kHub, "tea", "shared:members").find("ann@") == std::string::npos);
  CHECK(f.party(kHub).hub->counts().bad_signatures == 1);
}

TEST_CASE("hub: signed, but not the actor's to do: refused") {
  Federation f(2);
  furnish(f);
  f.inject(f.link('b'), kHub,
           operation(f, f.link('b'), f.link('b'), "bob@b.example", "alice@a.example", "none"));
  CHECK(f.ask(kHub, "tea", "shared:members").find("alice@a.example owner") != std::string::npos);
  CHECK(f.party(kHub).hub->counts().refused == 1);
  CHECK(f.same("tea"));
}

TEST_CASE("shared-rooms: what a hub orders without a good signature counts for nothing at nodes") {
  Federation f(2);
  f.trust_all_at_hub();
  furnish(f);
  f.inject(f.link('b'), kHub,
           operation(f, f.link('b'), f.link('a'), "bob@b.example", "bert@b.example", "member"));
  CHECK(f.ask(kHub, "tea", "shared:members").find("bert@") != std::string::npos);
  CHECK(f.ask(f.link('a'), "tea", "shared:members").find("bert@") == std::string::npos);
  CHECK(f.party(f.link('a')).rooms->counts().bad_signatures > 0);
}

TEST_CASE("shared-rooms: members may bring in their own people, and not others'") {
  Federation f(2);
  furnish(f);
  f.set("bob@b.example", "tea", "bert@b.example", "member");
  CHECK(f.hears("bob@b.example/x") == "iq:result");
  f.set("bob@b.example", "tea", "ann@a.example", "member");
  CHECK(f.hears("bob@b.example/x") == "iq:error");
  CHECK(f.same("tea"));
  CHECK(f.state(kHub, "tea", "members") == "3");
}

TEST_CASE("shared-rooms: two changes of one member at the same time: the later in order stands") {
  Federation f(2);
  furnish(f);
  f.set("alice@a.example", "tea", "bert@b.example", "admin");
  f.cut(f.link('b'));
  f.run();
  f.set("alice@a.example", "tea", "bob@b.example", "none");
  f.set("bob@b.example", "tea", "bill@b.example", "member");  // he does not know yet that he is out
  f.connect_all();
  // Ordered after his removal: refused, and everybody has the same list.
  CHECK(f.ask(kHub, "tea", "shared:members").find("bill@") == std::string::npos);
  CHECK(f.same("tea"));
  CHECK(f.state(f.link('b'), "tea", "unordered") == "0");
}

TEST_CASE("shared-rooms: a long list comes to a new enterprise in pages") {
  Federation f(3);
  furnish(f);
  for (int i = 0; i < 250; ++i) {
    f.set("alice@a.example", "tea", "p" + std::to_string(i) + "@a.example", "member");
  }
  f.passed.clear();
  f.set("alice@a.example", "tea", "carol@c.example", "member");
  CHECK(f.frames(f.link('c'), kHub, "fetch") == 3);
  CHECK(f.frames(kHub, f.link('c'), "list") == 3);
  CHECK(f.same("tea"));
  // And one change is one small frame to each, however long the list is.
  f.passed.clear();
  f.set("alice@a.example", "tea", "dan@a.example", "member");
  CHECK(f.frames(kHub, f.link('c'), "entry") == 1);
  CHECK(f.frames(kHub, f.link('c'), "list") == 0);
}

TEST_CASE("shared-rooms: a link that breaks between two pages: the rest comes later") {
  Federation f(3);
  furnish(f);
  for (int i = 0; i < 250; ++i) {
    f.set("alice@a.example", "tea", "p" + std::to_string(i) + "@a.example", "member");
  }
  int pages = 0;
  f.loses = [&](const test::Frame& frame) {
    return frame.element().name() == "list" && ++pages == 2;
  };
  f.set("alice@a.example", "tea", "carol@c.example", "member");
  CHECK(f.state(f.link('c'), "tea", "syncing") == "true");
  f.set("alice@a.example", "tea", "p7@a.example", "none");
  f.cut(f.link('c'));
  f.run();
  f.connect_all();
  CHECK(f.state(f.link('c'), "tea", "syncing") == "false");
  CHECK(f.same("tea"));
}

TEST_CASE("shared-rooms: a list that is not the hub's is noticed by its digest and fetched anew") {
  Federation f(2);
  furnish(f);
  // A hub that writes another digest stands for a list that went wrong.
  bool once = false;
  bool asks = true;
  f.loses = [&](const test::Frame& frame) {
    if (!asks && frame.element().attr("again") == "true") return true;
    const auto* item = frame.element().child("item", xsr::kNs);
    if (!once || frame.to != f.link('b') || item == nullptr || item->attr("digest").empty()) {
      return false;
    }
    once = false;
    std::string xml = xmpp::to_xml(frame.stanza->root());
    const std::string digest(item->attr("digest"));
    xml.replace(xml.find(digest), digest.size(), std::string(32, '0'));
    auto stanza = xmpp::Stanza::parse(xmpp::parse_element(xml, xmpp::ns::kClient).value());
    f.party(f.link('b')).engine->on_stanza(kHub, std::move(stanza).value());
    return true;
  };
  const auto go_wrong = [&] {
    once = true;
    f.set("alice@a.example", "tea", "ann@a.example", "member");
    CHECK_FALSE(once);
  };
  const auto begin_again = [&] {
    f.crash(f.link('b'));
    f.start(f.link('b'));
    f.connect_all();
  };
  SUBCASE("at once") { go_wrong(); }
  SUBCASE("what asks for it is lost, and the room leaves memory") {
    f.loaded_rooms = 1;
    begin_again();
    f.create("bob@b.example", "other");
    asks = false;
    go_wrong();
    f.set("bob@b.example", "other", "bert@b.example", "member");
    f.advance(Millis(5'000));
    asks = true;
  }
  SUBCASE("what asks for it is lost, and the node dies") {
    asks = false;
    go_wrong();
    asks = true;
    begin_again();
  }
  f.advance(Millis(60'000));
  CHECK(f.party(f.link('b')).rooms->counts().resyncs == 1);
  CHECK(f.same("tea"));
  f.say("alice@a.example", "tea", "hello");
  CHECK(f.hears("bob@b.example") == "hello");
}
