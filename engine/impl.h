#pragma once
// What the parts of the engine share. Private to engine/.

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/engine.h"
#include "engine/executor.h"
#include "engine/outbox.h"
#include "engine/own_link.h"
#include "engine/timers.h"

namespace hansa::engine {

class ServiceRun;

class Engine::Impl {
 public:
  Impl(Engine& owner, Settings settings, storage::Store& store, Links& links, Clock& clock,
       Random& random, Log& log, const Router& router, std::vector<FacetFactory> facets);

  // The executor of the room at `address` (bare), made if there is none.
  RoomExecutor& room(const xmpp::Jid& address);
  void touch(RoomExecutor& room);         // it has something to settle
  void soon(std::function<void()> work);  // in this settle()
  void send(std::string_view domain, std::string_view bytes);
  void refuse(const xmpp::Stanza& stanza, const Error& error);
  void ask(const Question& question, storage::Then<Answer> then);
  [[nodiscard]] std::uint64_t next_trace();
  [[nodiscard]] Origin next_origin() { return {{}, incarnation, ++origins}; }
  [[nodiscard]] xmpp::Jid room_address(std::string_view local) const;
  // turn.h, Turn::link_of.
  [[nodiscard]] std::string link_of(std::string_view from, std::string_view to) const;
  // What was written before that mark did not arrive, or perhaps not all of it.
  void lost(std::string_view domain, Mark mark);
  // The room that it is for, and as what; nothing: it is for a service.
  [[nodiscard]] std::optional<std::pair<xmpp::Jid, Target>> room_for(
      const xmpp::Stanza& stanza) const;
  void dispatch(xmpp::Stanza stanza);
  void dispatch_link(std::string_view link, const xmpp::Stanza& stanza);
  void run_handler(const ServiceHandler& handler, const xmpp::Stanza& stanza);
  void tell_link(std::string_view link, bool up);
  [[nodiscard]] bool is_room(const xmpp::Jid& address) const;
  void run_service(std::shared_ptr<ServiceRun> run);
  void start(std::function<void()> ready);
  // Brings in the rooms that the index has from there on.
  void scan(std::string prefix, std::string from, std::function<void()> then);
  // Reads the timers that are due soon from the index.
  void look_ahead(std::function<void()> then);
  void read_timers(const std::string& from, std::string to, storage::Then<Status> then);
  void tell_closed(const xmpp::Jid& to, LetterClosed closed);  // if that room is in memory
  void evict();
  // `then`, unless the engine is gone by then.
  template <typename T>
  storage::Then<T> alive(storage::Then<T> then) {
    return [token = std::weak_ptr<int>(token_), then = std::move(then)](T value) {
      if (!token.expired()) then(std::move(value));
    };
  }

  Engine& owner;
  Settings settings;
  storage::Store& store;
  Clock& clock;
  Random& random;
  Log& log;
  const Router& router;
  std::vector<FacetFactory> facets;
  OwnLink own;  // and all other links
  Outbox outbox;
  Timers timers;
  // By bare address, which is the executor's own.
  std::unordered_map<std::string_view, std::shared_ptr<RoomExecutor>> rooms;
  std::map<std::string, std::weak_ptr<RoomExecutor>> touched;  // by address: one order
  std::string served_last;  // address of the room behind its followers that had its turn last
  std::deque<std::function<void()>> soon_queue;
  std::set<std::shared_ptr<ServiceRun>> service_runs;
  // Rooms whose confirmed positions moved, and when: their notes are written 1 s later at most.
  std::deque<std::pair<std::weak_ptr<RoomExecutor>, MonoTime>> live_rooms;
  std::uint64_t incarnation;
  std::uint64_t origins = 0;
  std::uint64_t trace_state;
  std::uint64_t uses = 0;
  MonoTime swept;  // when rooms were last evicted
  bool looking_ahead = true;  // at the timers of the index; until start()
  bool stopped = false;
  bool disk_trouble = false;  // said once, until it is over

 private:
  std::shared_ptr<int> token_ = std::make_shared<int>(0);
};

// A ServiceTurn from its event to its end, over as many rounds as its reads need.
class ServiceRun : public std::enable_shared_from_this<ServiceRun> {
 public:
  using Run = std::function<void(ServiceTurn&)>;
  ServiceRun(Engine::Impl& engine, std::optional<xmpp::Stanza> stanza, Run run);
  void step();

 private:
  void issue(const std::vector<Wanted>& wanted);
  Engine::Impl& engine_;
  std::optional<xmpp::Stanza> stanza_;
  Run run_;
  std::shared_ptr<Reads> reads_;
  std::uint64_t trace_;
};

// Starts one read; `done` is called when its answer is in `reads`, never before this returns.
void issue_read(Engine::Impl& engine, const Wanted& wanted, const std::shared_ptr<Reads>& reads,
                std::function<void()> done);

}  // namespace hansa::engine
