#include "tests/sim/hosts/ledger.h"

#include <algorithm>

#include "engine/letters.h"
#include "modules/rooms/entries.h"
#include "tests/sim/xml.h"
#include "xmpp/parser.h"

namespace hansa::sim::hosts {
namespace {

constexpr std::size_t kPageBytes = 1024 * 1024;
const std::string kRole = "node";
const std::string kDense = "positions of a log are dense and its entries stay";

}  // namespace

rooms::Affiliation Ledger::Room::affiliation(const std::string& bare,
                                             engine::Position position) const {
  auto affiliation = rooms::Affiliation::none;
  for (engine::Position p = 1; p <= position && p <= last(); ++p) {
    if (at(p).kind == engine::EntryKind::member && at(p).who == bare) {
      affiliation = at(p).affiliation;
    }
  }
  return affiliation;
}

bool Ledger::Room::was_banned(const std::string& bare) const {
  return std::any_of(lines.begin(), lines.end(), [&](const Line& line) {
    return line.who == bare && line.affiliation == rooms::Affiliation::outcast;
  });
}

engine::Position Ledger::Room::banned_at(const std::string& bare) const {
  for (engine::Position p = last(); p > 0; --p) {
    if (at(p).kind != engine::EntryKind::member || at(p).who != bare) continue;
    return at(p).affiliation == rooms::Affiliation::outcast ? p : last() + 1;
  }
  return last() + 1;
}

Line Ledger::line_of(const engine::Entry& entry) {
  Line line;
  line.kind = entry.kind;
  if (entry.kind == engine::EntryKind::message || entry.kind == engine::EntryKind::subject) {
    const rooms::Message message = rooms::read_message(entry);
    line.stanza_id = message.stanza_id;
    line.id = message.id;
    auto element = xmpp::parse_element("<m xmlns='jabber:client'>" + message.content + "</m>",
                                       xmpp::ns::kClient);
    if (element) line.body = body_of((*element)->root());
  } else if (entry.kind == engine::EntryKind::member) {
    const auto [who, member] = rooms::read_member(entry.shared.bytes);
    line.who = who;
    line.affiliation = member.affiliation;
  }
  return line;
}

void Ledger::read_on(const std::string& address, Room& room) {
  for (;;) {
    auto page = disk_->image.read({kRole, room.log_id}, room.last() + 1, kPageBytes);
    if (!page || page->entries.empty()) return;
    for (const storage::Entry& stored : page->entries) {
      judge_.check(stored.position == room.last() + 1, kDense, address);
      auto entry = engine::from_storage(stored);
      judge_.check(entry.ok(), "entries on disk can be read", address);
      if (!entry) return;
      Line line = line_of(*entry);
      const engine::Position position = room.last() + 1;
      if (!line.stanza_id.empty()) {
        const bool fresh = room.by_stanza_id.emplace(line.stanza_id, position).second;
        judge_.check(fresh, "stanza ids are unique", address + " " + line.stanza_id);
        stanza_ids_.insert(line.stanza_id);
      }
      if (line.kind == engine::EntryKind::message) room.by_body[line.body].push_back(position);
      room.lines.push_back(std::move(line));
    }
    if (page->end) return;
  }
}

const Ledger::Room* Ledger::room(const std::string& address) {
  const auto found = disk_->image.lookup(kRole, address);
  if (!found || !*found) {
    rooms_.erase(address);
    return nullptr;
  }
  Room& room = rooms_[address];
  if (room.log_id != **found) {
    room = Room{};
    room.log_id = **found;
    known_.insert(address);
  }
  read_on(address, room);
  return &room;
}

std::optional<std::string> Ledger::note(const std::string& address, const std::string& key) {
  const Room* const known = room(address);
  if (known == nullptr) return std::nullopt;
  const auto loaded = disk_->image.load({kRole, known->log_id});
  if (!loaded) return std::nullopt;
  const auto note = loaded->notes.find(key);
  if (note == loaded->notes.end()) return std::nullopt;
  return note->second;
}

engine::Position Ledger::live(const std::string& address) {
  const auto text = note(address, "live/" + std::string(rooms::kSessions));
  return text ? engine::text_number(*text) : 0;
}

void Ledger::audit() {
  for (const std::string& address : known_) {
    const Room* const seen = room(address);
    if (seen == nullptr) continue;
    Room again;
    again.log_id = seen->log_id;
    // Duplicates of stanza ids were judged when first read.
    read_on(address, again);
    bool same = again.last() == seen->last();
    for (engine::Position p = 1; same && p <= again.last(); ++p) {
      same = again.at(p).stanza_id == seen->at(p).stanza_id && again.at(p).body == seen->at(p).body;
    }
    judge_.check(same, kDense, address + " is not what it was");
  }
}

}  // namespace hansa::sim::hosts
