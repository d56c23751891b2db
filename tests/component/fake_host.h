#pragma once
// A component with an owner that keeps what it was told, and a listener for the host's side of it
// (tests/support/host_stream.h), over a real socket.

#include <memory>
#include <string>
#include <vector>

#include "component/component.h"
#include "tests/net/await.h"
#include "tests/net/peer.h"
#include "tests/support/host_stream.h"
#include "xmpp/writer.h"

namespace hansa::component::testing {

using net::testing::on;
using net::testing::Peer;
using net::testing::PeerListener;
using net::testing::Watched;
using test::HostStream;

inline constexpr std::string_view kDomain = "rooms.a.example";

struct Told {
  std::vector<std::string> lines;  // up 1, down 1, read <…>, confirmed 7, drained
  LinkId link;
  std::vector<std::string> log;
};

class WatchedOwner final : public Owner, public Log {
 public:
  void link_up(LinkId link, std::string_view domain) override {
    told.change([&](Told& t) { t.link = link; });
    add("up " + std::to_string(link.number) + " " + std::string(domain));
  }
  void link_down(LinkId link, std::string_view, const std::string& why) override {
    add("down " + std::to_string(link.number) + ": " + why);
  }
  void stanzas(LinkId, std::vector<xmpp::Stanza> read) override {
    for (const xmpp::Stanza& stanza : read) add("read " + xmpp::to_xml(stanza.element()));
  }
  void confirmed(LinkId, Mark mark) override { add("confirmed " + std::to_string(mark)); }
  void drained(LinkId) override { add("drained"); }
  bool admits() override { return admitting; }
  void write(LogLevel level, std::string_view, std::string_view text) override {
    if (level == LogLevel::debug) return;
    told.change([&](Told& t) { t.log.emplace_back(text); });
  }

  [[nodiscard]] bool wait(std::string_view line_start) {
    return told.wait([&](const Told& t) { return count(t.lines, line_start) > 0; });
  }
  [[nodiscard]] bool wait_logged(std::string_view words) {
    return told.wait([&](const Told& t) { return count(t.log, words) > 0; });
  }
  [[nodiscard]] std::size_t logged(std::string_view words) { return count(told.get().log, words); }
  static std::size_t count(const std::vector<std::string>& lines, std::string_view words) {
    std::size_t found = 0;
    for (const std::string& line : lines) found += line.find(words) != std::string::npos ? 1 : 0;
    return found;
  }

  Watched<Told> told;
  std::atomic<bool> admitting = true;

 private:
  void add(std::string line) {
    told.change([&](Told& t) { t.lines.push_back(std::move(line)); });
  }
};

struct Bench {
  explicit Bench(Options given = {}) {
    given.host = "127.0.0.1";
    if (given.port == 0) given.port = listener.port();
    if (given.secret.empty()) given.secret = "secret";
    if (given.domains.empty()) given.domains = {std::string(kDomain), "team.a.example"};
    given.domains.resize(1);
    given.timing.reconnect = {Millis(20), Millis(200)};
    given.timing.tick = Millis(20);
    component = std::make_unique<Component>(loop, clock, random, owner, owner, std::move(given));
    loop.start();
    component->start();
  }
  ~Bench() {
    loop.stop();
    loop.join();
    component.reset();
  }
  [[nodiscard]] HostStream accept() { return {listener.accept()}; }
  [[nodiscard]] HostStream open() {
    HostStream stream = accept();
    if (!stream.open("secret") || !owner.wait("up")) stream.peer.end();
    return stream;
  }
  [[nodiscard]] LinkId link() { return owner.told.get().link; }
  [[nodiscard]] Sent send(std::string text, Mark mark = 0) {
    return component->send(link(), net::buffer(std::move(text)), mark);
  }

  PeerListener listener;
  SystemClock clock;
  SeededRandom random{1};
  WatchedOwner owner;
  net::Loop loop;
  std::unique_ptr<Component> component;
};

}  // namespace hansa::component::testing
