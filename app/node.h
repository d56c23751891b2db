#pragma once
// A running node: the deciding thread with the engine and its modules, the loop's thread with the
// component's links and the admin socket, the store. Wiring only. Made, run once and destroyed by
// main.
//
// Everything that happens is posted to the deciding thread; after each bunch of it the engine
// settles, so that what came together is written together.

#include <atomic>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "app/admin.h"
#include "app/config.h"
#include "app/links.h"
#include "app/modules.h"
#include "app/ticker.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "component/component.h"
#include "engine/engine.h"
#include "net/loop.h"
#include "net/worker.h"
#include "storage/storage.h"

namespace hansa::app {

class Node final : public component::Owner {
 public:
  // `timing`: tests make its waits short.
  Node(Config config, std::string version, Log& log, component::Timing timing = {});
  ~Node() override;

  // Makes everything; nothing runs yet. Error: what the operator must mend.
  [[nodiscard]] Status open();
  // Begins; then the log says that the node is ready when all links are up, each time anew.
  void start();
  // The configuration's file has another content; from any one thread. Says in the log what became
  // of it.
  void reload();
  // Tells all rooms, writes what is decided, sends what is to be sent (all of it for at most
  // limits::kStopFlush_ms each), closes the streams; then everything has ended. Waits for it.
  void stop();

 private:
  // component::Owner, on the loop's thread: everything is passed on.
  void link_up(component::LinkId link, std::string_view domain) override;
  void link_down(component::LinkId link, std::string_view domain, const std::string& why) override;
  void stanzas(component::LinkId link, std::vector<xmpp::Stanza> read) override;
  void confirmed(component::LinkId link, component::Mark mark) override;
  void drained(component::LinkId link) override;
  [[nodiscard]] bool admits() override;

  void tell_if_ready();
  void make_component();
  // Waits until the deciding thread has nothing to write and nothing to send.
  void settle_down();
  [[nodiscard]] const std::string& domain_of(component::LinkId link) const {
    return domains_[link.slot];
  }

  Config config_;
  const std::vector<std::string> domains_;
  const std::string version_;
  const component::Timing timing_;
  Log& log_;
  SystemClock clock_;
  SystemRandom random_;  // of the deciding thread and the loop: OpenSSL's is safe for both
  net::Loop loop_;
  net::Worker decider_;
  std::unique_ptr<storage::Store> store_;
  engine::Router router_;
  std::unique_ptr<Modules> modules_;
  std::unique_ptr<ComponentLinks> links_;   // deciding thread
  std::unique_ptr<engine::Engine> engine_;  // deciding thread
  std::unique_ptr<Ticker> ticker_;          // deciding thread
  std::unique_ptr<component::Component> component_;
  std::unique_ptr<Admin> admin_;
  bool loaded_ = false;                     // deciding thread
  bool stopping_ = false;                   // on the deciding thread
  std::atomic<std::size_t> undecided_ = 0;  // stanzas posted and not yet decided
};

}  // namespace hansa::app
