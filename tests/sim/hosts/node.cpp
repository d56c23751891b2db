#include "tests/sim/hosts/node.h"

#include <algorithm>

#include "app/modules.h"
#include "tests/sim/hosts/planted.h"

namespace hansa::sim::hosts {
namespace {

constexpr std::size_t kLinkHighWater = 16 * 1024;
constexpr std::size_t kLoadedRooms = 3;  // so that rooms leave memory and come back
constexpr Millis kRest{700};               // the same of their newest entries

class NodeLog final : public Log {
 public:
  explicit NodeLog(Schedule& schedule) : schedule_(schedule) {}
  void write(LogLevel level, std::string_view area, std::string_view text) override {
    if (level == LogLevel::debug) return;
    schedule_.note("node: [" + std::string(area) + "] " + std::string(text));
  }

 private:
  Schedule& schedule_;
};

app::Config config_of_node() {
  app::Config config;
  config.node.rooms = kRooms;
  config.node.identities = kTeam;
  config.node.enterprise = {"a.example"};
  config.node.admins = {"root@a.example"};
  return config;
}

}  // namespace

// Everything that ends with the process. Its parts are destroyed in the opposite order.
struct Node::Process {
  Process(Schedule& s, const std::shared_ptr<storage::Disk>& disk, const storage::Faults& faults,
          const World& world, Planted planted);
  void wake();  // something happened: settle soon
  void tick();
  void later(Millis delay, std::function<void()> work) {
    schedule.after(delay, [token = std::weak_ptr(alive), work = std::move(work)] {
      if (!token.expired()) work();
    });
  }

  // Runs what the disk completes, then lets the engine settle.
  struct DiskEvents final : storage::Scheduler {
    explicit DiskEvents(Process& p) : process(p) {}
    void after(Millis delay, std::function<void()> work) override {
      process.later(delay, [this, work = std::move(work)] {
        work();
        process.wake();
      });
    }
    Process& process;
  };

  Schedule& schedule;
  std::shared_ptr<char> alive = std::make_shared<char>();
  NodeLog log{schedule};
  SeededRandom random;
  DiskEvents disk_events{*this};
  storage::SimulatedStore disk_store;
  PlantedStore store;
  app::Modules modules;
  engine::Router router;
  std::unique_ptr<PlantedLinks> written;
  std::unique_ptr<NodeLinks> links;
  std::unique_ptr<engine::Engine> engine;
  bool settling = false;
  bool stopping = false;
};

Node::Process::Process(Schedule& s, const std::shared_ptr<storage::Disk>& disk,
                       const storage::Faults& faults, const World& world, Planted planted)
    : schedule(s),
      random(s.number()),
      disk_store(disk, disk_events, s.number(), faults),
      store(disk_store, disk_events, s, planted, world.written),
      modules(config_of_node(), "a secret of the node, of 32 byte", "0") {
  const Status added = modules.add_to(router);
  if (!added) schedule.note("node: modules: " + added.error().text);
  NodeLinks::Owner owner;
  owner.dial = world.dial;
  owner.leaves = world.leaves;
  owner.link = [this](const std::string& domain, bool up) {
    engine->on_link(domain, up);
    wake();
  };
  owner.stanza = [this, arrives = world.arrives](const std::string& domain, xmpp::Stanza stanza) {
    arrives(stanza);
    engine->on_stanza(domain, std::move(stanza));
    wake();
  };
  owner.confirmed = [this](const std::string& domain, engine::Mark mark) {
    engine->on_confirmed(domain, mark);
    wake();
  };
  owner.drained = [this](const std::string& domain) {
    engine->on_drained(domain);
    wake();
  };
  links = std::make_unique<NodeLinks>(schedule, random, std::vector{kRooms, kTeam}, kSecret,
                                      std::move(owner));
  written = std::make_unique<PlantedLinks>(*links, schedule, planted);
  engine::Settings settings;
  settings.addressing = modules.addressing();
  settings.link_high_water = kLinkHighWater;
  settings.loaded_rooms = kLoadedRooms;
  settings.rest = kRest;
  engine = std::make_unique<engine::Engine>(settings, store, *written, schedule, random, log,
                                            router, app::Modules::facets());
  engine->start([] {});
  links->start();
  wake();
  tick();
}

void Node::Process::wake() {
  if (settling) return;
  settling = true;
  later(schedule.between(0, 2), [this] {
    settling = false;
    engine->settle();
  });
}

void Node::Process::tick() {
  engine->on_tick();
  wake();
  const Millis wait = engine->next_due() - schedule.mono();
  later(std::clamp(wait, Millis(5), Millis(1000)), [this] { tick(); });
}

Node::Node(Schedule& schedule, std::shared_ptr<storage::Disk> disk, World world, Planted planted)
    : schedule_(schedule), disk_(std::move(disk)), world_(std::move(world)), planted_(planted) {}
Node::~Node() { crash(); }

void Node::start() {
  if (process_) return;
  ++lives_;
  schedule_.note("node: starts");
  world_.starts();
  process_ = std::make_unique<Process>(schedule_, disk_, faults_, world_, planted_);
}

void Node::crash() {
  if (!process_) return;
  schedule_.note("node: crashes");
  process_->alive.reset();
  process_->store.crash();
  process_->disk_store.crash();
  process_.reset();
}

// As app::Node::stop: decide, write and send what there is, then close the streams.
void Node::stop(std::function<void()> stopped) {
  if (!process_ || process_->stopping) return;
  schedule_.note("node: stops");
  process_->stopping = true;
  process_->engine->stop();
  process_->wake();
  wind_down(schedule_.mono() + Millis(5000), std::move(stopped));
}

void Node::wind_down(MonoTime until, std::function<void()> stopped) {
  Process& process = *process_;
  process.later(Millis(50), [this, until, stopped = std::move(stopped)] {
    if (!process_->engine->idle() && schedule_.mono() < until) return wind_down(until, stopped);
    process_->links->stop();
    schedule_.after(Millis(200), [this, stopped, lives = lives_] {
      if (!process_ || lives != lives_) return;  // it crashed meanwhile
      process_->alive.reset();
      process_->disk_store.crash();
      process_.reset();
      schedule_.note("node: stopped");
      stopped();
    });
  });
}

void Node::set_faults(const storage::Faults& faults) {
  faults_ = faults;
  if (process_) process_->disk_store.set_faults(faults);
}

bool Node::links_up() const { return process_ && process_->links->all_up(); }
bool Node::idle() const { return process_ && process_->engine->idle(); }

}  // namespace hansa::sim::hosts
