#include "engine/group.h"

#include <doctest/doctest.h>

#include <map>

#include "engine/turn.h"
#include "tests/engine/toy.h"

namespace hansa::toy {
namespace {

using engine::Position;

class Bodies final : public engine::Delivery {
 public:
  [[nodiscard]] std::optional<engine::Encoded> encode(const engine::RoomState&,
                                                      const engine::Entry& entry,
                                                      bool late) const override {
    return engine::Encoded{std::to_string(entry.position) + (late ? "late>" : ">"), ";"};
  }
};

// A group beside a log of its own, without engine, store or room.
class Bench final : public engine::EntrySource {
 public:
  explicit Bench(engine::ConfirmedBy by, std::size_t window = 0)
      : group({"g", "link", &delivery, by, window}, 0, 0, 0) {
    outbox.link("link", true);
    group.pause(false);
  }
  void say() {
    auto entry = std::make_shared<engine::Entry>();
    entry->position = log.size() + 1;
    log[entry->position] = entry;
    group.allow(entry->position);
  }
  std::string sent() {
    group.pump({room, *this, outbox, {}});
    outbox.flush();
    std::string out;
    out.swap(links.written["link"]);
    return out;
  }
  // The host answers all pings.
  void confirm() {
    while (!links.marks.empty()) {
      for (const auto& s : outbox.confirmed("link", links.marks.front().second)) held.push_back(s);
      links.marks.pop_front();
    }
  }
  void take_confirmed() {
    for (const auto& s : held) {
      if (s.follower.empty()) {
        group.confirm(s.position);
      } else {
        group.confirm(s.follower, s.follow, s.position);
      }
    }
    held.clear();
  }
  [[nodiscard]] engine::EntryPtr entry(Position position) const override {
    const auto place = log.find(position);
    return place == log.end() ? nullptr : place->second;
  }
  void want(Position) override {}
  [[nodiscard]] Position first() const override { return 1; }

  Bodies delivery;
  FakeLinks links;
  engine::Outbox outbox{links, 1'000'000};
  xmpp::Jid address = xmpp::Jid::parse("r@rooms.test").value();
  engine::RoomState room{address, "log", {}};
  std::map<Position, engine::EntryPtr> log;
  std::vector<engine::Sent> held;
  engine::Group group;
};

}  // namespace

TEST_CASE("group: a confirmation of an earlier time to follow says nothing of this one") {
  Bench bench(engine::ConfirmedBy::host);
  bench.say();
  bench.say();
  bench.group.add("a", 1, 2);
  CHECK(bench.sent() == "1late>a;2late>a;");
  bench.confirm();
  bench.group.add("a", 1, 2);  // joins again before the answer is in
  CHECK(bench.sent() == "1late>a;2late>a;");
  bench.take_confirmed();
  CHECK(bench.group.confirmed("a") == 0);
  bench.group.link_lost();  // it is sent again what nobody confirmed, no more and no less
  CHECK(bench.sent() == "1late>a;2late>a;");
}

TEST_CASE("group: no more than the window is under way, and no less") {
  Bench bench(engine::ConfirmedBy::module, 2);
  for (int i = 0; i < 5; ++i) bench.say();
  bench.group.add("hub", 1, 0);
  CHECK(bench.sent() == "1>hub;2>hub;");
  CHECK(bench.sent().empty());
  bench.group.confirm(1);
  CHECK(bench.sent() == "3>hub;");
  bench.group.confirm(3);
  CHECK(bench.sent() == "4>hub;5>hub;");
  bench.say();
  CHECK(bench.sent().empty());  // live now, and bounded as before
  bench.group.confirm(4);
  CHECK(bench.sent() == "6>hub;");
}

TEST_CASE("group: who is still to begin lacks what comes meanwhile") {
  Bench bench(engine::ConfirmedBy::host);
  bench.say();
  CHECK(bench.sent().empty());
  CHECK(bench.group.confirmed() == 1);  // nobody lacks it
  bench.group.await();
  bench.say();
  CHECK(bench.sent().empty());
  CHECK(bench.group.confirmed() == 1);
  bench.group.add("a", 2, 0);
  CHECK(bench.sent() == "2>a;");
  bench.group.remove("a");
  bench.say();
  CHECK(bench.sent().empty());
  CHECK(bench.group.confirmed() == 3);
}

TEST_CASE("group: one that its module confirms can be taken back") {
  Bench bench(engine::ConfirmedBy::module);
  for (int i = 0; i < 3; ++i) bench.say();
  bench.group.add("hub", 1, 0);
  bench.sent();
  bench.group.confirm(3);
  bench.group.add("hub", 2, 0);  // it lost what it had
  CHECK(bench.group.confirmed() == 1);
  CHECK(bench.sent() == "2>hub;3>hub;");
  bench.group.link_lost();
  CHECK(bench.sent().empty());  // paused, until its module knows where the other side is
}

}  // namespace hansa::toy
