#pragma once
// Several nodes and their people in one process, for dialogues of rooms in each other's: real
// engines with stores in memory, one clock, wires between them that can be cut and looked at.
// Node «a» has rooms.a.example and team.a.example; whoever is at a.example is its person. Anything
// else (a foreign MUC) is the test's. Header-only.

#include <cstdio>
#include <cstdlib>
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
  explicit Nodes(std::initializer_list<const char*> names) {
    std::uint64_t seed = 1;
    for (const char* name : names) {
      parties[name] = std::make_unique<NodeParty>(*this, name, seed++);
    }
    for (auto& [name, party] : parties) party->start();
    run();
  }
  ~Nodes() {
    for (auto& [name, party] : parties) party->engine.reset();
  }

  void run() {
    for (bool moved = true; moved;) {
      for (auto& [name, party] : parties) {
        if (party->engine) party->engine->settle();
      }
      moved = queue.step();
      for (auto& [name, party] : parties) {
        while (!party->marks.empty()) {
          const auto [link, mark] = party->marks.front();
          party->marks.pop_front();
          if (party->engine) party->engine->on_confirmed(link, mark);
          moved = true;
        }
      }
      if (wire.empty()) continue;
      const xmpp::DocumentPtr next = wire.front();
      wire.pop_front();
      deliver(next);
      moved = true;
    }
  }
  void advance(Millis time) {
    for (; time.count() > 0; time -= Millis(500)) {
      clock.now_ms += 500;
      for (auto& [name, party] : parties) {
        if (party->engine) party->engine->on_tick();
      }
      run();
    }
  }
  // From a person, or from a server that is no node here.
  void says(const std::string& xml) {
    auto document = xmpp::parse_element(xml, xmpp::ns::kClient);
    if (!document) std::abort();
    wire.push_back(std::move(*document));
    run();
  }

  static void trace(const xmpp::Element& root) {
    if (std::getenv("HANSA_TRACE") != nullptr) std::puts(xmpp::to_xml(root).c_str());
  }
  void deliver(const xmpp::DocumentPtr& document) {
    const xmpp::Element& root = document->root();
    trace(root);
    auto stanza = xmpp::Stanza::parse(document);
    if (!stanza) std::abort();
    const std::string domain(stanza->to.domain());
    const std::string from(stanza->from.domain());
    for (auto& [name, party] : parties) {
      if (!party->is_mine(domain)) continue;
      const bool crosses = is_node(from);
      if (crosses) ++crossed[from + " " + std::string(root.name())];
      if (crosses && lose && lose(root)) return;
      if (!party->up) return bounce(*stanza);
      party->engine->on_stanza(domain, std::move(*stanza));
      return;
    }
    heard[stanza->to.text()].push_back(document);
  }
  [[nodiscard]] bool is_node(std::string_view domain) const {
    for (const auto& [name, party] : parties) {
      if (party->is_mine(domain)) return true;
    }
    return false;
  }
  // What a host answers whose component is not connected.
  void bounce(const xmpp::Stanza& stanza) {
    if (stanza.is_error() || stanza.type == "result" || !bounces) return;
    const std::string answer =
        xmpp::error_answer(stanza, Error(Condition::remote_server_timeout, "not connected"));
    wire.push_back(xmpp::parse_element(answer, xmpp::ns::kClient).value());
  }

  // --- words ---
  static std::string room(const std::string& local, const std::string& node) {
    return local + "@rooms." + node + ".example";
  }
  static std::string identity(const std::string& local, const std::string& node) {
    return local + "@team." + node + ".example";
  }
  // `who` makes the room and is in it.
  void found(const std::string& who, const std::string& room_jid) {
    enters(who, room_jid);
    says("<iq type='set' id='c' from='" + who + "' to='" + room_jid +
         "'><query xmlns='http://jabber.org/protocol/muc#owner'>"
         "<x xmlns='jabber:x:data' type='submit'/></query></iq>");
  }
  void enters(const std::string& who, const std::string& room_jid) {
    const std::string nick = who.substr(0, who.find('@'));
    says("<presence from='" + who + "' to='" + room_jid + "/" + nick +
         "'><x xmlns='http://jabber.org/protocol/muc'><history maxchars='0'/></x></presence>");
  }
  void opens(const std::string& who, const std::string& as, const std::string& peer,
             const std::string& more = "named='true'") {
    says("<iq type='set' id='o' from='" + who + "' to='" + as +
         "'><open xmlns='urn:xmpp:act-as:0' peer='" + peer + "' " + more + "/></iq>");
  }
  // Says yes or no from the newest question that was put to him by chat.
  bool answers(const std::string& bare, const std::string& word = "yes") {
    auto& all = heard[bare];
    for (auto one = all.rbegin(); one != all.rend(); ++one) {
      const std::string from((*one)->root().attr("from"));
      if (!from.starts_with("ask-")) continue;
      says("<message type='chat' from='" + bare + "/1' to='" + from + "'><body>" + word +
           "</body></message>");
      return true;
    }
    return false;
  }
  void speaks(const std::string& who, const std::string& room_jid, const std::string& body,
              const std::string& more = {}) {
    says("<message type='groupchat' from='" + who + "' to='" + room_jid + "' id='m" +
         std::to_string(++said_) + "'><body>" + body + "</body>" + more + "</message>");
  }
  // How often that was said to him (a full JID), as groupchat. What is repeated after a crash, with
  // the same stanza-id, is the same.
  [[nodiscard]] std::size_t times(const std::string& who, const std::string& body) {
    std::size_t count = 0;
    std::set<std::string> ids;
    for (const auto& one : heard[who]) {
      const xmpp::Element* const said = one->root().child("body", xmpp::ns::kClient);
      if (one->root().attr("type") != "groupchat" || said == nullptr || said->text() != body) {
        continue;
      }
      const xmpp::Element* const id = one->root().child("stanza-id", "urn:xmpp:sid:0");
      if (id == nullptr || ids.emplace(id->attr("id")).second) ++count;
    }
    return count;
  }
  [[nodiscard]] std::vector<std::string> bodies(const std::string& who) {
    std::vector<std::string> all;
    for (const auto& one : heard[who]) {
      const xmpp::Element* const said = one->root().child("body", xmpp::ns::kClient);
      if (said != nullptr) all.push_back(said->text());
    }
    return all;
  }
  [[nodiscard]] bool was_told(const std::string& who, const std::string& part) {
    for (const std::string& body : bodies(who)) {
      if (body.find(part) != std::string::npos) return true;
    }
    return false;
  }
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

inline NodeParty::NodeParty(Nodes& all, const std::string& node_name, std::uint64_t seed)
    : name(node_name), random(seed), all_(all) {
  settings.rooms = "rooms." + name + ".example";
  settings.identities = "team." + name + ".example";
  settings.enterprise = {name + ".example"};
  settings.secret = "secret of " + name;
  addressing.rooms = settings.rooms;
  addressing.identities = settings.identities;
  addressing.conversation = [domain = settings.rooms](std::string_view local,
                                                      const xmpp::Jid& peer) {
    return act_as::conversation_address(domain, local, peer);
  };
  store = std::make_unique<storage::MemoryStore>(all.queue);
}

inline void NodeParty::start() {
  hooks = {};
  rooms = std::make_unique<rooms::Rooms>(settings, hooks);
  router = std::make_unique<engine::Router>();
  act = std::make_unique<act_as::ActAs>(settings.identities, settings, *rooms, hooks);
  if (!rooms->add_to(*router).ok() || !act->add_to(*router).ok()) std::abort();
  std::vector<engine::FacetFactory> facets = act_as::ActAs::facets();
  facets.insert(facets.begin(), &rooms::make_room_facet);
  engine = std::make_unique<engine::Engine>(engine::Settings{"node", addressing, 0, 0}, *store,
                                            *this, all_.clock, random, log, *router, facets);
  engine->start([] {});
  all_.run();
  link(true);
}

inline void NodeParty::crash() {
  engine.reset();
  while (all_.queue.step()) {
  }
  marks.clear();
  up = false;
}

inline void NodeParty::link(bool is_up) {
  up = is_up;
  for (const std::string& domain : {addressing.rooms, addressing.identities}) {
    if (is_up) {
      std::vector<xmpp::StreamEvent> events;
      parsers_[domain] = xmpp::StreamParser();
      parsers_[domain].feed(
          "<stream:stream xmlns='jabber:component:accept' "
          "xmlns:stream='http://etherx.jabber.org/streams'>",
          events);
    }
    engine->on_link(domain, is_up);
  }
  marks.clear();
  all_.run();
}

inline void NodeParty::passed_within(const xmpp::Stanza& stanza) {
  Nodes::trace(stanza.element());
  ++all_.crossed[std::string(stanza.from.domain()) + " " + std::string(stanza.element().name())];
}

inline void NodeParty::write(std::string_view link, std::string bytes) {
  std::vector<xmpp::StreamEvent> events;
  parsers_[std::string(link)].feed(bytes, events);
  for (xmpp::StreamEvent& event : events) {
    auto* const read = std::get_if<xmpp::StanzaRead>(&event);
    if (read == nullptr) std::abort();
    all_.wire.push_back(read->stanza);
  }
}

}  // namespace hansa::test
