#include "tests/sim/acting/world.h"

#include <algorithm>
#include <cstdlib>

#include "tests/sim/acting/planted.h"
#include "xmpp/parser.h"
#include "xmpp/writer.h"

namespace hansa::sim::acting {
namespace {

constexpr std::string_view kActAs = "urn:xmpp:act-as:0";

std::string domain_of(std::size_t i) { return std::string(1, static_cast<char>('a' + i % 3)); }

}  // namespace

World::World(std::uint64_t seed, bool verbose, std::string_view p)
    : schedule(seed, verbose), planted(p) {
  for (std::size_t i = 0; i < 3; ++i) {
    nodes.push_back(std::make_unique<Node>(
        schedule, domain_of(i), [this](const xmpp::DocumentPtr& document) { route(document); },
        [this](const xmpp::Stanza& stanza) {
          if (schedule.verbose()) schedule.detail("within: " + xmpp::to_xml(stanza.element()));
          count(stanza);
        },
        planted));
  }
}
World::~World() = default;

std::string World::room(std::size_t i) const {
  return local(i) + "@rooms." + domain_of(i) + ".example";
}
std::string World::identity(std::size_t i) const {
  return local(i) + "@team." + domain_of(i) + ".example";
}
std::string World::talk(const Edge& edge) const {
  std::string peer = room(edge.second);
  peer.replace(peer.find('@'), 1, "\\40");
  return local(edge.first) + "%" + peer + "@rooms." + domain_of(edge.first) + ".example";
}
std::string World::bare(std::size_t person) const {
  const std::size_t i = person % kClerks;
  const std::string name = person < kClerks ? "ze0n" : "ze0nc";
  return name + std::to_string(i) + "@" + domain_of(i) + ".example";
}
std::string World::full(std::size_t person) const {
  return bare(person) + "/de0sk" + std::to_string(person);
}

std::uint64_t World::troubles() const {
  std::uint64_t sum = lost_;
  for (const auto& node : nodes) sum += node->troubles();
  return sum;
}

bool World::run(Millis time) {
  bool done = false;
  schedule.after(time, [&done] { done = true; });
  while (!done && !judge.violation() && schedule.step()) {
  }
  return !judge.violation();
}

// --- what people do -----------------------------------------------------------------------------

void World::says(const std::string& xml) { route(packet(xml).stanza.document); }

void World::enters(std::size_t person, const std::string& where) {
  says("<presence from='" + full(person) + "' to='" + where + "/qu0ill" + std::to_string(person) +
       "'><x xmlns='" + std::string(kMucNs) + "'><history maxchars='0'/></x></presence>");
}

void World::founds(std::size_t i) {
  enters(i, room(i));
  says(build("iq", full(i), room(i), "set", "own-f" + std::to_string(i),
             "<query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' "
             "type='submit'><field var='act-as#may_act_rooms'><value>members</value></field></x>"
             "</query>"));
  says(build("iq", full(i), room(i), "set", "own-c" + std::to_string(i),
             "<query xmlns='http://jabber.org/protocol/muc#admin'><item jid='" + bare(i + kClerks) +
                 "' affiliation='member'/></query>"));
}

void World::revokes(std::size_t i) {
  schedule.note(local(i) + ": its clerk may not act any more");
  if (planted == kOldRight) return static_cast<void>(revoked.insert(i));
  says(build("iq", full(i), room(i), "set", "own-r" + std::to_string(i),
             "<query xmlns='http://jabber.org/protocol/muc#admin'><item jid='" + bare(i + kClerks) +
                 "' affiliation='none'/></query>"));
}

void World::opens(const Edge& edge) {
  ++opened;
  schedule.note(local(edge.first) + " wants into " + local(edge.second));
  says(build(
      "iq", full(edge.first), identity(edge.first), "set", "own-o",
      "<open xmlns='" + std::string(kActAs) + "' peer='" + room(edge.second) + "' named='true'/>"));
}

// Out by its own will, or put out.
void World::leaves(const Edge& edge) {
  const bool put_out = schedule.chance(0.5);
  schedule.note(local(edge.first) + (put_out ? " is put out of " : " leaves ") +
                local(edge.second));
  edges.erase(edge);
  for (auto& [body, one] : said) one.due.erase(edge);
  const std::string id = "own-k" + std::to_string(edge.first) + "." + std::to_string(edge.second);
  if (put_out) {
    says(build("iq", full(edge.second), room(edge.second), "set", id,
               "<query xmlns='http://jabber.org/protocol/muc#admin'><item jid='" +
                   identity(edge.first) + "' affiliation='none'/></query>"));
  } else {
    says(build("iq", full(edge.first), identity(edge.first), "set", id,
               "<leave xmlns='" + std::string(kActAs) + "' peer='" + room(edge.second) + "'/>"));
  }
}

std::string World::speaks(std::size_t person, const std::string& where, std::set<Edge> due) {
  const std::string body = "w" + std::to_string(++words_) + "-" + schedule.token(5);
  schedule.note(bare(person) + " says " + body + " in " + where);
  const bool forbidden = person >= kClerks && revoked.contains(person - kClerks);
  said[body] = {person, where, false, false, forbidden, std::move(due), 0};
  says(build("message", full(person), where, "groupchat", "own-" + body,
             "<body>" + body + "</body>"));
  return body;
}

std::string World::speaks_at_home(std::size_t i) {
  std::set<Edge> due;
  for (const Edge& edge : edges) {
    if (edge.second == i) due.insert(edge);
  }
  return speaks(i, room(i), std::move(due));
}

// --- the hosts ----------------------------------------------------------------------------------

std::size_t World::index_of(std::string_view domain) const {
  std::size_t i = 0;
  while (i < nodes.size() && !nodes[i]->is_mine(domain)) ++i;
  return i;
}

void World::part(std::size_t a, std::size_t b, Millis time, bool silent) {
  if (a == b) return;
  schedule.note(nodes[a]->name() + " and " + nodes[b]->name() + " are parted" +
                (silent ? ", unnoticed" : ""));
  walls_[std::minmax(a, b)] = {schedule.mono() + time, silent};
}

void World::mend() {
  walls_.clear();
  for (const auto& node : nodes) {
    node->spare();
    node->start();
  }
}

void World::route(const xmpp::DocumentPtr& document) {
  const auto stanza = xmpp::Stanza::parse(document);
  if (!stanza) std::abort();
  if (schedule.verbose()) schedule.detail(xmpp::to_xml(document->root()));
  MonoTime& last =
      in_order_[{std::string(stanza->from.domain()), std::string(stanza->to.domain())}];
  last = std::max(last, schedule.mono() + schedule.between(0, 15));
  schedule.after(last - schedule.mono(), [this, document] { deliver(document); });
}

void World::bounces(const xmpp::Stanza& stanza) {
  if (const auto answer = bounce(stanza, "remote-server-timeout", "wait")) says(*answer);
}

void World::deliver(const xmpp::DocumentPtr& document) {
  auto stanza = xmpp::Stanza::parse(document);
  if (!stanza) std::abort();
  const std::size_t to = index_of(stanza->to.domain());
  const std::size_t from = index_of(stanza->from.domain());
  const bool crosses = from < nodes.size() && to != from;
  if (crosses) check_crossing(*stanza, xmpp::to_xml(document->root()));
  if (to == nodes.size()) return to_person(*stanza);
  if (crosses) {
    const auto wall = walls_.find(std::minmax(from, to));
    if (wall != walls_.end() && wall->second.until > schedule.mono()) {
      ++lost_;
      coverage.hit(wall->second.silent ? "loss" : "partition", stanza->element().name());
      if (!wall->second.silent) bounces(*stanza);
      return;
    }
  }
  if (!nodes[to]->up()) {
    ++lost_;
    coverage.hit("node down", stanza->element().name());
    return bounces(*stanza);
  }
  if (crosses) stanza = xmpp::Stanza::parse(tampered(planted, schedule, document));
  nodes[to]->on_stanza(std::move(*stanza));
}

// Between nodes, or to somebody else's people.
void World::check_crossing(const xmpp::Stanza& stanza, const std::string& text) {
  std::string xml = text;
  if (planted == kTellsName && schedule.chance(0.05)) xml += "ze0n1";
  const bool mine =
      index_of(stanza.to.domain()) == nodes.size() &&
      stanza.to.domain().ends_with(stanza.from.domain().substr(stanza.from.domain().find('.') + 1));
  if (mine) return;
  // Who asks for his room is named to those who decide.
  const bool asks = xml.find("<join ") != std::string::npos || stanza.type == "error" ||
                    xml.find("asks for it") != std::string::npos;
  // A room shows its own occupants to those who are in; who is in as a room shows nobody.
  const bool as_room = stanza.from.domain().starts_with("team.");
  for (const char* word : {"ze0n", "de0sk", "qu0ill", "own-"}) {
    const bool its_own = !as_room && (word[0] == 'q' || word[0] == 'o');
    judge.check(asks || its_own || xml.find(word) == std::string::npos, kNames, xml);
  }
  count(stanza);
}

// Once up and once back as its reflection, or once down; after a loss or a crash once more up, its
// reflection, and what was not heard of it.
void World::count(const xmpp::Stanza& stanza) {
  if (stanza.kind != xmpp::StanzaKind::message || stanza.is_error()) return;
  const auto one = said.find(body_of(stanza.element()));
  if (one == said.end()) return;
  ++crossed;
  const std::uint64_t most = opened * (2 + 3 * troubles());
  const std::size_t times = ++one->second.crossed;
  judge.check(times <= most, "what one message causes is bounded",
              one->first + ": " + std::to_string(times) + " of " + std::to_string(most));
}

// --- the people ---------------------------------------------------------------------------------

void World::to_person(const xmpp::Stanza& stanza) {
  const std::string local(stanza.to.local());
  if (!local.starts_with("ze0n")) return;
  const bool clerk = local.starts_with("ze0nc");
  const std::size_t i = std::strtoull(local.c_str() + (clerk ? 5 : 4), nullptr, 10);
  const std::size_t person = clerk ? i + kClerks : i;
  if (stanza.kind == xmpp::StanzaKind::iq && stanza.is_request()) {
    if (const auto answer = bounce(stanza, "service-unavailable")) says(*answer);
    return;
  }
  if (stanza.id.starts_with("own-k") && stanza.type == "result") {
    const std::string edge(stanza.id.substr(5));
    gone.insert({std::strtoull(edge.c_str(), nullptr, 10),
                 std::strtoull(edge.c_str() + edge.find('.') + 1, nullptr, 10)});
  }
  if (stanza.id.starts_with("own-r") && stanza.type == "result") revoked.insert(i);
  const std::string from(stanza.from.bare_text());
  if (stanza.kind != xmpp::StanzaKind::message || stanza.type == "error") return;
  if (stanza.type == "chat" && from.starts_with("ask-")) {
    says(build("message", full(person), from, "chat", "own-y", "<body>yes</body>"));
    return;
  }
  hears(person, from, stanza);
}

void World::hears(std::size_t person, const std::string& from, const xmpp::Stanza& stanza) {
  const std::string body = body_of(stanza.element());
  const std::size_t quote = body.find("«");
  if (quote != std::string::npos && body.starts_with("Not delivered")) {
    const std::size_t from_there = quote + std::string_view("«").size();
    const auto lost = said.find(body.substr(from_there, body.find("»") - from_there));
    if (lost != said.end()) lost->second.told = true;
  }
  const auto one = said.find(body);
  if (stanza.type != "groupchat" || one == said.end()) return;
  schedule.note(bare(person) + " hears " + body + " in " + from);
  judge.check(!one->second.forbidden, kRight, bare(one->second.by) + ": " + body);
  auto& ids = heard[{person, from, body}];
  std::string sid = stanza_id_by(stanza.element(), from);
  if (planted == kOtherId && schedule.chance(0.05)) sid += "x";
  ids.insert(sid);
  if (planted == kOtherId && schedule.chance(0.05)) ids.insert("again");
  judge.check(ids.size() == 1, kOnce, bare(person) + " in " + from + ": " + body);
  if (one->second.by == person && one->second.where == from) one->second.seen = true;
}

// Of a membership: who is in the conversation hears what is said in the host, and is heard there.
bool World::carried(const Edge& edge, const std::string& body) const {
  const Said& one = said.at(body);
  const bool down = one.where == room(edge.second);
  return down ? heard.contains({edge.first, talk(edge), body})
              : heard.contains({edge.second, room(edge.second), body});
}

}  // namespace hansa::sim::acting
