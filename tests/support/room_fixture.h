#pragma once
// A node with rooms, for dialogues: stanzas in as XML, stanzas out compared with patterns. Real
// engine and store, fake clock, seeded chance, links that keep what they are given. Everything runs
// on one thread; says() returns when nothing moves any more. crash() and start() as often as wanted
// on the same store.

#include <deque>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.h"
#include "engine/engine.h"
#include "modules/rooms/rooms.h"
#include "storage/memory_store.h"
#include "tests/support/fake_clock.h"
#include "xmpp/parser.h"

namespace hansa::test {

class Queue final : public Poster {
 public:
  void post(std::function<void()> work) override { work_.push_back(std::move(work)); }
  bool step();  // runs the oldest; false if there is none

 private:
  std::deque<std::function<void()>> work_;
};

// Reads what is written and sorts it by receiver.
class FakeLinks final : public engine::Links {
 public:
  void write(std::string_view domain, std::string bytes) override;
  void confirm(std::string_view domain, engine::Mark mark) override;
  [[nodiscard]] std::size_t queued(std::string_view) const override { return 0; }
  void restart(std::string_view domain);  // a new stream

  std::map<std::string, std::deque<xmpp::DocumentPtr>> heard;  // by `to`
  std::deque<std::pair<std::string, engine::Mark>> marks;
  std::string bytes;  // everything, in order

 private:
  std::map<std::string, xmpp::StreamParser> parsers_;
};

// Empty if `actual` is as `pattern` (XML in jabber:client) says: same name, the attributes and
// children that the pattern names, each as it says, and its text if it has any. `*` as a value or
// text means: some. What the pattern does not name is not looked at. Else: what is wrong.
[[nodiscard]] std::string differs(const xmpp::Element& actual, const xmpp::Element& pattern);

class RoomFixture {
 public:
  // Rows and facets of other modules: called at every start.
  using More = std::function<void(rooms::Rooms&, engine::Router&)>;
  explicit RoomFixture(std::string identities = {}, More more = {},
                       std::vector<engine::FacetFactory> facets = {});
  ~RoomFixture();

  void start();
  void crash();  // the process is gone; the store is not
  void stop();   // an orderly end
  void link(bool up);

  // From a client to the node; runs all that follows.
  void says(std::string_view xml);
  void hears(std::string_view xml);  // the same, and nothing follows until run()
  void advance(Millis time);
  void run();

  // All that was sent to that address since it was last asked, in order: as many stanzas as
  // patterns, each as its pattern. Empty if so, else what is wrong.
  [[nodiscard]] std::string gets(std::string_view to,
                                 std::initializer_list<std::string_view> patterns);
  // The next stanzas to that address, as XML; they count as asked for.
  [[nodiscard]] std::vector<std::string> heard(std::string_view to);
  void forget();  // what was sent so far is of no interest

  // Enters a room (with no history) and forgets what followed.
  void joins(std::string_view who, std::string_view occupant);

  rooms::Settings settings;  // change before start(); `enterprise` is a.example
  rooms::Hooks hooks;
  engine::Addressing addressing;
  std::size_t loaded_rooms = 0;  // at most, change before start(); 0: the default
  FakeClock clock;
  Queue queue;
  FakeLinks links;
  NoLog log;
  SeededRandom random{1};
  storage::MemoryStore store{queue};
  std::unique_ptr<rooms::Rooms> rooms;
  std::unique_ptr<engine::Router> router;
  std::unique_ptr<engine::Engine> engine;
  bool confirming = true;  // the host answers the confirming ping

 private:
  More more_;
  std::vector<engine::FacetFactory> facets_;
};

}  // namespace hansa::test
