#include "tests/support/room_fixture.h"

#include <cassert>
#include <cstdlib>

#include "xmpp/writer.h"

namespace hansa::test {
namespace {

constexpr std::string_view kRooms = "rooms.a.example";

std::string short_xml(const xmpp::Element& element) { return xmpp::to_xml(element); }

xmpp::DocumentPtr parse(std::string_view xml) {
  Result<xmpp::DocumentPtr> document = xmpp::parse_element(xml, xmpp::ns::kClient);
  if (!document) {
    std::abort();  // a test that is not XML
  }
  return std::move(document).value();
}

// The stanza's children may hold what the pattern asks for in any order, each child once.
std::string find_children(const xmpp::Element& actual, const xmpp::Element& pattern) {
  std::vector<const xmpp::Element*> left;
  for (const xmpp::Element& child : actual.children()) left.push_back(&child);
  for (const xmpp::Element& wanted : pattern.children()) {
    bool found = false;
    for (auto& child : left) {
      if (child == nullptr || !differs(*child, wanted).empty()) continue;
      child = nullptr;
      found = true;
      break;
    }
    if (!found) return "no " + short_xml(wanted) + " in " + short_xml(actual);
  }
  return {};
}

}  // namespace

std::string differs(const xmpp::Element& actual, const xmpp::Element& pattern) {
  if (!actual.is(pattern.name(), pattern.ns())) {
    return short_xml(actual) + " is no " + short_xml(pattern);
  }
  for (const xmpp::Attribute* a = pattern.attributes(); a != nullptr; a = a->next) {
    const auto value = actual.find_attr(a->name);
    if (a->value == "!" ? value.has_value() : !value || (a->value != "*" && *value != a->value)) {
      return std::string(a->name) + " is not '" + std::string(a->value) + "' in " +
             short_xml(actual);
    }
  }
  const std::string text = pattern.text();
  if (text == "*" ? actual.text().empty() : !text.empty() && text != actual.text()) {
    return "the text is not '" + text + "' in " + short_xml(actual);
  }
  return find_children(actual, pattern);
}

bool Queue::step() {
  if (work_.empty()) return false;
  const auto work = std::move(work_.front());
  work_.pop_front();
  work();
  return true;
}

void FakeLinks::restart(std::string_view domain) {
  std::vector<xmpp::StreamEvent> events;
  parsers_[std::string(domain)] = xmpp::StreamParser();
  parsers_[std::string(domain)].feed(
      "<stream:stream xmlns='jabber:component:accept' "
      "xmlns:stream='http://etherx.jabber.org/streams'>",
      events);
}

void FakeLinks::write(std::string_view domain, std::string written) {
  bytes += written;
  std::vector<xmpp::StreamEvent> events;
  parsers_[std::string(domain)].feed(written, events);
  for (xmpp::StreamEvent& event : events) {
    auto* const read = std::get_if<xmpp::StanzaRead>(&event);
    if (read == nullptr) std::abort();  // what a node writes is well-formed
    heard[std::string(read->stanza->root().attr("to"))].push_back(read->stanza);
  }
}

void FakeLinks::confirm(std::string_view domain, engine::Mark mark) {
  marks.emplace_back(domain, mark);
}

RoomFixture::RoomFixture(std::string identities, More more,
                         std::vector<engine::FacetFactory> facets)
    : more_(std::move(more)), facets_(std::move(facets)) {
  settings.rooms = kRooms;
  settings.enterprise = {"a.example"};
  settings.admins = {"root@a.example"};
  settings.secret = "a secret of this node";
  addressing.rooms = kRooms;
  addressing.identities = std::move(identities);
  facets_.insert(facets_.begin(), &rooms::make_room_facet);
}

RoomFixture::~RoomFixture() = default;

void RoomFixture::start() {
  hooks = {};
  rooms = std::make_unique<rooms::Rooms>(settings, hooks);
  router = std::make_unique<engine::Router>();
  const Status added = rooms->add_to(*router);
  assert(added.ok());
  static_cast<void>(added);
  if (more_) more_(*rooms, *router);
  engine = std::make_unique<engine::Engine>(engine::Settings{"node", addressing, loaded_rooms, 0},
                                            store, links, clock, random, log, *router, facets_);
  engine->start([] {});
  run();
  link(true);
}

void RoomFixture::crash() {
  engine.reset();
  while (queue.step()) {
  }
  links.marks.clear();
}

void RoomFixture::stop() {
  engine->stop();
  run();
  crash();
}

void RoomFixture::link(bool up) {
  for (const std::string& domain : {addressing.rooms, addressing.identities}) {
    if (domain.empty()) continue;
    if (up) links.restart(domain);
    engine->on_link(domain, up);
  }
  links.marks.clear();
  run();
}

void RoomFixture::run() {
  for (bool moved = true; moved;) {
    engine->settle();
    moved = queue.step();
    while (confirming && !links.marks.empty()) {
      const auto [domain, mark] = links.marks.front();
      links.marks.pop_front();
      engine->on_confirmed(domain, mark);
      moved = true;
    }
  }
}

void RoomFixture::says(std::string_view xml) {
  hears(xml);
  run();
}

void RoomFixture::hears(std::string_view xml) {
  Result<xmpp::Stanza> stanza = xmpp::Stanza::parse(parse(xml));
  if (!stanza) std::abort();
  const std::string domain(stanza->to.domain());
  engine->on_stanza(domain, std::move(stanza).value());
}

void RoomFixture::advance(Millis time) {
  for (; time.count() > 0; time -= Millis(500)) {
    clock.now_ms += std::min<std::int64_t>(500, time.count());
    engine->on_tick();
    run();
  }
}

std::string RoomFixture::gets(std::string_view to,
                              std::initializer_list<std::string_view> patterns) {
  std::deque<xmpp::DocumentPtr> got;
  std::swap(got, links.heard[std::string(to)]);
  std::string wrong;
  if (got.size() != patterns.size()) {
    wrong = std::to_string(got.size()) + " stanzas instead of " + std::to_string(patterns.size());
  }
  std::size_t i = 0;
  for (const std::string_view pattern : patterns) {
    if (i >= got.size() || !wrong.empty()) break;
    wrong = differs(got[i++]->root(), parse(pattern)->root());
  }
  if (wrong.empty()) return {};
  wrong += "\n";
  for (const auto& stanza : got) wrong += "  got " + short_xml(stanza->root()) + "\n";
  return wrong;
}

std::vector<std::string> RoomFixture::heard(std::string_view to) {
  std::vector<std::string> all;
  for (const auto& stanza : links.heard[std::string(to)]) all.push_back(short_xml(stanza->root()));
  links.heard[std::string(to)].clear();
  return all;
}

void RoomFixture::forget() {
  links.heard.clear();
  links.bytes.clear();
}

void RoomFixture::joins(std::string_view who, std::string_view occupant) {
  std::string xml = "<presence from='";
  xml += who;
  xml += "' to='";
  xml += occupant;
  xml += "'><x xmlns='http://jabber.org/protocol/muc'><history maxchars='0'/></x></presence>";
  says(xml);
  forget();
}

}  // namespace hansa::test
