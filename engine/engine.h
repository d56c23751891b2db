#pragma once
// The heart that the program and the simulator share (design §3, Engine): takes events, finds the
// room and the handler, runs it, appends, holds effects until they are durable, releases them,
// follows, evicts. Everything runs on one thread, the deciding one; the store, the links and the
// clock are given. Nothing here blocks.
//
// The owner calls the on_… functions for what happened, then settle() once for all of it: that is
// when batches go to the store and bytes to the links, so that what arrived together is written
// together.

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/random.h"
#include "engine/facet.h"
#include "engine/links.h"
#include "engine/router.h"
#include "storage/storage.h"
#include "xmpp/stanza.h"

namespace hansa::engine {

// Which addresses are ours. `conversation` maps (identity's localpart, peer's bare JID) to the room
// that is their conversation (protocol §4); without identities both are empty.
struct Addressing {
  std::string rooms;
  std::string identities;
  std::function<xmpp::Jid(std::string_view local, const xmpp::Jid& peer)> conversation;
  std::string shared{};  // shared rooms: X@shared is a log here, as on the hub and every node in it
  // Links to the hub, or to nodes (protocol §1): what comes on one of them is for Target::link.
  std::set<std::string, std::less<>> peers{};
};

struct Settings {
  std::string role = "node";
  Addressing addressing;
  std::size_t loaded_rooms = 0;     // 0: limits::kLoadedRooms
  std::size_t link_high_water = 0;  // bytes queued above which fan-out pauses; 0: 4 MiB
  Millis rest{limits::kRest_ms};    // without an event, then a room rests
  // Entries that a follower may be behind and still keeps from being dropped.
  std::uint64_t follower_bound = limits::kFollowerBound;
};

class Engine {
 public:
  // All references must outlive the engine.
  Engine(Settings settings, storage::Store& store, Links& links, Clock& clock, Random& random,
         Log& log, const Router& router, std::vector<FacetFactory> facets);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // Loads the rooms that have sessions, obligations, lagging followers or due timers (by the
  // shard's index). `ready` is called when that is done; events may come before.
  void start(std::function<void()> ready);
  // Tells every loaded room Life::stopping; no stanza is taken any more. Then settle().
  void stop();
  // Nothing is waiting for the store, and every effect has left for its link.
  [[nodiscard]] bool idle() const;

  // A stanza that came on the link of `domain`; its addresses were checked against the link.
  void on_stanza(std::string_view domain, xmpp::Stanza stanza);
  void on_link(std::string_view domain, bool up);
  void on_confirmed(std::string_view domain, Mark mark);
  // Bytes left the queue of that link.
  void on_drained(std::string_view domain);
  // At least once a second, and not later than next_due().
  void on_tick();
  [[nodiscard]] MonoTime next_due() const;
  void settle();

  // A request of the operator, decided as a service turn; `run` may be called several times (reads)
  // and gives its answer with `done`, which it is handed each time.
  using AdminHandler = std::function<void(ServiceTurn&, const std::function<void(std::string)>&)>;
  void on_admin(AdminHandler run, std::function<void(std::string)> done);

  [[nodiscard]] const Settings& settings() const;
  [[nodiscard]] std::size_t rooms_loaded() const;

  class Impl;
  [[nodiscard]] Impl& impl() { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace hansa::engine
