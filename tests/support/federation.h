#pragma once
// A hub and its nodes in one process, for dialogues: real engines, each with a disk that can be put
// back, fake clock, wires that can be cut, held and looked at. run() returns when nothing moves.

#include <cstdlib>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/engine.h"
#include "modules/hub/hub.h"
#include "modules/shared-log/log.h"
#include "modules/shared-log/rights.h"
#include "modules/shared-rooms/shared_rooms.h"
#include "storage/simulated_store.h"
#include "tests/support/doubles.h"
#include "tests/support/fake_clock.h"
#include "xmpp/parser.h"
#include "xmpp/writer.h"

namespace hansa::test {

inline constexpr const char* kShared = "shared.example";
inline constexpr const char* kHub = "hub.example";

class Federation;

// One engine with its disk, and its ends of the wires.
class Party final : public engine::Links {
 public:
  Party(Federation& all, std::string party_name, std::uint64_t seed)
      : name(std::move(party_name)), all_(all), random(seed) {}
  void write(std::string_view link, std::string bytes) override;
  void confirm(std::string_view link, engine::Mark mark) override {
    if (link == kShared) marks.push_back(mark);
  }
  [[nodiscard]] std::size_t queued(std::string_view) const override { return 0; }
  void restart(const std::string& link);

  std::string name;  // link domain, or the hub's domain

 private:
  Federation& all_;
  std::map<std::string, xmpp::StreamParser, std::less<>> parsers_;

 public:
  SeededRandom random;
  LogLines log;
  std::shared_ptr<storage::Disk> disk = std::make_shared<storage::Disk>();
  std::unique_ptr<storage::SimulatedStore> store;
  std::unique_ptr<engine::Router> router;
  std::unique_ptr<hub::Hub> hub;
  std::unique_ptr<shared_rooms::SharedRooms> rooms;
  std::unique_ptr<engine::Engine> engine;
  std::vector<engine::Mark> marks;
  std::map<std::string, std::vector<xmpp::DocumentPtr>> heard;  // by `to`, on the host's link
};

struct Frame {
  std::string from;
  std::string to;
  xmpp::DocumentPtr stanza;
  [[nodiscard]] const xmpp::Element& element() const { return *stanza->root().first_child(); }
};

class Federation {
 public:
  // Nodes a, b, c …: link rooms.a.example, people @a.example.
  explicit Federation(int nodes) {
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

  [[nodiscard]] Party& party(const std::string& name) { return *parties_.at(name); }
  [[nodiscard]] static std::string link(char letter) {
    return std::string("rooms.") + letter + ".example";
  }
  [[nodiscard]] static std::string seed_of(const std::string& link) {
    std::string seed(32, 's');
    seed[0] = link[6];
    return seed;
  }

  // --- life -------------------------------------------------------------------------------------
  void start(const std::string& name) {
    Party& p = party(name);
    p.store = std::make_unique<storage::SimulatedStore>(
        p.disk, queue_, 5,
        storage::Faults{Millis(0), Millis(0), Millis(0), Millis(0), 0, 0, 0, 0, 0, 0, false});
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
    p.engine = std::make_unique<engine::Engine>(settings, *p.store, p, clock, p.random, p.log,
                                                *p.router, facets);
    p.engine->start([] {});
    run();
    if (name != kHub) {
      p.restart(kShared);
      p.engine->on_link(kShared, true);
    }
    run();
  }
  // The process is gone; what was not durable is too.
  void crash(const std::string& name) {
    Party& p = party(name);
    for (const std::string& link : nodes_) {
      if (name == kHub || name == link) cut(link);
    }
    p.store->crash();
    p.engine.reset();
    p.marks.clear();
  }
  void crash_all() {
    for (const auto& [name, p] : parties_) crash(name);
  }
  [[nodiscard]] storage::Image backup(const std::string& name) { return party(name).disk->image; }
  void restore(const std::string& name, const storage::Image& image) {
    crash(name);
    party(name).disk->image = image;
    start(name);
  }

  // --- wires ------------------------------------------------------------------------------------
  void connect(const std::string& node) {
    Party& n = party(node);
    Party& h = party(kHub);
    if (up_[node] || !n.engine || !h.engine) return;
    up_[node] = true;
    n.restart(kHub);
    h.restart(node);
    h.engine->on_link(node, true);
    n.engine->on_link(kHub, true);
  }
  void cut(const std::string& node) {
    if (!std::exchange(up_[node], false)) return;
    std::erase_if(wire_, [&](const Frame& f) { return f.from == node || f.to == node; });
    if (party(node).engine) party(node).engine->on_link(kHub, false);
    if (party(kHub).engine) party(kHub).engine->on_link(node, false);
  }
  void connect_all() {
    for (const std::string& link : nodes_) connect(link);
    run();
  }
  // What that party sends stays on the wire until it is let go.
  void hold(const std::string& from, bool held = true) { held_[from] = held; }
  void inject(const std::string& from, const std::string& to, const std::string& frame) {
    const std::string xml = "<message from='" + from + "' to='" + to + "'>" + frame + "</message>";
    wire_.push_back({from, to, xmpp::parse_element(xml, xmpp::ns::kClient).value()});
    run();
  }
  [[nodiscard]] std::size_t on_wire() const { return wire_.size(); }

  void run() {
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
  void advance(Millis time) {
    for (std::int64_t ms = 0; ms < time.count(); ms += 500) {
      clock.now_ms += 500;
      for (const auto& [name, p] : parties_) {
        if (p->engine) p->engine->on_tick();
      }
      run();
    }
  }

  // Everything comes to rest, and then nobody says anything.
  [[nodiscard]] bool rests() {
    advance(Millis(60'000));
    passed.clear();
    advance(Millis(60'000));
    return passed.empty();
  }

  // --- people -----------------------------------------------------------------------------------
  void says(const std::string& jid, const std::string& xml) {
    const std::string domain = "rooms." + jid.substr(jid.find('@') + 1);
    auto document = xmpp::parse_element(xml, xmpp::ns::kClient);
    auto stanza = xmpp::Stanza::parse(std::move(document).value());
    if (!stanza) std::abort();
    party(domain).engine->on_stanza(kShared, std::move(stanza).value());
    run();
  }
  void create(const std::string& jid, const std::string& room) {
    says(jid, "<iq type='set' id='c1' from='" + jid + "/x' to='" + room +
                  "@shared.example'><query xmlns='http://jabber.org/protocol/muc#owner'/></iq>");
  }
  void set(const std::string& jid, const std::string& room, const std::string& member,
           const std::string& affiliation) {
    says(jid, "<iq type='set' id='s1' from='" + jid + "/x' to='" + room +
                  "@shared.example'><query xmlns='http://jabber.org/protocol/muc#admin'><item "
                  "jid='" +
                  member + "' affiliation='" + affiliation + "'/></query></iq>");
  }
  void say(const std::string& jid, const std::string& room, const std::string& text) {
    says(jid, "<message type='groupchat' from='" + jid + "/x' to='" + room +
                  "@shared.example'><body>" + text + "</body></message>");
  }
  // Bodies of what that person was sent since last asked, joined by spaces; other stanzas as
  // «kind:type».
  std::string hears(const std::string& jid) {
    const std::string domain = jid.substr(jid.find('@') + 1);
    Party& p = party("rooms." + domain.substr(0, domain.find('/')));
    std::string out;
    for (const auto& one : std::exchange(p.heard[jid], {})) {
      const xmpp::Element& e = one->root();
      const auto* body = e.child("body", xmpp::ns::kClient);
      if (!out.empty()) out += ' ';
      out += body != nullptr ? body->text()
                             : std::string(e.name()) + ':' + std::string(e.attr("type"));
    }
    return out;
  }

  // --- looking ----------------------------------------------------------------------------------
  // A line of «shared:state» of that party's room.
  std::string state(const std::string& name, const std::string& room, const std::string& line) {
    const std::string text = ask(name, room, "shared:state");
    const std::size_t at = ('\n' + text).find('\n' + line + ' ');
    if (at == std::string::npos) return {};
    return text.substr(at + line.size() + 1, text.find('\n', at) - at - line.size() - 1);
  }
  std::string ask(const std::string& name, const std::string& room, const std::string& topic) {
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
  // All parties have the same version, chain, list and digest.
  bool same(const std::string& room) {
    const std::string all = stand(kHub, room);
    for (const std::string& link : nodes_) {
      if (stand(link, room) != all) return false;
    }
    return true;
  }
  std::string stand(const std::string& name, const std::string& room) {
    std::string out;
    for (const char* line : {"version", "chain", "list", "digest", "unordered", "syncing"}) {
      out += state(name, room, line) + ' ';
    }
    return out + ask(name, room, "shared:members");
  }
  // Frames of that name that went from one to the other since the last clear.
  [[nodiscard]] std::size_t frames(const std::string& from, const std::string& to,
                                   std::string_view frame_name) const {
    std::size_t count = 0;
    for (const Frame& one : passed) {
      const bool it = (from.empty() || one.from == from) && (to.empty() || one.to == to);
      if (it && one.element().name() == frame_name) ++count;
    }
    return count;
  }
  [[nodiscard]] static std::string key(const std::string& link) {
    return shared_log::public_key(seed_of(link));
  }

  void sent(Party& from, std::string_view link, const xmpp::DocumentPtr& stanza) {
    if (link == kShared) {
      from.heard[std::string(stanza->root().attr("to"))].push_back(stanza);
      return;
    }
    const std::string& node = from.name == kHub ? std::string(link) : from.name;
    if (up_[node]) wire_.push_back({from.name, std::string(link), stanza});
  }

  FakeClock clock;
  std::vector<Frame> passed;
  std::function<bool(const Frame&)> loses;  // frames that are lost on the way
  shared_log::Wrong wrong;
  std::size_t window = 64;
  std::size_t loaded_rooms = 0;  // of parties that start: 0 for the usual number
  bool confirms = true;
  bool pinned = true;

 private:
  bool deliver() {
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

  WorkQueue queue_;
  std::map<std::string, std::unique_ptr<Party>> parties_;
  std::vector<std::string> nodes_;
  std::map<std::string, bool> up_;
  std::map<std::string, bool> held_;
  std::deque<Frame> wire_;
};

inline void Party::restart(const std::string& link) {
  std::vector<xmpp::StreamEvent> events;
  parsers_[link] = xmpp::StreamParser();
  parsers_[link].feed(
      "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>",
      events);
}

inline void Party::write(std::string_view link, std::string bytes) {
  std::vector<xmpp::StreamEvent> events;
  parsers_.find(link)->second.feed(bytes, events);
  for (xmpp::StreamEvent& event : events) {
    auto* const read = std::get_if<xmpp::StanzaRead>(&event);
    if (read == nullptr) std::abort();  // what a party writes is well-formed
    all_.sent(*this, link, read->stanza);
  }
}

}  // namespace hansa::test
