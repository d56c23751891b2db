#include "tests/sim/hosts/changes.h"

#include <algorithm>
#include <array>

#include "tests/sim/hosts/world.h"
#include "xmpp/parser.h"

namespace hansa::sim::hosts {
namespace {

using engine::Position;

const std::string kKept = "an affiliation that was acknowledged is kept";
const std::string kRefused = "an affiliation that was refused is not given";
const std::string kList = "a room's lists are what its log says";
constexpr std::string_view kAdmin = "http://jabber.org/protocol/muc#admin";

using List = std::map<std::string, std::string>;  // bare JID → affiliation

List list_in(const Ledger::Room& log) {
  List list;
  for (const Line& line : log.lines) {
    if (line.kind != engine::EntryKind::member) continue;
    list[line.who] = rooms::name_of(line.affiliation);
    if (line.affiliation == rooms::Affiliation::none) list.erase(line.who);
  }
  return list;
}

void add_answer(const std::string& xml, List& list) {
  const auto answer = xmpp::parse_element(xml, xmpp::ns::kClient);
  const xmpp::Element* const query = answer ? (*answer)->root().child("query", kAdmin) : nullptr;
  if (query == nullptr) return;
  for (const xmpp::Element& item : query->children()) {
    if (item.name() == "item") list[std::string(item.attr("jid"))] = item.attr("affiliation");
  }
}

std::string text_of(const List& list) {
  std::string text;
  for (const auto& [bare, affiliation] : list) text += " " + bare + "=" + affiliation;
  return text;
}

// These say what was decided; any other says that the change may be done, or not.
bool is_decided(const std::string& condition) {
  constexpr std::array<std::string_view, 5> kDecided = {"forbidden", "not-allowed", "conflict",
                                                        "not-acceptable", "bad-request"};
  return std::find(kDecided.begin(), kDecided.end(), condition) != kDecided.end();
}

}  // namespace

void Changes::asks(const std::string& id, const std::string& room, const std::string& who,
                   std::string_view affiliation) {
  const Ledger::Room* const log = ledger_.room(room);
  Asked& asked = asked_[id];
  asked.room = room;
  asked.who = who;
  asked.affiliation = rooms::affiliation_named(affiliation).value_or(rooms::Affiliation::none);
  asked.since = log == nullptr ? 0 : log->last();
  asked.alone = people_.emplace(room, who).second;
  if (asked.alone) return;
  for (auto& [other, earlier] : asked_) {
    if (earlier.room == room && earlier.who == who) earlier.alone = false;
  }
}

void Changes::leaves(const xmpp::Stanza& stanza) {
  if (stanza.kind != xmpp::StanzaKind::iq || stanza.is_request()) return;
  const auto place = asked_.find(std::string(stanza.id));
  if (place == asked_.end()) return;
  Asked& asked = place->second;
  if (stanza.is_error()) {
    asked.refused = is_decided(condition_of(stanza));
    return;
  }
  const Ledger::Room* const log = ledger_.room(asked.room);
  bool done = false;
  for (Position p = asked.since; log != nullptr && !done && p <= log->last(); ++p) {
    done = log->affiliation(asked.who, p) == asked.affiliation;
  }
  judge_.check(done, kKept, asked.who + " in " + asked.room);
}

void Changes::check_refused() {
  for (const auto& [id, asked] : asked_) {
    if (!asked.refused || !asked.alone) continue;
    const Ledger::Room* const log = ledger_.room(asked.room);
    const bool given = log != nullptr && list_in(*log).contains(asked.who);
    judge_.check(!given, kRefused, asked.who + " in " + asked.room);
  }
}

bool check_lists(World& w) {
  w.changes.check_refused();
  Person& owner = *w.ours[0];
  std::map<std::string, std::vector<std::string>> ids;  // by room
  for (const std::string& room : {kSupport, kHall}) {
    for (const char* affiliation : {"owner", "admin", "member", "outcast"}) {
      ids[room].push_back(owner.ask(room, "get",
                                    "<query xmlns='" + std::string(kAdmin) +
                                        "'><item affiliation='" + affiliation + "'/></query>"));
    }
  }
  if (!w.run(Millis(20'000))) return false;
  for (const auto& [room, asked] : ids) {
    List told;
    bool all = true;
    for (const std::string& id : asked) {
      const std::string* const answer = owner.answer(id);
      all = all && answer != nullptr;
      if (answer != nullptr) add_answer(*answer, told);
    }
    w.judge.check(all, "a whole world does what it is asked", "lists of " + room);
    const Ledger::Room* const log = w.ledger.room(room);
    if (log == nullptr) continue;
    const List logged = list_in(*log);
    w.judge.check(told == logged, kList,
                  room + ": told" + text_of(told) + "; logged" + text_of(logged));
  }
  return !w.judge.violation();
}

}  // namespace hansa::sim::hosts
