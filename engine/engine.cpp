#include "engine/engine.h"

#include <algorithm>
#include <cassert>

#include "base/limits.h"
#include "engine/impl.h"
#include "engine/reads.h"

namespace hansa::engine {
namespace {

constexpr std::size_t kHighWater = 4 * 1024 * 1024;
constexpr std::size_t kScanPage = 1000;
constexpr Millis kScanAgain{5000};
constexpr int kSettleRounds = 10'000;  // more in one settle() is a loop of our own making

Settings with_defaults(Settings settings) {
  if (settings.loaded_rooms == 0) settings.loaded_rooms = limits::kLoadedRooms;
  if (settings.link_high_water == 0) settings.link_high_water = kHighWater;
  return settings;
}

}  // namespace

Engine::Impl::Impl(Engine& o, Settings s, storage::Store& st, Links& li, Clock& c, Random& r,
                   Log& lo, const Router& ro, std::vector<FacetFactory> f)
    : owner(o),
      settings(with_defaults(std::move(s))),
      store(st),
      clock(c),
      random(r),
      log(lo),
      router(ro),
      facets(std::move(f)),
      own(*this, li),
      outbox(own, settings.link_high_water),
      incarnation(random_number(r)),
      trace_state(random_number(r)) {
  outbox.link(kOwnLink, true);
}

RoomExecutor& Engine::Impl::room(const xmpp::Jid& address) {
  const auto place = rooms.find(address.text());
  if (place != rooms.end()) return *place->second;
  const auto made = std::make_shared<RoomExecutor>(*this, address);
  rooms.emplace(made->address().text(), made);
  return *made;
}

void Engine::Impl::touch(RoomExecutor& room) {
  touched.try_emplace(room.address().text(), room.weak_from_this());
}

void Engine::Impl::soon(std::function<void()> work) { soon_queue.push_back(std::move(work)); }

void Engine::Impl::ask(const Question& question, storage::Then<Answer> then) {
  if (!is_room(question.room)) {
    return then(Answer{});
  }
  room(question.room.bare()).answer(question, std::move(then));
}

std::uint64_t Engine::Impl::next_trace() {
  trace_state = trace_state * 6364136223846793005ULL + 1442695040888963407ULL;
  return trace_state >> 16;
}

void Engine::Impl::run_service(std::shared_ptr<ServiceRun> run) {
  service_runs.insert(run);
  run->step();
}

void Engine::Impl::evict() {
  // Addresses without a room cost nothing to forget; rooms go when there are too many.
  std::vector<std::pair<std::uint64_t, std::string>> idle;
  for (auto place = rooms.begin(); place != rooms.end();) {
    RoomExecutor& executor = *place->second;
    executor.rest();
    if (executor.evictable()) {
      if (executor.absent()) {
        place = rooms.erase(place);
        continue;
      }
      idle.emplace_back(executor.last_used(), place->first);
    }
    ++place;
  }
  if (rooms.size() <= settings.loaded_rooms) return;
  std::sort(idle.begin(), idle.end());
  const std::size_t over = std::min(rooms.size() - settings.loaded_rooms, idle.size());
  for (std::size_t i = 0; i < over; ++i) rooms.erase(idle[i].second);
}

void Engine::Impl::tell_link(std::string_view link, bool up) {
  for (const LinkHandler& handler : router.links()) {
    auto run = [&handler, name = std::string(link), up](ServiceTurn& turn) {
      handler(turn, name, up);
    };
    run_service(std::make_shared<ServiceRun>(*this, std::nullopt, std::move(run)));
  }
}

// --- start --------------------------------------------------------------------------------------

void Engine::Impl::scan(std::string prefix, std::string from, std::function<void()> then) {
  const std::string end = prefix.substr(0, prefix.size() - 1) + static_cast<char>('/' + 1);
  store.scan_index(settings.role, from, end, kScanPage,
                   alive<Result<std::vector<storage::KeyValue>>>(
                       [this, prefix, from, then](Result<std::vector<storage::KeyValue>> range) {
                         if (!range) {
                           log.error("storage", "the index cannot be read: " + range.error().text +
                                                    "; it is tried again");
                           timers.add_work([this, prefix, from] { scan(prefix, from, [] {}); },
                                           clock.mono() + kScanAgain);
                           return then();
                         }
                         for (const auto& [key, value] : *range) {
                           const auto address = xmpp::Jid::parse(value);
                           if (address) room(*address).bring();
                         }
                         if (range->size() < kScanPage) return then();
                         scan(prefix, range->back().first + '\0', then);
                       }));
}

void Engine::Impl::start(std::function<void()> ready) {
  const auto last = [this, ready = std::move(ready)] { look_ahead(ready); };
  const auto fourth = [this, last] { scan("erase/", "erase/", last); };
  const auto third = [this, fourth] { scan("lag/", "lag/", fourth); };
  const auto second = [this, third] { scan("ob/", "ob/", third); };
  scan("sessions/", "sessions/", second);
}

void Engine::Impl::look_ahead(std::function<void()> then) {
  const WallTime from = timers.horizon();
  const WallTime to{std::max(from.ms, clock.wall().ms + limits::kTimersAhead_ms)};
  looking_ahead = true;
  timers.extend(to);
  read_timers(Timers::key(from, {}, {}), Timers::key(to, {}, {}),
              [this, from, then = std::move(then)](const Status& read) {
                looking_ahead = false;
                if (!read) {  // at the next tick
                  log.error("storage", "the index cannot be read: " + read.error().text);
                  timers.extend(from);
                }
                then();
              });
}

void Engine::Impl::read_timers(const std::string& from, std::string to,
                               storage::Then<Status> then) {
  store.scan_index(
      settings.role, from, to, kScanPage,
      alive<Result<std::vector<storage::KeyValue>>>(
          [this, to, then](Result<std::vector<storage::KeyValue>> range) {
            if (!range) return then(range.error());
            bool more = range->size() == kScanPage;
            for (const auto& [key, value] : *range) {
              const auto timer = Timers::parse(key, value);
              more = more && timer && timer->due_ms < timers.horizon().ms;  // it holds no more
              if (timer) timers.add(timer->address, timer->name, {timer->due_ms});
            }
            if (!more) return then(Done{});
            read_timers(range->back().first + '\0', to, then);
          }));
}

void Engine::Impl::tell_closed(const xmpp::Jid& to, LetterClosed closed) {
  const auto place = rooms.find(to.text());
  if (place != rooms.end()) place->second->take(std::move(closed));
}

// --- service runs -------------------------------------------------------------------------------

ServiceRun::ServiceRun(Engine::Impl& engine, std::optional<xmpp::Stanza> stanza, Run run)
    : engine_(engine),
      stanza_(std::move(stanza)),
      run_(std::move(run)),
      reads_(std::make_shared<Reads>()),
      trace_(engine.next_trace()) {}

void ServiceRun::step() {
  ++reads_->rounds;
  ServiceTurn turn(engine_.owner, trace_, reads_);
  turn.stanza_ = stanza_;
  run_(turn);
  if (turn.waiting() && reads_->rounds < limits::kReadsPerService) {
    return issue(turn.wanted_);
  }
  if (turn.waiting()) {
    engine_.log.error("rooms", "a request asked for too many reads");
    turn.refuse(Error(Condition::resource_constraint));
  } else if (stanza_ && stanza_->is_request() && !turn.answered_) {
    turn.refuse(Error(Condition::service_unavailable));
  }
  engine_.service_runs.erase(shared_from_this());
}

void ServiceRun::issue(const std::vector<Wanted>& wanted) {
  reads_->open = wanted.size();
  for (const Wanted& one : wanted) {
    issue_read(engine_, one, reads_, [self = shared_from_this()] {
      if (--self->reads_->open == 0) self->step();
    });
  }
}

// --- the owner's side ---------------------------------------------------------------------------

Engine::Engine(Settings settings, storage::Store& store, Links& links, Clock& clock, Random& random,
               Log& log, const Router& router, std::vector<FacetFactory> facets)
    : impl_(std::make_unique<Impl>(*this, std::move(settings), store, links, clock, random, log,
                                   router, std::move(facets))) {}
Engine::~Engine() = default;

void Engine::start(std::function<void()> ready) { impl_->start(std::move(ready)); }

void Engine::stop() {
  for (const auto& [address, room] : impl_->rooms) room->take_life(Life::stopping);
  impl_->stopped = true;
}

bool Engine::idle() const {
  if (!impl_->soon_queue.empty() || !impl_->service_runs.empty()) return false;
  if (!impl_->own.empty() || !impl_->outbox.flushed()) return false;
  return std::all_of(impl_->rooms.begin(), impl_->rooms.end(),
                     [](const auto& place) { return place.second->quiet(); });
}

void Engine::on_stanza(std::string_view domain, xmpp::Stanza stanza) {
  if (impl_->stopped) return;
  if (impl_->settings.addressing.peers.contains(domain)) {
    return impl_->dispatch_link(domain, stanza);
  }
  impl_->dispatch(std::move(stanza));
}

void Engine::on_link(std::string_view domain, bool up) {
  impl_->outbox.link(domain, up);
  // What a module says at the start of a link stands before what its rooms say.
  if (impl_->settings.addressing.peers.contains(domain)) impl_->tell_link(domain, up);
  for (const auto& [address, room] : impl_->rooms) {
    if (up) {
      room->link_up(domain);
    } else {
      room->link_lost(domain);
    }
  }
}

void Engine::on_confirmed(std::string_view domain, Mark mark) {
  for (const Sent& sent : impl_->outbox.confirmed(domain, mark)) {
    if (const auto room = sent.room.lock()) room->confirmed(sent);
  }
}

void Engine::Impl::lost(std::string_view domain, Mark mark) {
  for (const Sent& sent : outbox.lost(domain, mark)) {
    if (const auto room = sent.room.lock()) room->lost(sent);
  }
}

void Engine::on_drained(std::string_view) {
  for (const auto& [address, room] : impl_->rooms) {
    if (room->behind()) impl_->touch(*room);
  }
}

void Engine::on_tick() {
  Impl& e = *impl_;
  for (DueTimer& timer : e.timers.due(e.clock.wall())) {
    const auto address = xmpp::Jid::parse(timer.address);
    if (address) e.room(*address).take(TimerEvent{std::move(timer.name), timer.due_ms});
  }
  if (!e.looking_ahead && e.timers.look(e.clock.wall())) e.look_ahead([] {});
  for (DueWake& wake : e.timers.due_wakes(e.clock.mono())) {
    if (const auto room = wake.room.lock()) {
      room->take_wake(std::move(wake));
    } else {
      e.room(wake.address).awaken();
    }
  }
  for (const auto& work : e.timers.due_work(e.clock.mono())) work();
  // Long before the bound: a node that is killed soon repeats less.
  while (!e.live_rooms.empty() && (e.stopped || e.clock.mono() - e.live_rooms.front().second >=
                                                    Millis(limits::kLiveNote_ms / 5))) {
    if (const auto room = e.live_rooms.front().first.lock()) room->write_live();
    e.live_rooms.pop_front();
  }
  if (e.clock.mono() - e.swept >= Millis(1000)) {
    e.swept = e.clock.mono();
    e.evict();
  }
}

MonoTime Engine::next_due() const {
  MonoTime next = impl_->timers.next(impl_->clock.wall(), impl_->clock.mono());
  if (!impl_->live_rooms.empty()) {
    const MonoTime live = impl_->live_rooms.front().second + Millis(limits::kLiveNote_ms / 5);
    next = std::min(next, live);
  }
  return next;
}

void Engine::settle() {
  Impl& e = *impl_;
  for (int round = 0; round < kSettleRounds; ++round) {
    e.own.deliver();
    if (e.soon_queue.empty() && e.touched.empty()) break;
    while (!e.soon_queue.empty()) {
      const auto work = std::move(e.soon_queue.front());
      e.soon_queue.pop_front();
      work();
    }
    const auto touched = std::move(e.touched);
    e.touched.clear();
    // Each time from the one after the last that wrote into a full link: nobody is always first.
    const auto first = touched.upper_bound(e.served_last);
    const auto serve = [&](const auto& place) {
      const auto room = place.second.lock();
      if (!room) return;
      const bool behind = room->behind();
      room->settle();
      if (behind) e.served_last = place.first;
    };
    std::for_each(first, touched.end(), serve);
    std::for_each(touched.begin(), first, serve);
  }
  e.outbox.flush();
}

void Engine::on_admin(AdminHandler run, std::function<void(std::string)> done) {
  auto step = [run = std::move(run), done = std::move(done)](ServiceTurn& turn) {
    run(turn, done);
  };
  impl_->run_service(std::make_shared<ServiceRun>(*impl_, std::nullopt, std::move(step)));
}

const Settings& Engine::settings() const { return impl_->settings; }
std::size_t Engine::rooms_loaded() const { return impl_->rooms.size(); }

}  // namespace hansa::engine
