#include "tests/sim/links/party.h"

#include <algorithm>

#include "engine/engine.h"
#include "tests/sim/links/owned_store.h"

namespace hansa::sim::links {
namespace {

constexpr std::size_t kLinkHighWater = 16 * 1024;
constexpr std::size_t kLoadedRooms = 3;  // so that rooms leave memory and come back

class PartyLog final : public Log {
 public:
  PartyLog(Schedule& schedule, const std::string& name) : schedule_(schedule), name_(name) {}
  void write(LogLevel level, std::string_view area, std::string_view text) override {
    if (level == LogLevel::debug) return;
    const OwnedBy nobody(0);
    schedule_.note(name_ + ": [" + std::string(area) + "] " + std::string(text));
  }

 private:
  Schedule& schedule_;
  const std::string& name_;
};

class PartyClock final : public Clock {
 public:
  PartyClock(const Schedule& schedule, const Millis& offset)
      : schedule_(schedule), offset_(offset) {}
  [[nodiscard]] WallTime wall() const override { return {schedule_.wall().ms + offset_.count()}; }
  [[nodiscard]] MonoTime mono() const override { return schedule_.mono(); }

 private:
  const Schedule& schedule_;
  const Millis& offset_;
};

}  // namespace

// Everything that ends with the process. Its parts are destroyed in the opposite order.
struct Party::Process final : engine::Links {
  Process(Party& p, std::uint64_t seed, std::uint64_t disk_seed);
  ~Process() override { alive.reset(); }
  void begin();

  void wake() {  // something happened: settle soon
    if (settling) return;
    settling = true;
    later(party.schedule_.between(0, 2), [this] {
      settling = false;
      const OwnedBy its(party.world_.owner);
      engine->settle();
    });
  }
  void tick() {
    {
      const OwnedBy its(party.world_.owner);
      engine->on_tick();
    }
    wake();
    const Millis wait = engine->next_due() - party.schedule_.mono();
    later(std::clamp(wait, Millis(5), Millis(1000)), [this] { tick(); });
  }
  void later(Millis delay, std::function<void()> work) {
    party.schedule_.after(delay, [token = std::weak_ptr(alive), work = std::move(work)] {
      if (!token.expired()) work();
    });
  }

  void write(std::string_view link, std::string bytes) override {
    const OwnedBy nobody(0);
    party.world_.write(link, bytes);
  }
  void confirm(std::string_view link, engine::Mark mark) override {
    const OwnedBy nobody(0);
    party.world_.confirm(link, mark);
  }
  [[nodiscard]] std::size_t queued(std::string_view link) const override {
    return party.world_.queued(link);
  }

  // Runs what the disk completes, then lets the engine settle.
  struct DiskEvents final : storage::Scheduler {
    explicit DiskEvents(Process& p) : process(p) {}
    void after(Millis delay, std::function<void()> work) override {
      process.later(delay, [this, token = std::weak_ptr(process.alive), work = std::move(work)] {
        process.party.count_down();
        if (token.expired()) return;
        work();
        if (!token.expired()) process.wake();
      });
    }
    Process& process;
  };

  Party& party;
  std::shared_ptr<char> alive = std::make_shared<char>();
  PartyLog log;
  PartyClock clock;
  SeededRandom random;
  DiskEvents disk_events{*this};
  storage::SimulatedStore disk_store;
  PlantedStore store;
  OwnedStore owned_store;
  std::unique_ptr<hub::Hub> hub;
  std::unique_ptr<shared_rooms::SharedRooms> node;
  engine::Router router;
  std::unique_ptr<engine::Engine> engine;
  bool settling = false;
};

Party::Process::Process(Party& p, std::uint64_t seed, std::uint64_t disk_seed)
    : party(p),
      log(p.schedule_, p.name_),
      clock(p.schedule_, p.wall_offset_),
      random(seed),
      disk_store(p.disk_, disk_events, disk_seed, p.faults_),
      store(disk_store, disk_events, p.planted_, p.world_.written),
      owned_store(store, p.world_.owner) {
  std::vector<engine::FacetFactory> facets;
  engine::Settings settings;
  if (const auto* own = std::get_if<hub::Settings>(&p.settings_)) {
    hub = std::make_unique<hub::Hub>(*own);
    if (!hub->add_to(router)) std::abort();
    facets = hub::Hub::facets(own->format);
    settings = hub->engine_settings();
  } else {
    const auto& its = std::get<shared_rooms::Settings>(p.settings_);
    node = std::make_unique<shared_rooms::SharedRooms>(its);
    if (!node->add_to(router)) std::abort();
    facets = shared_rooms::SharedRooms::facets(its.format);
    settings = node->engine_settings();
  }
  settings.link_high_water = kLinkHighWater;
  settings.loaded_rooms = kLoadedRooms;
  engine = std::make_unique<engine::Engine>(settings, owned_store, *this, clock, random, log,
                                            router, std::move(facets));
}

void Party::Process::begin() {
  {
    const OwnedBy its(party.world_.owner);
    engine->start([] {});
  }
  party.world_.attach();
  wake();
  tick();
}

Party::Party(Schedule& schedule, std::string name,
             std::variant<hub::Settings, shared_rooms::Settings> settings, World world,
             Planted planted)
    : schedule_(schedule),
      name_(std::move(name)),
      role_(std::holds_alternative<hub::Settings>(settings) ? "hub" : "node"),
      settings_(std::move(settings)),
      world_(std::move(world)),
      planted_(planted) {
  forget_most(world_.owner);
  const shared_log::Wrong wrong = wrong_of(planted);
  std::visit([&](auto& own) { own.wrong = wrong; }, settings_);
}

Party::~Party() { process_.reset(); }

void Party::start() {
  if (process_) return;
  ++lives_;
  crash_in_ = 0;
  schedule_.note(name_ + ": starts");
  const std::uint64_t seed = schedule_.number();
  if (lives_ == 1) first_seed_ = seed;
  // What is random at every start is the same again: its incarnation and all its ids.
  const bool reuses = planted_ == Planted::reuses_an_incarnation;
  const std::uint64_t disk_seed = schedule_.number();
  {
    const OwnedBy its(world_.owner);
    process_ = std::make_unique<Process>(*this, reuses ? first_seed_ : seed, disk_seed);
  }
  process_->begin();
}

void Party::crash() {
  if (!process_) return;
  schedule_.note(name_ + ": crashes");
  process_->store.crash();
  process_->disk_store.crash();
  process_.reset();
  world_.detach();
}

void Party::crash_after(std::uint64_t events, Millis down) {
  crash_in_ = events + 1;
  down_ = down;
}

void Party::count_down() {
  if (crash_in_ == 0 || --crash_in_ > 0) return;
  crash();
  schedule_.after(down_, [this] { start(); });
}

bool Party::idle() const { return process_ && process_->engine->idle(); }
std::size_t Party::rooms_loaded() const { return process_ ? process_->engine->rooms_loaded() : 0; }

void Party::set_faults(const storage::Faults& faults) {
  faults_ = faults;
  if (process_) process_->disk_store.set_faults(faults);
}

void Party::back_up() { backup_ = disk_->image; }

bool Party::restore(Millis down) {
  if (!backup_) return false;
  crash();
  schedule_.note(name_ + ": is restored from its backup");
  disk_->image = *backup_;
  schedule_.after(down, [this] { start(); });
  return true;
}

void Party::upgrade(Millis down) {
  if (format() > 1) return;
  crash();
  schedule_.note(name_ + ": is upgraded");
  std::visit([](auto& own) { own.format = 2; }, settings_);
  schedule_.after(down, [this] { start(); });
}

std::uint32_t Party::format() const {
  return std::visit([](const auto& own) { return own.format; }, settings_);
}

void Party::on_link(std::string_view link, bool up) {
  if (!process_) return;
  {
    const OwnedBy its(world_.owner);
    process_->engine->on_link(link, up);
  }
  process_->wake();
}

void Party::on_stanza(std::string_view link, xmpp::Stanza stanza) {
  if (!process_) return;
  {
    const OwnedBy its(world_.owner);
    process_->engine->on_stanza(link, std::move(stanza));
  }
  process_->wake();
}

void Party::on_confirmed(std::string_view link, engine::Mark mark) {
  if (!process_) return;
  {
    const OwnedBy its(world_.owner);
    process_->engine->on_confirmed(link, mark);
  }
  process_->wake();
}

void Party::on_drained(std::string_view link) {
  if (!process_) return;
  {
    const OwnedBy its(world_.owner);
    process_->engine->on_drained(link);
  }
  process_->wake();
}

}  // namespace hansa::sim::links
