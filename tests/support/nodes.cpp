#include "tests/support/nodes.h"

#include <cstdio>
#include <cstdlib>

namespace hansa::test {

NodeParty::NodeParty(Nodes& all, const std::string& node_name, std::uint64_t seed)
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

void NodeParty::start() {
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

void NodeParty::crash() {
  engine.reset();
  while (all_.queue.step()) {
  }
  marks.clear();
  up = false;
}

void NodeParty::link(bool is_up) {
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

void NodeParty::passed_within(const xmpp::Stanza& stanza) {
  Nodes::trace(stanza.element());
  ++all_.crossed[std::string(stanza.from.domain()) + " " + std::string(stanza.element().name())];
}

void NodeParty::write(std::string_view link, std::string bytes) {
  std::vector<xmpp::StreamEvent> events;
  parsers_[std::string(link)].feed(bytes, events);
  for (xmpp::StreamEvent& event : events) {
    auto* const read = std::get_if<xmpp::StanzaRead>(&event);
    if (read == nullptr) std::abort();
    all_.wire.push_back(read->stanza);
  }
}

Nodes::Nodes(std::initializer_list<const char*> names) {
  std::uint64_t seed = 1;
  for (const char* name : names) {
    parties[name] = std::make_unique<NodeParty>(*this, name, seed++);
  }
  for (auto& [name, party] : parties) party->start();
  run();
}

Nodes::~Nodes() {
  for (auto& [name, party] : parties) party->engine.reset();
}

void Nodes::run() {
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

void Nodes::advance(Millis time) {
  for (; time.count() > 0; time -= Millis(500)) {
    clock.now_ms += 500;
    for (auto& [name, party] : parties) {
      if (party->engine) party->engine->on_tick();
    }
    run();
  }
}

void Nodes::says(const std::string& xml) {
  auto document = xmpp::parse_element(xml, xmpp::ns::kClient);
  if (!document) std::abort();
  wire.push_back(std::move(*document));
  run();
}

void Nodes::trace(const xmpp::Element& root) {
  if (std::getenv("HANSA_TRACE") != nullptr) std::puts(xmpp::to_xml(root).c_str());
}

void Nodes::deliver(const xmpp::DocumentPtr& document) {
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

bool Nodes::is_node(std::string_view domain) const {
  for (const auto& [name, party] : parties) {
    if (party->is_mine(domain)) return true;
  }
  return false;
}

void Nodes::bounce(const xmpp::Stanza& stanza) {
  if (stanza.is_error() || stanza.type == "result" || !bounces) return;
  const std::string answer =
      xmpp::error_answer(stanza, Error(Condition::remote_server_timeout, "not connected"));
  wire.push_back(xmpp::parse_element(answer, xmpp::ns::kClient).value());
}

void Nodes::found(const std::string& who, const std::string& room_jid) {
  enters(who, room_jid);
  says("<iq type='set' id='c' from='" + who + "' to='" + room_jid +
       "'><query xmlns='http://jabber.org/protocol/muc#owner'>"
       "<x xmlns='jabber:x:data' type='submit'/></query></iq>");
}

void Nodes::enters(const std::string& who, const std::string& room_jid) {
  const std::string nick = who.substr(0, who.find('@'));
  says("<presence from='" + who + "' to='" + room_jid + "/" + nick +
       "'><x xmlns='http://jabber.org/protocol/muc'><history maxchars='0'/></x></presence>");
}

void Nodes::opens(const std::string& who, const std::string& as, const std::string& peer,
                  const std::string& more) {
  says("<iq type='set' id='o' from='" + who + "' to='" + as +
       "'><open xmlns='urn:xmpp:act-as:0' peer='" + peer + "' " + more + "/></iq>");
}

bool Nodes::answers(const std::string& bare, const std::string& word) {
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

void Nodes::speaks(const std::string& who, const std::string& room_jid, const std::string& body,
                   const std::string& more) {
  says("<message type='groupchat' from='" + who + "' to='" + room_jid + "' id='m" +
       std::to_string(++said_) + "'><body>" + body + "</body>" + more + "</message>");
}

std::size_t Nodes::times(const std::string& who, const std::string& body) {
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

std::vector<std::string> Nodes::bodies(const std::string& who) {
  std::vector<std::string> all;
  for (const auto& one : heard[who]) {
    const xmpp::Element* const said = one->root().child("body", xmpp::ns::kClient);
    if (said != nullptr) all.push_back(said->text());
  }
  return all;
}

bool Nodes::was_told(const std::string& who, const std::string& part) {
  for (const std::string& body : bodies(who)) {
    if (body.find(part) != std::string::npos) return true;
  }
  return false;
}

}  // namespace hansa::test
