#include "app/node.h"

#include <chrono>
#include <future>
#include <thread>

#include "app/config_keys.h"
#include "app/data_folder.h"
#include "base/limits.h"
#include "modules/disco/bring_up.h"
#include "storage/leveldb_store.h"

namespace hansa::app {
namespace {

using component::LinkId;
using component::Mark;

constexpr std::string_view kArea = "node";

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

}  // namespace

Node::Node(Config config, std::string version, Log& log, component::Timing timing)
    : config_(std::move(config)),
      domains_(config_.domains()),
      version_(std::move(version)),
      timing_(timing),
      log_(log),
      loop_("io"),
      decider_("decide", clock_) {}

Node::~Node() = default;

Status Node::open() {
  const std::string& data = config_.node.data;
  if (const Status made = make_folder(data); !made) return made;
  const Result<std::string> secret = node_secret(data, random_);
  if (!secret) return secret.error();

  auto store = storage::open_leveldb_store(data + "/store", decider_, log_);
  if (!store) return store.error();
  store_ = std::move(*store);

  modules_ = std::make_unique<Modules>(config_, *secret, version_);
  if (const Status added = modules_->add_to(router_); !added) return added;
  links_ = std::make_unique<ComponentLinks>(
      ComponentLinks::Way{[this](LinkId link, net::Buffer bytes, Mark mark) {
                            return component_->send(link, std::move(bytes), mark);
                          },
                          [this](LinkId link) { return component_->queued(link); }});
  engine::Settings settings;
  settings.addressing = modules_->addressing();
  engine_ = std::make_unique<engine::Engine>(settings, *store_, *links_, clock_, random_, log_,
                                             router_, Modules::facets());
  ticker_ = std::make_unique<Ticker>(decider_, *engine_, clock_);
  decider_.after_batch([this] {
    engine_->settle();
    ticker_->arm();
  });
  make_component();

  auto admin = Admin::open(loop_, decider_, *engine_, config_.node.admin_socket);
  if (!admin) return admin.error();
  admin_ = std::move(*admin);
  return Done{};
}

void Node::make_component() {
  component::Options options;
  options.host = config_.host.host;
  options.port = config_.host.port;
  options.secret = config_.host.secret;
  options.domains = domains_;
  options.timing = timing_;
  component_ = std::make_unique<component::Component>(loop_, clock_, random_, log_, *this, options);
}

void Node::start() {
  log_.info(kArea, "hansa " + version_ + " starts for " + joined(domains_) + "; data in " +
                       quoted(config_.node.data));
  decider_.post([this] {
    engine_->start([this] {
      loaded_ = true;
      tell_if_ready();
      disco::list_older_rooms(*engine_, [this] { return !stopping_; });
    });
  });
  decider_.start();
  loop_.start();
  component_->start();
}

void Node::tell_if_ready() {
  if (!loaded_ || links_->links_up() != domains_.size()) return;
  log_.info(kArea, "ready: " + joined(domains_) + " at the host " + config_.host.address);
}

// --- what the component tells, on the loop's thread ---------------------------------------------

void Node::link_up(LinkId link, std::string_view) {
  decider_.post([this, link] {
    links_->up(domain_of(link), link);
    engine_->on_link(domain_of(link), true);
    tell_if_ready();
  });
}

void Node::link_down(LinkId link, std::string_view, const std::string&) {
  decider_.post([this, link] {
    if (links_->down(domain_of(link), link)) engine_->on_link(domain_of(link), false);
  });
}

void Node::stanzas(LinkId link, std::vector<xmpp::Stanza> read) {
  undecided_ += read.size();
  decider_.post([this, link, read = std::move(read)]() mutable {
    for (xmpp::Stanza& stanza : read) engine_->on_stanza(domain_of(link), std::move(stanza));
    undecided_ -= read.size();
  });
}

void Node::confirmed(LinkId link, Mark mark) {
  decider_.post([this, link, mark] {
    if (links_->is_present(domain_of(link), link)) engine_->on_confirmed(domain_of(link), mark);
  });
}

void Node::drained(LinkId link) {
  decider_.post([this, link] {
    links_->drained(domain_of(link), link);
    engine_->on_drained(domain_of(link));
  });
}

bool Node::admits() { return undecided_ < limits::kEventQueue; }

// --- signals ------------------------------------------------------------------------------------

void Node::reload() {
  ConfigRead read = read_config(config_.file);
  for (const Problem& problem : read.problems) {
    const std::string line = describe(problem, config_.file);
    problem.level == Problem::Level::error ? log_.error("config", line) : log_.warn("config", line);
  }
  if (!read.config) {
    return log_.error("config", config_.file + " has errors; the node goes on as it was");
  }
  const std::vector<std::string_view> changed = changed_restart_keys(config_, *read.config);
  for (const std::string_view key : changed) {
    const auto line = read.config->lines.find(std::string(key));
    const int number = line == read.config->lines.end() ? 0 : line->second;
    log_.error("config", describe({Problem::Level::error, std::string(key), number,
                                   "has changed, and needs a restart",
                                   "restart hansa, or put the old value back"},
                                  config_.file));
  }
  if (!changed.empty()) {
    return log_.error("config", "nothing of the changed configuration is applied");
  }
  config_ = std::move(*read.config);
  decider_.post([this, config = config_] {
    modules_->apply(config);
    log_.info("config", "the changed configuration is applied");
  });
}

void Node::settle_down() {
  const MonoTime deadline = clock_.mono() + Millis(limits::kStopFlush_ms);
  decider_.post([this] {
    stopping_ = true;
    engine_->stop();
  });
  bool idle = false;
  while (!idle && clock_.mono() < deadline) {
    // What was posted before has been settled when the next function runs.
    std::promise<bool> answer;
    decider_.post([this, &answer] { answer.set_value(engine_->idle()); });
    idle = answer.get_future().get();
    if (!idle) std::this_thread::sleep_for(Millis(5));
  }
  if (!idle)
    log_.warn(kArea, "the store did not finish in time; the log has all that was confirmed");
}

void Node::stop() {
  log_.info(kArea, "stopping: rooms are told, what is decided is written and sent");
  settle_down();
  std::promise<void> closed;
  component_->stop([&closed] { closed.set_value(); });
  closed.get_future().wait();
  decider_.stop();
  decider_.join();
  loop_.stop();
  loop_.join();
  log_.info(kArea, "stopped");
}

}  // namespace hansa::app
