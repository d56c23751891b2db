// The fold of a shared room's log: intervals, going back, records.

#include "modules/shared-log/log.h"

#include <doctest/doctest.h>

#include "base/limits.h"

using namespace hansa;
using namespace hansa::shared_log;

namespace {

class Fold {
 public:
  Fold() { add(engine::EntryKind::created, encode(Created{"thelog", "rooms.a.example"})); }
  void add(engine::EntryKind kind, std::string bytes) {
    engine::Entry entry;
    entry.position = ++position_;
    entry.kind = kind;
    entry.shared.bytes = std::move(bytes);
    log.apply(entry);
  }
  void add(const engine::Arrived& arrived) {
    engine::Entry entry;
    entry.position = ++position_;
    entry.kind = arrived.kind;
    entry.origin = arrived.origin;
    entry.order = arrived.order;
    entry.salt = arrived.salt;
    entry.shared = arrived.shared;
    entry.local = arrived.local;
    entry.hash = engine::payload_hash(entry.salt, entry.shared);
    if (erase_) engine::erase_payload(entry);
    log.apply(entry);
  }
  void erase_from_now_on() { erase_ = true; }
  void item(std::string_view kind, std::string payload, xsr::Origin origin, xsr::Version order) {
    xsr::Item one;
    one.kind = kind;
    one.origin = std::move(origin);
    one.id = "id";
    one.salt = std::string(32, '5');
    one.payload = std::move(payload);
    one.order = order;
    StoredItem stored{one, {}, false};
    if (order != xsr::Version{}) {
      stored.chain = xsr::next_chain(log.point().chain, "thelog", order, xsr::item_hash(one));
    }
    add(to_entry(stored));
  }
  void epoch(std::uint64_t number, const xsr::Point& follows) {
    item(xsr::kKindEpoch, xsr::to_payload(xsr::Epoch{number, std::string(32, 'a'), follows}),
         {"hub.example", number, ++hub_}, {number, 0});
  }
  void set(const std::string& jid, const std::string& affiliation, xsr::Version order) {
    item(xsr::kKindOperation,
         xsr::to_payload(xsr::Operation{jid, affiliation, "person", "x@a.example", {}, {}}),
         {"rooms.b.example", 5, ++b_}, order);
  }
  // What a store would give after a restart.
  [[nodiscard]] std::string reloaded() {
    std::vector<storage::Change> changes;
    log.collect_records(changes);
    for (auto& change : changes) {
      if (change.value) {
        records_[change.key] = *change.value;
      } else {
        records_.erase(change.key);
      }
    }
    SharedLog again;
    for (const auto& [key, value] : records_) again.apply_record(key, value);
    return again.describe() + again.describe_members();
  }
  void erase(const xsr::Origin& message, xsr::Origin origin, xsr::Version order) {
    item(xsr::kKindErasure, xsr::to_payload(xsr::Erasure{message, "id", "x@a.example", {}}),
         std::move(origin), order);
  }
  // The same fold, from its records.
  [[nodiscard]] SharedLog loaded() {
    static_cast<void>(reloaded());
    SharedLog again;
    for (const auto& [key, value] : records_) again.apply_record(key, value);
    return again;
  }
  [[nodiscard]] std::string now() const { return log.describe() + log.describe_members(); }

  SharedLog log;

 private:
  Position position_ = 0;
  bool erase_ = false;
  std::uint64_t hub_ = 0;
  std::uint64_t b_ = 0;
  std::map<std::string, std::string> records_;
};

}  // namespace

TEST_CASE("intervals: a set of numbers as its runs") {
  Intervals set;
  for (const std::uint64_t n : {5, 1, 3, 2, 9, 3, 0}) set.add(n);
  CHECK(set.runs() == std::vector<Intervals::Run>{{1, 3}, {5, 5}, {9, 9}});
  CHECK(set.contains(2));
  CHECK_FALSE(set.contains(4));
  CHECK_FALSE(set.contains(0));
  CHECK(set.holes() == std::vector<Intervals::Run>{{4, 4}, {6, 8}});
  set.add(4);
  CHECK(set.runs() == std::vector<Intervals::Run>{{1, 5}, {9, 9}});
  CHECK(decode_intervals(encode(set)).runs() == set.runs());
  CHECK(set.last() == 9);
}

TEST_CASE("shared_log: an epoch that follows an earlier point takes back what stood behind it") {
  Fold f;
  f.epoch(100, {});
  f.set("a@a.example", "owner", {100, 1});
  const xsr::Point point = f.log.point();
  const std::string list = f.log.describe_members();
  f.set("b@b.example", "member", {100, 2});
  f.set("a@a.example", "admin", {100, 3});
  f.item(xsr::kKindMessage, "<m/>", {"rooms.a.example", 1, 1}, {100, 4});
  CHECK(f.log.unordered().empty());
  CHECK(f.reloaded() == f.now());
  f.epoch(200, point);
  CHECK(f.log.describe_members() == list);
  CHECK(f.log.list_version() == point.version);
  CHECK(f.log.unordered().size() == 3);
  CHECK(f.log.version() == xsr::Version{200, 0});
  CHECK(f.log.has({"rooms.a.example", 1, 1}));
  CHECK(f.reloaded() == f.now());
}

TEST_CASE("shared_log: an item without order is ordered later, and counts from then on") {
  Fold f;
  f.epoch(100, {});
  f.set("a@a.example", "owner", {100, 1});
  const xsr::Operation op{"c@c.example", "member", "person", "a@a.example", {}, {}};
  const xsr::Origin origin{"rooms.a.example", 1, 1};
  f.item(xsr::kKindOperation, xsr::to_payload(op), origin, {});
  CHECK(f.log.affiliation("c@c.example") == "none");
  CHECK(f.log.position_of(origin) == 4);
  CHECK(f.reloaded() == f.now());
  f.add(engine::EntryKind::ordered, encode(StoredOrder{origin, {100, 2}, "chain", false, {}}));
  CHECK(f.log.affiliation("c@c.example") == "member");
  CHECK(f.log.unordered().empty());
  CHECK(f.log.before(9) == origin);
  CHECK(f.reloaded() == f.now());
}

TEST_CASE("shared_log: digests are equal for equal lists, however they came to be") {
  Fold one;
  one.epoch(100, {});
  one.set("a@a.example", "owner", {100, 1});
  static_cast<void>(one.log.digest());
  one.set("b@b.example", "member", {100, 2});
  one.set("b@b.example", "none", {100, 3});
  Fold two;
  two.epoch(100, {});
  two.set("a@a.example", "owner", {100, 1});
  CHECK(one.log.digest() == two.log.digest());
  two.set("b@b.example", "member", {100, 2});
  CHECK(one.log.digest() != two.log.digest());
  // The same list in another epoch has another one: keys are of epochs.
  const std::string before = two.log.digest();
  two.item(xsr::kKindEpoch, xsr::to_payload(xsr::Epoch{200, std::string(32, 'b'), two.log.point()}),
           {"hub.example", 200, 1}, {200, 0});
  CHECK(two.log.digest() != before);
}

TEST_CASE("shared_log: what can be undone is bounded, and survives a restart") {
  Fold f;
  f.epoch(100, {});
  f.set("a@a.example", "owner", {100, 1});
  const xsr::Point old = f.log.point();
  for (std::uint64_t n = 2; n < limits::kSharedHistory + 10; ++n) {
    f.set("p" + std::to_string(n) + "@b.example", "member", {100, n});
  }
  CHECK_FALSE(f.log.chain_at(old.version).has_value());
  CHECK(f.log.chain_at(f.log.version()) == f.log.point().chain);
  CHECK(f.log.chain_at({100, limits::kSharedHistory}).has_value());
  CHECK(f.reloaded() == f.now());
}

TEST_CASE("shared_log: an erased item keeps its place: order, chain, origin") {
  Fold one;
  Fold two;
  for (Fold* f : {&one, &two}) {
    f->epoch(100, {});
    f->set("a@a.example", "owner", {100, 1});
    if (f == &two) f->erase_from_now_on();
    f->item(xsr::kKindMessage, "<m/>", {"rooms.a.example", 1, 1}, {100, 2});
  }
  CHECK(two.now() == one.now());
  CHECK(two.log.point() == one.log.point());
  CHECK(two.log.has({"rooms.a.example", 1, 1}));
}

TEST_CASE("shared_log: what is erased before it comes is known until it does") {
  Fold f;
  const xsr::Origin said{"rooms.b.example", 5, 1};
  const xsr::Origin erasure{"rooms.a.example", 1, 1};
  f.epoch(100, {});
  const xsr::Point point = f.log.point();
  f.erase(said, erasure, {});
  CHECK_FALSE(f.log.erased_unseen(said));  // it has no order yet
  f.add(engine::EntryKind::ordered, encode(StoredOrder{erasure, {100, 1}, "chain", false, {}}));
  CHECK(f.log.erased_unseen(said));
  CHECK(f.loaded().erased_unseen(said));
  // Its order is taken back: it stays, and is offered.
  f.epoch(200, point);
  CHECK(f.log.unordered().size() == 1);
  CHECK(f.log.erased_unseen(said));
  f.item(xsr::kKindMessage, "<m/>", said, {200, 1});
  CHECK_FALSE(f.log.erased_unseen(said));
  CHECK_FALSE(f.loaded().erased_unseen(said));
  CHECK(f.reloaded() == f.now());
}

TEST_CASE(
    "shared_log: an erasure of what is here, or one that counts for nothing, is not awaited") {
  Fold f;
  const xsr::Origin said{"rooms.b.example", 5, 1};
  f.epoch(100, {});
  f.item(xsr::kKindMessage, "<m/>", said, {100, 1});
  f.erase(said, {"rooms.a.example", 1, 1}, {100, 2});
  CHECK_FALSE(f.log.erased_unseen(said));
  const xsr::Origin other{"rooms.b.example", 5, 2};
  const xsr::Origin forged{"rooms.a.example", 1, 2};
  f.erase(other, forged, {});
  f.add(engine::EntryKind::ordered, encode(StoredOrder{forged, {100, 3}, "chain", true, {}}));
  CHECK_FALSE(f.log.erased_unseen(other));
  CHECK_FALSE(f.log.doubtful());  // no list is another one by it
  const std::size_t waiting = f.log.unordered().size();
  f.epoch(200, {});
  CHECK(f.log.unordered().size() == waiting + 2);  // nor is it offered
  CHECK_FALSE(f.log.has(other));
}

TEST_CASE("shared_log: what was erased and never comes is forgotten, the oldest first") {
  Fold f;
  f.epoch(100, {});
  for (std::uint64_t n = 1; n <= limits::kErasedUnseen + 1; ++n) {
    f.erase({"rooms.b.example", 5, n}, {"rooms.a.example", 1, n}, {100, n});
  }
  CHECK_FALSE(f.log.erased_unseen({"rooms.b.example", 5, 1}));
  CHECK(f.log.erased_unseen({"rooms.b.example", 5, 2}));
  const SharedLog again = f.loaded();
  CHECK_FALSE(again.erased_unseen({"rooms.b.example", 5, 1}));
  CHECK(again.erased_unseen({"rooms.b.example", 5, 2}));
}

TEST_CASE("shared_log: where a message stands is known of the newest, without order or with it") {
  Fold f;
  const xsr::Origin said{"rooms.a.example", 1, 1};
  const xsr::Origin act{"rooms.a.example", 1, 2};
  f.epoch(100, {});
  f.item(xsr::kKindMessage, "<m/>", said, {});
  f.erase(said, act, {});
  CHECK(f.log.newest_message(said) == 3);
  CHECK(f.log.newest_message(act) == 0);  // what is no message is not erased
  f.add(engine::EntryKind::ordered, encode(StoredOrder{said, {100, 1}, "chain", false, {}}));
  CHECK(f.log.newest_message(said) == 3);
  for (std::uint64_t n = 2; n <= limits::kSharedHistory; ++n) {
    f.set("p" + std::to_string(n) + "@b.example", "member", {100, n});
  }
  CHECK(f.log.newest_message(said) == 3);
  f.set("last@b.example", "member", {100, limits::kSharedHistory + 1});
  CHECK(f.log.newest_message(said) == 0);
}
