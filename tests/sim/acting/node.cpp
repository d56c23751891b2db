#include "tests/sim/acting/node.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <utility>

#include "engine/engine.h"
#include "modules/act-as/act_as.h"
#include "modules/rooms/rooms.h"
#include "tests/sim/acting/planted.h"
#include "xmpp/parser.h"

namespace hansa::sim::acting {
namespace {

constexpr std::size_t kLoadedRooms = 6;  // so that some leave memory and come back
constexpr std::string_view kOpening =
    "<stream:stream xmlns='jabber:component:accept' "
    "xmlns:stream='http://etherx.jabber.org/streams'>";

class NodeLog final : public Log {
 public:
  NodeLog(Schedule& schedule, const std::string& name) : schedule_(schedule), name_(name) {}
  void write(LogLevel level, std::string_view area, std::string_view text) override {
    if (level == LogLevel::debug) return;
    schedule_.note(name_ + ": [" + std::string(area) + "] " + std::string(text));
  }

 private:
  Schedule& schedule_;
  const std::string& name_;
};

}  // namespace

struct Node::Process final : engine::Links {
  explicit Process(Node& n);
  ~Process() override { alive.reset(); }

  void wake() {
    if (std::exchange(settling, true)) return;
    later(node.schedule_.between(0, 2), [this] {
      settling = false;
      engine->settle();
    });
  }
  void tick() {
    engine->on_tick();
    wake();
    const Millis wait = engine->next_due() - node.schedule_.mono();
    later(std::clamp(wait, Millis(5), Millis(1000)), [this] { tick(); });
  }
  void later(Millis delay, std::function<void()> work) {
    node.schedule_.after(delay, [token = std::weak_ptr(alive), work = std::move(work)] {
      if (!token.expired()) work();
    });
  }
  void begin() {
    for (const std::string& domain : {node.rooms_, node.identities_}) {
      std::vector<xmpp::StreamEvent> events;
      parsers[domain].feed(kOpening, events);
    }
    engine->start([] {});
    for (const std::string& domain : {node.rooms_, node.identities_}) {
      engine->on_link(domain, true);
    }
    wake();
    tick();
  }

  void write(std::string_view link, std::string bytes) override {
    std::vector<xmpp::StreamEvent> events;
    parsers.at(std::string(link)).feed(bytes, events);
    for (xmpp::StreamEvent& event : events) {
      auto* const read = std::get_if<xmpp::StanzaRead>(&event);
      if (read == nullptr) std::abort();
      node.writes_(read->stanza);
    }
  }
  void confirm(std::string_view link, engine::Mark mark) override {
    later(Millis(3), [this, link = std::string(link), mark] {
      engine->on_confirmed(link, mark);
      wake();
    });
  }
  [[nodiscard]] std::size_t queued(std::string_view) const override { return 0; }
  void passed_within(const xmpp::Stanza& stanza) override { node.within_(stanza); }

  struct DiskEvents final : storage::Scheduler {
    explicit DiskEvents(Process& p) : process(p) {}
    void after(Millis delay, std::function<void()> work) override {
      process.later(delay, [this, token = std::weak_ptr(process.alive), work = std::move(work)] {
        process.node.count_down();
        if (token.expired()) return;
        work();
        if (!token.expired()) process.wake();
      });
    }
    Process& process;
  };

  Node& node;
  std::shared_ptr<char> alive = std::make_shared<char>();
  NodeLog log;
  SeededRandom random;
  DiskEvents disk_events{*this};
  storage::SimulatedStore store;
  PlantedStore disk{store, disk_events, node.planted_, node.troubles_};
  rooms::Settings settings;
  rooms::Hooks hooks;
  std::unique_ptr<rooms::Rooms> rooms;
  std::unique_ptr<act_as::ActAs> act;
  engine::Router router;
  std::unique_ptr<engine::Engine> engine;
  std::map<std::string, xmpp::StreamParser> parsers;
  bool settling = false;
};

Node::Process::Process(Node& n)
    : node(n),
      log(n.schedule_, n.name_),
      random(n.schedule_.number()),
      store(n.disk_, disk_events, n.schedule_.number(), {}) {
  settings.rooms = n.rooms_;
  settings.identities = n.identities_;
  settings.enterprise = {n.name_ + ".example"};
  settings.secret = "secret of " + n.name_;
  engine::Settings around;
  around.role = "node";
  around.addressing.rooms = settings.rooms;
  around.addressing.identities = settings.identities;
  around.addressing.conversation = [domain = settings.rooms](std::string_view local,
                                                             const xmpp::Jid& peer) {
    return act_as::conversation_address(domain, local, peer);
  };
  around.loaded_rooms = kLoadedRooms;
  rooms = std::make_unique<rooms::Rooms>(settings, hooks);
  act = std::make_unique<act_as::ActAs>(settings.identities, settings, *rooms, hooks);
  if (!rooms->add_to(router).ok() || !act->add_to(router).ok()) std::abort();
  std::vector<engine::FacetFactory> facets = act_as::ActAs::facets();
  facets.insert(facets.begin(), &rooms::make_room_facet);
  engine = std::make_unique<engine::Engine>(around, disk, *this, n.schedule_, random, log, router,
                                            facets);
}

Node::Node(Schedule& schedule, std::string name, Writes writes, Within within,
           std::string_view planted)
    : schedule_(schedule),
      name_(std::move(name)),
      rooms_("rooms." + name_ + ".example"),
      identities_("team." + name_ + ".example"),
      writes_(std::move(writes)),
      within_(std::move(within)),
      planted_(planted) {}
Node::~Node() = default;

void Node::start() {
  if (process_) return;
  crash_in_ = 0;
  schedule_.note(name_ + ": starts");
  process_ = std::make_unique<Process>(*this);
  process_->begin();
}

void Node::crash() {
  if (!process_) return;
  schedule_.note(name_ + ": crashes");
  ++troubles_;
  process_->store.crash();
  process_.reset();
}

void Node::crash_after(std::uint64_t disk_events, Millis down) {
  crash_in_ = disk_events + 1;
  down_ = down;
}

void Node::disk_fails(Millis time) {
  if (!process_) return;
  schedule_.note(name_ + ": its disk " + (time.count() % 2 == 1 ? "is full" : "fails"));
  storage::Faults faults;
  faults.full = time.count() % 2 == 1;
  faults.refused = 0.3;
  faults.unknown = 0.1;
  process_->store.set_faults(faults);
  process_->later(time, [this] { process_->store.set_faults({}); });
}

void Node::count_down() {
  if (crash_in_ == 0 || --crash_in_ > 0) return;
  crash();
  schedule_.after(down_, [this] { start(); });
}

void Node::on_stanza(xmpp::Stanza stanza) {
  if (!process_) return;
  const std::string domain(stanza.to.domain());
  process_->engine->on_stanza(domain, std::move(stanza));
  process_->wake();
}

bool Node::idle() const { return process_ && process_->engine->idle(); }

}  // namespace hansa::sim::acting
