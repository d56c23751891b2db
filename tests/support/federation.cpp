#include "tests/support/federation.h"

#include <cstdlib>
#include <utility>

namespace hansa::test {

void Party::restart(const std::string& link) {
  std::vector<xmpp::StreamEvent> events;
  parsers_[link] = xmpp::StreamParser();
  parsers_[link].feed(
      "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>",
      events);
}

void Party::write(std::string_view link, std::string bytes) {
  std::vector<xmpp::StreamEvent> events;
  parsers_.find(link)->second.feed(bytes, events);
  for (xmpp::StreamEvent& event : events) {
    auto* const read = std::get_if<xmpp::StanzaRead>(&event);
    if (read == nullptr) std::abort();  // what a party writes is well-formed
    all_.sent(*this, link, read->stanza);
  }
}

Federation::Federation(int nodes) {
  parties_.emplace(kHub, std::make_unique<Party>(*this, kHub, 1));
  for (int i = 0; i < nodes; ++i) {
    const std::string letter(1, static_cast<char>('a' + i));
    const std::string link = "rooms." + letter + ".example";
    nodes_.push_back(link);
    parties_.emplace(link, std::make_unique<Party>(*this, link, 100 + static_cast<unsigned>(i)));
  }
  for (const auto& [name, party] : parties_) start(name);
  for (const std::string& link : nodes_) connect(link);
  run();
}

void Federation::start(const std::string& name) {
  Party& p = party(name);
  p.store = std::make_unique<storage::SimulatedStore>(
      p.disk, queue_, 5,
      storage::Faults{Millis(0), Millis(0), Millis(0), Millis(0), 0, 0, 0, 0, 0, 0, false});
  p.shown = std::make_unique<ShownStore>(*p.store, [this, name](const storage::Batch& batch) {
    if (appends) appends(name, batch);
  });
  p.router = std::make_unique<engine::Router>();
  engine::Settings settings;
  std::vector<engine::FacetFactory> facets;
  if (name == kHub) {
    hub::Settings s;
    s.domain = kHub;
    s.shared = kShared;
    s.window = window;
    s.wrong = wrong;
    for (const std::string& link : nodes_) {
      s.enterprises.push_back({link, {link.substr(6)}, pinned ? key(link) : std::string()});
    }
    p.hub = std::make_unique<hub::Hub>(s);
    if (!p.hub->add_to(*p.router)) std::abort();
    settings = p.hub->engine_settings();
    facets = hub::Hub::facets();
  } else {
    shared_rooms::Settings s;
    s.shared = kShared;
    s.link = name;
    s.hub = kHub;
    s.enterprise = {name.substr(6)};
    s.signing_key = seed_of(name);
    s.window = window;
    s.wrong = wrong;
    p.rooms = std::make_unique<shared_rooms::SharedRooms>(s);
    if (!p.rooms->add_to(*p.router)) std::abort();
    settings = p.rooms->engine_settings();
    facets = shared_rooms::SharedRooms::facets();
  }
  settings.loaded_rooms = loaded_rooms;
  p.engine = std::make_unique<engine::Engine>(settings, *p.shown, p, clock, p.random, p.log,
                                              *p.router, facets);
  p.engine->start([] {});
  run();
  if (name != kHub) {
    p.restart(kShared);
    p.engine->on_link(kShared, true);
  }
  run();
}

void Federation::crash(const std::string& name) {
  Party& p = party(name);
  for (const std::string& link : nodes_) {
    if (name == kHub || name == link) cut(link);
  }
  p.store->crash();
  p.engine.reset();
  p.marks.clear();
}

void Federation::restore(const std::string& name, const storage::Image& image) {
  crash(name);
  party(name).disk->image = image;
  start(name);
}

void Federation::begin_again(const std::string& name) {
  crash(name);
  start(name);
  connect_all();
}

void Federation::trust_all_at_hub() {
  wrong.accept_unsigned = true;
  begin_again(kHub);
  wrong.accept_unsigned = false;
}

void Federation::trust_first_keys() {
  pinned = false;
  for (const auto& [name, p] : parties_) begin_again(name);
}

void Federation::connect(const std::string& node) {
  Party& n = party(node);
  Party& h = party(kHub);
  if (up_[node] || !n.engine || !h.engine) return;
  up_[node] = true;
  n.restart(kHub);
  h.restart(node);
  h.engine->on_link(node, true);
  n.engine->on_link(kHub, true);
}

void Federation::cut(const std::string& node) {
  if (!std::exchange(up_[node], false)) return;
  std::erase_if(wire_, [&](const Frame& f) { return f.from == node || f.to == node; });
  if (party(node).engine) party(node).engine->on_link(kHub, false);
  if (party(kHub).engine) party(kHub).engine->on_link(node, false);
}

void Federation::connect_all() {
  for (const std::string& link : nodes_) connect(link);
  run();
}

void Federation::inject(const std::string& from, const std::string& to, const std::string& frame) {
  const std::string xml = "<message from='" + from + "' to='" + to + "'>" + frame + "</message>";
  wire_.push_back({from, to, xmpp::parse_element(xml, xmpp::ns::kClient).value()});
  run();
}

void Federation::run() {
  for (int round = 0; round < 200'000; ++round) {
    bool moved = queue_.step();
    moved = deliver() || moved;
    for (const auto& [name, p] : parties_) {
      if (!p->engine) continue;
      p->engine->settle();
      for (const engine::Mark mark : std::exchange(p->marks, {})) {
        moved = true;
        if (confirms) p->engine->on_confirmed(kShared, mark);
      }
    }
    if (!moved && !queue_.step() && !deliver()) return;
  }
  std::abort();  // it never ends
}

void Federation::advance(Millis time) {
  for (std::int64_t ms = 0; ms < time.count(); ms += 500) {
    clock.now_ms += 500;
    for (const auto& [name, p] : parties_) {
      if (p->engine) p->engine->on_tick();
    }
    run();
  }
}

bool Federation::rests() {
  advance(Millis(60'000));
  passed.clear();
  advance(Millis(60'000));
  return passed.empty();
}

void Federation::says(const std::string& jid, const std::string& xml) {
  const std::string domain = "rooms." + jid.substr(jid.find('@') + 1);
  auto document = xmpp::parse_element(xml, xmpp::ns::kClient);
  auto stanza = xmpp::Stanza::parse(std::move(document).value());
  if (!stanza) std::abort();
  party(domain).engine->on_stanza(kShared, std::move(stanza).value());
  run();
}

void Federation::create(const std::string& jid, const std::string& room) {
  says(jid, "<iq type='set' id='c1' from='" + jid + "/x' to='" + room +
                "@shared.example'><query xmlns='http://jabber.org/protocol/muc#owner'/></iq>");
}

void Federation::set(const std::string& jid, const std::string& room, const std::string& member,
                     const std::string& affiliation) {
  says(jid, "<iq type='set' id='s1' from='" + jid + "/x' to='" + room +
                "@shared.example'><query xmlns='http://jabber.org/protocol/muc#admin'><item "
                "jid='" +
                member + "' affiliation='" + affiliation + "'/></query></iq>");
}

void Federation::say(const std::string& jid, const std::string& room, const std::string& text) {
  says(jid, "<message type='groupchat' from='" + jid + "/x' to='" + room +
                "@shared.example'><body>" + text + "</body></message>");
}

std::string Federation::hears(const std::string& jid) {
  const std::string domain = jid.substr(jid.find('@') + 1);
  Party& p = party("rooms." + domain.substr(0, domain.find('/')));
  std::string out;
  for (const auto& one : std::exchange(p.heard[jid], {})) {
    const xmpp::Element& e = one->root();
    const auto* body = e.child("body", xmpp::ns::kClient);
    if (!out.empty()) out += ' ';
    out +=
        body != nullptr ? body->text() : std::string(e.name()) + ':' + std::string(e.attr("type"));
  }
  return out;
}

std::string Federation::state(const std::string& name, const std::string& room,
                              const std::string& line) {
  const std::string text = ask(name, room, "shared:state");
  const std::size_t at = ('\n' + text).find('\n' + line + ' ');
  if (at == std::string::npos) return {};
  return text.substr(at + line.size() + 1, text.find('\n', at) - at - line.size() - 1);
}

std::string Federation::ask(const std::string& name, const std::string& room,
                            const std::string& topic) {
  std::string out;
  const auto address = xmpp::Jid::parse(room + "@shared.example").value();
  party(name).engine->on_admin(
      [&](engine::ServiceTurn& turn, const std::function<void(std::string)>& done) {
        const auto* answer = turn.ask({address, topic, {}});
        if (answer != nullptr) done(answer->exists ? answer->value : "no room");
      },
      [&](std::string text) { out = std::move(text); });
  run();
  return out;
}

bool Federation::same(const std::string& room) {
  const std::string all = stand(kHub, room);
  for (const std::string& link : nodes_) {
    if (stand(link, room) != all) return false;
  }
  return true;
}

std::string Federation::stand(const std::string& name, const std::string& room) {
  std::string out;
  for (const char* line : {"version", "chain", "list", "digest", "unordered", "syncing"}) {
    out += state(name, room, line) + ' ';
  }
  return out + ask(name, room, "shared:members");
}

std::size_t Federation::frames(const std::string& from, const std::string& to,
                               std::string_view frame_name) const {
  std::size_t count = 0;
  for (const Frame& one : passed) {
    const bool it = (from.empty() || one.from == from) && (to.empty() || one.to == to);
    if (it && one.element().name() == frame_name) ++count;
  }
  return count;
}

void Federation::sent(Party& from, std::string_view link, const xmpp::DocumentPtr& stanza) {
  if (link == kShared) {
    from.heard[std::string(stanza->root().attr("to"))].push_back(stanza);
    return;
  }
  const std::string& node = from.name == kHub ? std::string(link) : from.name;
  if (up_[node]) wire_.push_back({from.name, std::string(link), stanza});
}

bool Federation::deliver() {
  for (auto one = wire_.begin(); one != wire_.end(); ++one) {
    if (held_[one->from]) continue;
    Frame frame = std::move(*one);
    wire_.erase(one);
    passed.push_back(frame);
    if (loses && loses(frame)) return true;
    auto stanza = xmpp::Stanza::parse(frame.stanza);
    if (!stanza) std::abort();
    Party& to = party(frame.to);
    if (to.engine) to.engine->on_stanza(frame.from, std::move(stanza).value());
    return true;
  }
  return false;
}

}  // namespace hansa::test
