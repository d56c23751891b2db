#pragma once
// Several nodes and their people in one process, for dialogues of rooms in each other's: real
// engines with stores in memory, one clock, wires between them that can be cut and looked at.
// Node «a» has rooms.a.example and team.a.example; whoever is at a.example is its person. Anything
// else (a foreign MUC) is the test's. Header-only.

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "modules/act-as/act_as.h"
#include "tests/support/room_fixture.h"

namespace hansa::test {

class Nodes;

class NodeParty final : public engine::Links {
 public:
  NodeParty(Nodes& all, const std::string& name, std::uint64_t seed);
  void write(std::string_view link, std::string bytes) override;
  void confirm(std::string_view link, engine::Mark mark) override {
    marks.emplace_back(link, mark);
  }
  [[nodiscard]] std::size_t queued(std::string_view) const override { return 0; }
  void passed_within(const xmpp::Stanza& stanza) override;
  void start();
  void crash();
  void link(bool up);
  [[nodiscard]] bool is_mine(std::string_view domain) const {
    return domain == addressing.rooms || domain == addressing.identities;
  }

  std::string name;
  rooms::Settings settings;
  rooms::Hooks hooks;
  engine::Addressing addressing;
  NoLog log;
  SeededRandom random;
  std::unique_ptr<storage::MemoryStore> store;
  std::unique_ptr<rooms::Rooms> rooms;
  std::unique_ptr<act_as::ActAs> act;
  std::unique_ptr<engine::Router> router;
  std::unique_ptr<engine::Engine> engine;
  std::deque<std::pair<std::string, engine::Mark>> marks;
  bool up = false;

 private:
  Nodes& all_;
  std::map<std::string, xmpp::StreamParser, std::less<>> parsers_;
};

class Nodes {
 public:
  explicit Nodes(std::initializer_list<const char*> names);
  ~Nodes();

  void run();
  void advance(Millis time);
  // From a person, or from a server that is no node here.
  void says(const std::string& xml);

  static void trace(const xmpp::Element& root);
  void deliver(const xmpp::DocumentPtr& document);
  [[nodiscard]] bool is_node(std::string_view domain) const;
  // What a host answers whose component is not connected.
  void bounce(const xmpp::Stanza& stanza);

  // --- words ---
  static std::string room(const std::string& local, const std::string& node) {
    return local + "@rooms." + node + ".example";
  }
  static std::string identity(const std::string& local, const std::string& node) {
    return local + "@team." + node + ".example";
  }
  // `who` makes the room and is in it.
  void found(const std::string& who, const std::string& room_jid);
  void enters(const std::string& who, const std::string& room_jid);
  void opens(const std::string& who, const std::string& as, const std::string& peer,
             const std::string& more = "named='true'");
  // Says yes or no from the newest question that was put to him by chat.
  bool answers(const std::string& bare, const std::string& word = "yes");
  void speaks(const std::string& who, const std::string& room_jid, const std::string& body,
              const std::string& more = {});
  // How often that was said to him (a full JID), as groupchat. What is repeated after a crash, with
  // the same stanza-id, is the same.
  [[nodiscard]] std::size_t times(const std::string& who, const std::string& body);
  [[nodiscard]] std::vector<std::string> bodies(const std::string& who);
  [[nodiscard]] bool was_told(const std::string& who, const std::string& part);
  [[nodiscard]] int said() const { return said_; }  // speaks() gave it the id m<said>
  NodeParty& node(const std::string& name) { return *parties.at(name); }

  FakeClock clock;
  Queue queue;
  std::map<std::string, std::unique_ptr<NodeParty>> parties;
  std::deque<xmpp::DocumentPtr> wire;
  std::map<std::string, std::deque<xmpp::DocumentPtr>> heard;  // of those who are no nodes
  std::map<std::string, std::size_t> crossed;  // stanzas between nodes, or rooms of one
  std::function<bool(const xmpp::Element&)> lose;              // between nodes
  bool bounces = true;

 private:
  int said_ = 0;
};

}  // namespace hansa::test
