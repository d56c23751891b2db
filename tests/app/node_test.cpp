// The whole program in one process, with all its threads: so the thread sanitizer sees them
// together. Every wait is for a condition.

#include "app/node.h"

#include <doctest/doctest.h>
#include <leveldb/env.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>

#include "net/local_socket.h"
#include "tests/app/config_files.h"
#include "tests/support/running_host.h"

namespace hansa::app {
namespace {

using net::testing::Watched;
using Heard = hansa::test::RunningHost::Heard;

constexpr std::chrono::seconds kPatience{60};  // a machine under sanitizers and load
constexpr const char* kRooms = "rooms.a.example";
constexpr const char* kAlice = "alice@a.example/street";
constexpr std::size_t kMessages = 100;
const std::string kContact = "[contacts]\nabuse = [\"mailto:abuse@a.example\"]\n";

class WatchedLog final : public Log {
 public:
  void write(LogLevel level, std::string_view, std::string_view text) override {
    if (level == LogLevel::debug) return;  // as the program's own, which begins with info
    lines_.change([&](auto& lines) { lines.emplace_back(text); });
  }
  [[nodiscard]] bool wait(std::string_view part, std::size_t times = 1) {
    return lines_.wait([&](const auto& lines) { return count(lines, part) >= times; }, kPatience);
  }
  [[nodiscard]] std::size_t said(std::string_view part) { return count(lines_.get(), part); }

 private:
  static std::size_t count(const std::vector<std::string>& lines, std::string_view part) {
    std::size_t found = 0;
    for (const std::string& line : lines) found += line.find(part) != std::string::npos ? 1 : 0;
    return found;
  }
  Watched<std::vector<std::string>> lines_;
};

// A folder with a configuration, a host, and the nodes that run on them one after the other.
struct Program {
  Program() { configure(); }
  ~Program() { stop(); }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  // The sample, at our host; `more` stands at its end.
  void configure(const std::string& more = {}) const {
    std::string text(test::kSample);
    text.replace(text.find("15347"), 5, std::to_string(host.port()));
    folder.write("hansa.toml", text + more);
  }
  [[nodiscard]] std::unique_ptr<Node> made() {
    component::Timing timing;
    timing.reconnect = {Millis(20), Millis(200)};
    ConfigRead read = read_config(folder.path("hansa.toml"));
    REQUIRE(read.config);
    return std::make_unique<Node>(std::move(*read.config), "1.2.3", log, timing);
  }
  void start() {
    std::unique_ptr<Node> opened = made();
    REQUIRE(opened->open().ok());
    node = std::move(opened);
    node->start();
  }
  void stop() {
    if (!node) return;
    node->stop();
    node.reset();
  }
  [[nodiscard]] std::string ask(const std::string& request) const {
    std::string answer;
    const Status asked = net::ask_local(folder.path("data/admin.sock"), request,
                                        [&](std::string_view piece) { answer += piece; });
    return asked ? answer : std::string(asked.error().message());
  }
  [[nodiscard]] bool hears(std::string_view part, std::size_t times = 1) {
    return host.heard.wait([&](const Heard& h) { return h.count(part) >= times; }, kPatience);
  }
  // The log says so, for the `time`-th time.
  [[nodiscard]] bool is_up(std::size_t time = 1) {
    return log.wait("ready: rooms.a.example, team.a.example at the host 127.0.0.1:", time);
  }
  void joins(std::size_t history) {
    host.say(kRooms, "<presence from='" + std::string(kAlice) +
                         "' to='tea@rooms.a.example/Alice'>"
                         "<x xmlns='http://jabber.org/protocol/muc'><history maxstanzas='" +
                         std::to_string(history) + "'/></x></presence>");
  }
  // A room that nobody configured goes with its last occupant.
  void unlocks() {
    host.say(kRooms, "<iq type='set' id='o' from='" + std::string(kAlice) +
                         "' to='tea@rooms.a.example'><query xmlns='http://jabber.org/protocol/"
                         "muc#owner'><x xmlns='jabber:x:data' type='submit'/></query></iq>");
  }
  void speaks(std::size_t from, std::size_t to) {
    for (std::size_t n = from; n < to; ++n) {
      host.say(kRooms, "<message type='groupchat' id='m" + std::to_string(n) + "' from='" + kAlice +
                           "' to='tea@rooms.a.example'><body>" + words(n) + "</body></message>");
    }
  }
  void asks_about_service(const std::string& id) {
    host.say(kRooms, "<iq type='get' id='" + id + "' from='" + kAlice + "' to='" + kRooms +
                         "'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>");
  }
  // The bodies that Alice was sent, in their order.
  [[nodiscard]] std::string bodies() {
    std::string all;
    for (const std::string& stanza : host.heard.get().stanzas) {
      const std::size_t at = stanza.find("<body>");
      if (at == std::string::npos) continue;
      all += stanza.substr(at + 6, stanza.find("</body>") - at - 6) + ";";
    }
    return all;
  }
  [[nodiscard]] static std::string words(std::size_t n) { return "word " + std::to_string(n); }
  [[nodiscard]] static std::string all_words() {
    std::string all;
    for (std::size_t n = 0; n < kMessages; ++n) all += words(n) + ";";
    return all;
  }
  void forget() {
    host.heard.change([](Heard& h) { h.stanzas.clear(); });
  }

  test::ConfigFolder folder;
  hansa::test::RunningHost host{"s"};
  WatchedLog log;
  std::unique_ptr<Node> node;
};

std::size_t threads() {
  const std::filesystem::directory_iterator tasks("/proc/self/task");
  return static_cast<std::size_t>(std::distance(begin(tasks), end(tasks)));
}

// A thread that was joined may be seen for a moment more.
bool threads_become(std::size_t count) {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (threads() != count && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return threads() == count;
}

}  // namespace

TEST_CASE("node: what was said while all its threads ran is there at the next start") {
  // LevelDB's own, which its Env starts once and never ends.
  leveldb::Env::Default()->Schedule([](void*) {}, nullptr);
  Program p;
  const std::size_t before = threads();
  p.start();
  REQUIRE(p.is_up());
  CHECK(p.host.heard.get().up == std::set<std::string>{kRooms, "team.a.example"});
  CHECK(threads() == before + 5);  // those of docs/architecture.md

  p.joins(0);
  REQUIRE(p.hears("<status code='110'/>"));
  p.unlocks();
  p.speaks(0, kMessages / 2);
  p.configure(kContact);
  p.node->reload();
  p.speaks(kMessages / 2, kMessages);
  const std::string shown = p.ask("room show tea@rooms.a.example");
  CHECK(shown.starts_with("ok\naddress\ttea@rooms.a.example\n"));
  CHECK(shown.find("occupant\talice@a.example/street\tmoderator\tAlice\n") != std::string::npos);
  CHECK(p.ask("room show milk@rooms.a.example").starts_with("error there is no room"));
  REQUIRE(p.hears("<body>", kMessages));
  CHECK(p.bodies() == p.all_words());
  CHECK(p.log.wait("the changed configuration is applied"));
  p.asks_about_service("d");
  CHECK(p.hears("mailto:abuse@a.example"));

  p.stop();
  CHECK(p.hears("<status code='332'/>"));
  CHECK(p.host.heard.wait([](const Heard& h) { return h.closed == 2; }, kPatience));
  CHECK(p.log.said("did not finish in time") == 0);
  CHECK(p.log.said("stopped") == 1);
  CHECK(threads_become(before));

  p.forget();
  p.start();
  REQUIRE(p.is_up(2));
  p.joins(kMessages);
  REQUIRE(p.hears("<subject/>"));
  CHECK(p.bodies() == p.all_words());
}

TEST_CASE("node: a configuration with an error, or one that needs a restart, changes nothing") {
  Program p;
  p.start();
  REQUIRE(p.is_up());
  p.configure("reduced_presence = \"many\"\n" + kContact);
  p.node->reload();
  CHECK(p.log.said("has errors; the node goes on as it was") == 1);
  // The sample as it is: its host has another address.
  p.folder.write("hansa.toml", std::string(test::kSample) + kContact);
  p.node->reload();
  CHECK(p.log.said("nothing of the changed configuration is applied") == 1);
  p.asks_about_service("d");
  REQUIRE(p.hears("id='d'"));
  CHECK(p.host.heard.get().count("mailto:abuse@a.example") == 0);
}

TEST_CASE("node: a refused secret is said once a domain and tried again until it is right") {
  Program p;
  p.host.change_secret("another");
  p.start();
  REQUIRE(p.host.heard.wait([](const Heard& h) { return h.refused >= 6; }, kPatience));
  CHECK(p.log.said("rooms.a.example: the host at 127.0.0.1:") == 1);
  CHECK(p.log.said("team.a.example: the host at 127.0.0.1:") == 1);
  CHECK(p.log.said("refused the secret") == 2);
  CHECK(p.log.said("ready") == 0);
  CHECK(p.ask("room list") == "ok\n");  // its operator is answered all the same
  p.host.change_secret("s");
  CHECK(p.is_up());
}

TEST_CASE("node: a second one on the same data does not open, and the first goes on") {
  Program p;
  p.start();
  REQUIRE(p.is_up());
  {
    const std::unique_ptr<Node> second = p.made();
    const Status opened = second->open();
    REQUIRE_FALSE(opened.ok());
    CHECK(opened.error().text.find("is in use by another process") != std::string::npos);
  }
  p.joins(0);
  CHECK(p.hears("<status code='110'/>"));
}

}  // namespace hansa::app
