// The frames of «Shared Rooms»: parse → print → parse is stable, and what is a little wrong is
// refused.

#include "xep-spec/shared_rooms.h"

#include <doctest/doctest.h>

#include <string>

#include "base/limits.h"
#include "xmpp/parser.h"

using namespace hansa;
using namespace hansa::xep_shared_rooms;

namespace {

const xmpp::Jid kRoom = xmpp::Jid::parse("tea@shared.example").value();
const std::string kLog = "abcdefghijklmnopqrstuvwxyz";
const std::string kHash(32, 'a');
const std::string kKey(64, 'b');

Origin origin() { return {"rooms.a.example", 18446744073709551615U, 7}; }
Point point() { return {{4294967301U, 12}, kHash}; }

Item item() {
  Item out;
  out.kind = "message";
  out.must_understand = true;
  out.origin = origin();
  out.after = Origin{"rooms.a.example", 3, 6};
  out.stamp = {1'700'000'000'123};
  out.id = "anid";
  out.salt = std::string(32, '5');
  out.payload =
      "<said xmlns='urn:xmpp:shared-rooms:0' by='a&apos;b@c'><body>1 &lt; 2</body></said>";
  return out;
}

Record record() {
  return {{"bob@b.example", "member", "person", "alice@a.example", {1, 2}, std::string(128, 'c')},
          origin(),
          {5, 6}};
}

Erasure erasure() { return {origin(), "anid", "alice@a.example", std::string(128, 'c')}; }

std::string text_of(const Frame& frame) {
  std::string out;
  xmpp::Writer writer(out);
  write(writer, frame);
  return out;
}

Result<Frame> parse(const std::string& xml) {
  const auto document = xmpp::parse_element(xml, xmpp::ns::kClient);
  REQUIRE(document.ok());
  return parse_frame((*document)->root());
}

std::string with(std::string text, const std::string& old, const std::string& now) {
  const std::size_t at = text.find(old);
  REQUIRE(at != std::string::npos);
  return text.replace(at, old.size(), now);
}

}  // namespace

TEST_CASE("shared_rooms: every frame is read as it was written") {
  Item ordered = item();
  ordered.after.reset();
  ordered.order = {9, 1};
  ordered.digest = kHash;
  ordered.must_understand = false;
  Item erased = ordered;
  erased.hash = payload_hash(ordered);
  erased.id.clear();
  erased.salt.clear();
  erased.payload.clear();
  CHECK(item_hash(erased) == item_hash(ordered));
  const Enterprise enterprise{"rooms.a.example", {"a.example", "a2.example"}, kKey, 2};
  const Frame frames[] = {
      Hello{"rooms.a.example", 5, 1, 2, kKey, std::string(4096, '0')},
      Hello{"hub.example", 5, 1, 1, {}, {}},
      Hello{"hub.example", 5, 1, 1, {}, {}, 7},
      Differ{{0, 3, 255}},
      Differ{},
      Rooms{"abc", "abd", {3}, {{kRoom, kLog, point()}, {kRoom, kLog, {}}}},
      Next{kLog},
      Entry{kRoom, kLog, item()},
      Entry{kRoom, kLog, ordered},
      Entry{kRoom, kLog, erased},
      Entry{kRoom, kLog, ordered, 7},
      Ordered{kRoom, kLog, origin(), {9, 1}, kHash},
      Have{kRoom, kLog, point(), true, 7, {point(), point()}},
      Have{kRoom, kLog, {}, false, 0, {}},
      Have{kRoom, kLog, {}, true, 7, {}, true},
      Again{kRoom, kLog},
      Offered{kRoom, kLog, 9},
      Welcome{kRoom, kLog, point(), kHash, {enterprise}, false},
      Welcome{kRoom, kLog, point(), kHash, {enterprise}, true},
      Welcome{kRoom, kLog, point(), kHash, {enterprise}, true, Version{9, 0}},
      Fetch{kRoom, kLog, "bob@b.example"},
      Fetch{kRoom, kLog, {}, 7},
      Fetch{kRoom, kLog, "bob@b.example", 7, Version{9, 0}},
      List{kRoom, kLog, {}, {9, 1}, true, kHash, {record()}},
      List{kRoom, kLog, {}, {9, 1}, false, {}, {}, 7},
      Create{kRoom, kLog, "id1", "alice@a.example/x", item()},
      Create{kRoom, kLog, {}, {}, item(), 9},
      Created{kRoom, kLog, "id1", "alice@a.example/x", "conflict"},
      Problem{"tea@shared.example", "not-allowed", "No."},
      Directed{kRoom, kLog, "rooms.a.example", "rooms.b.example", 3, 4,
               "<message><body>hi</body></message>"},
      DirectedAck{kRoom, kLog, "rooms.a.example", "rooms.b.example", 3, 4},
      Passing{kRoom, "rooms.a.example", "<presence xmlns='urn:xmpp:shared-rooms:0' by='a@b'/>"},
      Clear{"rooms.a.example"},
  };
  for (const Frame& frame : frames) {
    const std::string text = text_of(frame);
    CAPTURE(text);
    const auto read = parse(text);
    REQUIRE(read.ok());
    CHECK(text_of(*read) == text);
    CHECK(read->index() == frame.index());
    // What a later format adds is passed over.
    const auto more = parse(with(text, " format='1'", " format='9' extra='1'"));
    REQUIRE(more.ok());
    CHECK(*more == *read);
  }
}

TEST_CASE("shared_rooms: what is a little wrong is refused") {
  const std::string entry = text_of(Entry{kRoom, kLog, item()});
  const std::string have = text_of(Have{kRoom, kLog, point(), false, 0, {}});
  const std::string differ = text_of(Differ{{1, 2}});
  const std::string welcome = text_of(
      Welcome{kRoom, kLog, point(), kHash, {{"rooms.a.example", {"a.example"}, kKey, 1}}, false});
  const std::pair<std::string, std::string> bad[] = {
      {entry, with(entry, "tea@shared.example", "shared.example")},
      {entry, with(entry, "tea@shared.example", "tea@shared.example/x")},
      {entry, with(entry, kLog, "ABC")},
      {entry, with(entry, kLog, "a")},
      {entry, with(entry, "number='7'", "number='07'")},
      {entry, with(entry, "number='7'", "number='-7'")},
      {entry, with(entry, "number='7'", "number=''")},
      {entry, with(entry, "18446744073709551615", "18446744073709551616")},
      {entry, with(entry, " kind='message'", "")},
      {entry, with(entry, " stamp='", " stamp='x")},
      {entry, with(entry, "must='true'", "must='perhaps'")},
      {entry, with(entry, " id='anid'", " id=''")},
      {entry, with(entry, " salt='5", " salt='x")},
      {have, with(have, kHash, kHash.substr(1))},
      {have, with(have, kHash, std::string(32, 'A'))},
      {have, with(have, " chain='" + kHash + "'", "")},
      {differ, with(differ, "1 2", "2 1")},
      {differ, with(differ, "1 2", "1 256")},
      {differ, with(differ, "1 2", "1 1")},
      {welcome, with(welcome, kKey, kKey.substr(2))},
      {welcome, with(welcome, " link='rooms.a.example'", "")},
  };
  for (const auto& [good, wrong] : bad) {
    CAPTURE(wrong);
    CHECK(parse(good).ok());
    const auto read = parse(wrong);
    REQUIRE_FALSE(read.ok());
    CHECK(read.error().condition == Condition::bad_request);
  }
}

TEST_CASE("shared_rooms: lists within frames are bounded") {
  List list{kRoom, kLog, {}, {1, 1}, true, {}, {}};
  list.records.assign(limits::kListPage, record());
  CHECK(parse(text_of(list)).ok());
  list.records.push_back(record());
  CHECK_FALSE(parse(text_of(list)).ok());

  Rooms rooms{{}, {}, {3}, {}};
  rooms.rooms.assign(limits::kRoomsPage, {kRoom, kLog, point()});
  CHECK(parse(text_of(rooms)).ok());
  rooms.rooms.push_back({kRoom, kLog, point()});
  CHECK_FALSE(parse(text_of(rooms)).ok());

  Have have{kRoom, kLog, point(), true, 7, {}};
  have.past.assign(limits::kPastEpochs, point());
  CHECK(parse(text_of(have)).ok());
  have.past.push_back(point());
  CHECK_FALSE(parse(text_of(have)).ok());

  Welcome welcome{kRoom, kLog, point(), kHash, {}, false};
  welcome.enterprises.assign(limits::kEnterprises, {"rooms.a.example", {"a.example"}, kKey, 1});
  CHECK(parse(text_of(welcome)).ok());
  welcome.enterprises.push_back(welcome.enterprises.front());
  CHECK_FALSE(parse(text_of(welcome)).ok());

  welcome.enterprises.resize(1);
  welcome.enterprises[0].domains.assign(limits::kEnterpriseDomains, "a.example");
  CHECK(parse(text_of(welcome)).ok());
  welcome.enterprises[0].domains.push_back("a.example");
  CHECK_FALSE(parse(text_of(welcome)).ok());

  std::string buckets;
  for (int i = 0; i < 256; ++i) buckets += (i == 0 ? "" : " ") + std::to_string(i);
  const auto differ = [](const std::string& text) {
    return parse("<differ xmlns='urn:xmpp:shared-rooms:0' buckets='" + text + "'/>").ok();
  };
  CHECK(differ(buckets));
  CHECK_FALSE(differ(buckets + " 256"));
  CHECK_FALSE(differ("3 3"));
}

TEST_CASE("shared_rooms: payloads are bounded") {
  const auto of_size = [](std::size_t size) {
    const std::string frame = "<said xmlns='urn:xmpp:shared-rooms:0'></said>";
    return frame.substr(0, frame.size() - 7) + std::string(size - frame.size(), 'x') + "</said>";
  };
  Entry entry{kRoom, kLog, item()};
  Directed directed{kRoom, kLog, "rooms.a.example", "rooms.b.example", 1, 1, {}};
  entry.item.payload = directed.payload = of_size(limits::kItemBytes);
  CHECK(parse(text_of(entry)).ok());
  CHECK(parse(text_of(directed)).ok());
  entry.item.payload = directed.payload = of_size(limits::kItemBytes + 1);
  CHECK_FALSE(parse(text_of(entry)).ok());
  CHECK_FALSE(parse(text_of(directed)).ok());
  Passing passing{kRoom, "rooms.a.example", of_size(limits::kPassingBytes)};
  CHECK(parse(text_of(passing)).ok());
  passing.payload += "<more xmlns='urn:xmpp:shared-rooms:0'/>";
  CHECK_FALSE(parse(text_of(passing)).ok());
}

TEST_CASE("shared_rooms: an unknown frame is passed over, unless it must be understood") {
  const auto read = parse("<poll xmlns='urn:xmpp:shared-rooms:0' format='2'/>");
  REQUIRE(read.ok());
  CHECK(*read == Frame(Unknown{"poll"}));
  const auto must = parse("<poll xmlns='urn:xmpp:shared-rooms:0' format='2' must='true'/>");
  REQUIRE_FALSE(must.ok());
  CHECK(must.error().condition == Condition::feature_not_implemented);
  CHECK_FALSE(parse("<again xmlns='urn:xmpp:shared-rooms:0' format='2' must='true' "
                    "room='tea@shared.example' log='abc'/>")
                  .ok());
  CHECK_FALSE(parse("<hello xmlns='urn:other'/>").ok());
}

TEST_CASE("shared_rooms: payloads are read as they were written") {
  const Epoch epoch{4294967297U, kHash, point()};
  CHECK(read_epoch(to_payload(epoch)).value() == epoch);
  const Enterprise enterprise{"rooms.a.example", {"a.example"}, kKey, 1};
  CHECK(read_enterprise(to_payload(enterprise)).value() == enterprise);
  CHECK(read_operation(to_payload(record().operation)).value() == record().operation);
  CHECK(read_erasure(to_payload(erasure())).value() == erasure());
  const Refused refused{"forbidden", "You may not."};
  CHECK(read_refused(to_payload(refused)).value() == refused);
  const Gap gap{origin(), 9};
  CHECK(read_gap(to_payload(gap)).value() == gap);
  CHECK_FALSE(read_gap(to_payload(Gap{origin(), 6})).ok());
  CHECK_FALSE(read_epoch("").ok());
  CHECK_FALSE(read_epoch(to_payload(gap)).ok());
}

TEST_CASE("shared_rooms: an erasure that is a little wrong is refused") {
  const std::string good = to_payload(erasure());
  CHECK(read_erasure(good).ok());
  for (const std::string& wrong : {
           with(good, "<erase ", "<raze "),
           with(good, kNs.data(), "urn:other"),
           with(good, " by='rooms.a.example'", ""),
           with(good, " number='7'", " number='07'"),
           with(good, " id='anid'", " id=''"),
           with(good, " id='anid'", " id='" + std::string(65, 'x') + "'"),
           with(good, " actor='alice@a.example'", ""),
           with(good, " signature='c", " signature='"),
       }) {
    CAPTURE(wrong);
    CHECK_FALSE(read_erasure(wrong).ok());
  }
  CHECK_FALSE(read_operation(good).ok());
  CHECK_FALSE(read_erasure(to_payload(record().operation)).ok());
}

TEST_CASE("shared_rooms: an erasure's signature covers the message, the actor and itself") {
  const std::string bytes = signed_bytes(kLog, erasure(), origin());
  const auto changed = [&](auto change) {
    Erasure other = erasure();
    Origin who = origin();
    change(other, who);
    return signed_bytes(kLog, other, who) != bytes;
  };
  CHECK(signed_bytes("abc", erasure(), origin()) != bytes);
  CHECK(changed([](Erasure& e, Origin&) { e.erased.link += "x"; }));
  CHECK(changed([](Erasure& e, Origin&) { ++e.erased.incarnation; }));
  CHECK(changed([](Erasure& e, Origin&) { ++e.erased.number; }));
  CHECK(changed([](Erasure& e, Origin&) { e.id += "x"; }));
  CHECK(changed([](Erasure& e, Origin&) { e.actor += "x"; }));
  CHECK(changed([](Erasure&, Origin& w) { ++w.number; }));
  CHECK(changed([](Erasure&, Origin& w) { ++w.incarnation; }));
  CHECK(changed([](Erasure&, Origin& w) { w.link += "x"; }));
  CHECK_FALSE(changed([](Erasure& e, Origin&) { e.signature.clear(); }));
}

TEST_CASE("shared_rooms: a signature's bytes differ in whatever it covers") {
  const Operation op = record().operation;
  const std::string bytes = signed_bytes(kLog, op, origin());
  const auto changed = [&](auto change) {
    Operation other = op;
    Origin who = origin();
    change(other, who);
    return signed_bytes(kLog, other, who) != bytes;
  };
  CHECK(signed_bytes("abc", op, origin()) != bytes);
  CHECK(changed([](Operation& o, Origin&) { o.jid += "x"; }));
  CHECK(changed([](Operation& o, Origin&) { o.affiliation = "owner"; }));
  CHECK(changed([](Operation& o, Origin&) { o.kind = "room"; }));
  CHECK(changed([](Operation& o, Origin&) { o.actor += "x"; }));
  CHECK(changed([](Operation& o, Origin&) { ++o.previous.sequence; }));
  CHECK(changed([](Operation&, Origin& w) { ++w.number; }));
  CHECK(changed([](Operation&, Origin& w) { ++w.incarnation; }));
  CHECK(changed([](Operation&, Origin& w) { w.link += "x"; }));
  CHECK_FALSE(changed([](Operation& o, Origin&) { o.signature.clear(); }));
  // A part's end is part of it.
  CHECK(changed([](Operation& o, Origin&) {
    o.jid += "member";
    o.affiliation.clear();
  }));
}

TEST_CASE("shared_rooms: the wide sum depends on the set and the key, not on the order") {
  WideSum one;
  one.add("key", "a");
  one.add("key", "b");
  WideSum two;
  two.add("key", "b");
  two.add("key", "c");
  CHECK(one.text() != two.text());
  two.add("key", "a");
  two.subtract("key", "c");
  CHECK(one == two);
  CHECK(one.text() == two.text());
  WideSum other_key;
  other_key.add("another", "a");
  other_key.add("another", "b");
  CHECK(one.text() != other_key.text());
  CHECK(WideSum().text() != one.text());
}

TEST_CASE("shared_rooms: the chain depends on all before it, on order and item") {
  const std::string hash = item_hash(item());
  const std::string chain = next_chain("", kLog, {1, 1}, hash);
  CHECK(chain != next_chain(kHash, kLog, {1, 1}, hash));
  CHECK(chain != next_chain("", kLog, {1, 2}, hash));
  CHECK(chain != next_chain("", "abc", {1, 1}, hash));
  Item other = item();
  other.payload += "<x/>";
  CHECK(item_hash(other) != hash);
  other = item();
  other.order = {5, 5};
  other.after.reset();
  CHECK(item_hash(other) == hash);
  other = item();
  other.salt[0] = '6';
  CHECK(item_hash(other) != hash);
  Item read;
  read_item_bytes(item_bytes(item()), read);
  CHECK(item_bytes(read) == item_bytes(item()));
  read_item_bytes(item_bytes(item()).substr(0, 9), read);  // damaged: what is there
}
