#include "tests/sim/hosts/final_check.h"

#include <algorithm>

#include "modules/rooms/notes.h"
#include "tests/sim/hosts/changes.h"
#include "tests/sim/hosts/list_check.h"

namespace hansa::sim::hosts {
namespace {

using engine::Position;

std::vector<std::string> rooms_of(const World& w) {
  return {kSupport, kHall, w.with_bob, w.with_lobby};
}

bool is_banned(World& w, const Person& person, const std::string& room) {
  const Ledger::Room* const log = w.ledger.room(room);
  return log != nullptr &&
         log->affiliation(person.bare(), log->last()) == rooms::Affiliation::outcast;
}

// Everybody who may is online and wants in everywhere.
void everybody_comes(World& w) {
  for (auto* people : {&w.ours, &w.others}) {
    for (auto& person : *people) person->login();
  }
  for (auto& person : w.ours) {
    for (const std::string& room : rooms_of(w)) {
      if (!is_banned(w, *person, room)) person->join(room);
    }
  }
}

void check_all_in(World& w, const std::string& when) {
  for (auto& person : w.ours) {
    for (const std::string& room : rooms_of(w)) {
      if (is_banned(w, *person, room)) continue;
      const bool noted = w.ledger.note(room, "session/" + person->full()).has_value();
      w.judge.check(person->is_in(room) && noted, "occupants stay in",
                    person->full() + " in " + room + " " + when + (noted ? "" : ": not noted"));
    }
  }
}

void check_acknowledged(World& w) {
  w.ledger.audit();
  for (const auto& [key, sid] : w.watch.acknowledgments) {
    const auto& [room, body] = key;
    const Ledger::Room* const log = w.ledger.room(room);
    const bool there = log != nullptr && log->by_stanza_id.contains(sid) &&
                       log->at(log->by_stanza_id.at(sid)).body == body;
    w.judge.check(there, "what is acknowledged is in the log", room + " «" + body + "»");
  }
  for (const std::string& room : rooms_of(w)) {
    const Ledger::Room* const log = w.ledger.room(room);
    w.judge.check(log != nullptr, "rooms stay", room);
    if (log == nullptr) continue;
    for (const auto& [body, positions] : log->by_body) {
      const bool ours = body.starts_with("m") || body.starts_with("o") || body.starts_with("f");
      if (!ours) continue;
      w.judge.check(positions.size() == 1, "what is said once is logged once",
                    room + " «" + body + "»");
    }
  }
}

// Since when somebody is a member without a break; 0: he is none.
Position member_since(const Ledger::Room& log, const std::string& bare) {
  Position since = 0;
  for (Position p = 1; p <= log.last(); ++p) {
    if (log.at(p).kind != engine::EntryKind::member || log.at(p).who != bare) continue;
    const bool member = log.at(p).affiliation >= rooms::Affiliation::member;
    since = !member ? 0 : since == 0 ? p : since;
  }
  return since;
}

void check_members(World& w) {
  for (const std::string bare : {"alice@a.example", "annegret@a.example", "carol@a.example"}) {
    for (const std::string& room : rooms_of(w)) {
      const Ledger::Room* const log = w.ledger.room(room);
      const bool conversation = room.find('%') != std::string::npos;
      const Ledger::Room* const list = conversation ? w.ledger.room(kSupport) : log;
      const Position since = list == nullptr ? 0 : member_since(*list, bare);
      if (log == nullptr || since == 0) continue;
      const Watch::Member& member = w.watch.members[{bare, room}];
      for (Position p = conversation ? 1 : since; p <= log->last(); ++p) {
        const bool owed = log->at(p).kind == engine::EntryKind::message && p > member.declined;
        if (!owed || member.doubtful.contains(p)) continue;
        w.judge.check(
            member.taken.contains(p), "every member gets every entry",
            bare + " in " + room + " lacks " + std::to_string(p) + " «" + log->at(p).body + "»");
      }
    }
  }
}

// A list that was kept by versions is the list, and an archive that was read in pages is the log.
void check_copies(World& w) {
  for (auto& person : w.ours) {
    if (person->bare() != "alice@a.example") continue;
    for (const std::string& room : rooms_of(w)) {
      const Ledger::Room* const log = w.ledger.room(room);
      if (log == nullptr) continue;
      if (const MemberCopy* const copy = person->members(room)) {
        std::map<std::string, std::string> list;
        for (const Line& line : log->lines) {
          if (line.kind != engine::EntryKind::member) continue;
          list[line.who] = rooms::name_of(line.affiliation);
          if (line.affiliation == rooms::Affiliation::none) list.erase(line.who);
        }
        w.judge.check(copy->members() == list, "a list kept by versions is the list",
                      person->full() + " in " + room + " at " + copy->version());
      }
      const ArchiveCopy& archive = person->archive(room);
      std::string differs = archive.complete() ? "" : "is not complete";
      std::size_t next = 0;
      for (const Line& line : log->lines) {
        if (line.kind != engine::EntryKind::message || line.body.empty()) continue;
        const bool same = next < archive.kept().size() &&
                          archive.kept()[next].id == line.stanza_id &&
                          archive.kept()[next].body == line.body;
        if (!same && differs.empty()) differs = "lacks «" + line.body + "»";
        ++next;
      }
      if (differs.empty() && next < archive.kept().size()) {
        differs = "has «" + archive.kept()[next].body + "»";
      }
      w.judge.check(differs.empty(), "an archive is the log",
                    person->full() + " in " + room + " " + differs);
    }
  }
}

// Those who keep copies read on to the end.
bool read_archives(World& w) {
  for (int page = 0; page < 400; ++page) {
    bool all = true;
    for (auto& person : w.ours) {
      if (person->bare() != "alice@a.example") continue;
      for (const std::string& room : rooms_of(w)) {
        if (page > 0 && person->archive(room).complete()) continue;
        all = false;
        person->read_archive(room);
      }
    }
    if (all) break;
    if (!w.run(Millis(500))) return false;
  }
  return true;
}

void check_peers(World& w) {
  for (const auto& [key, sid] : w.watch.acknowledgments) {
    const auto& [room, body] = key;
    if (!body.starts_with("m") || w.watch.lost_bodies.contains(body)) continue;
    if (room == w.with_bob) {
      w.judge.check(w.watch.at_peer.contains(body), "the peer gets each message", body);
    }
    if (room == w.with_lobby) {
      w.judge.check(w.watch.at_foreign_room.contains(body), "the peer's room gets each message",
                    body);
    }
  }
  const Ledger::Room* const log = w.ledger.room(w.with_lobby);
  for (const std::string& body : w.watch.foreign_said()) {
    w.judge.check(log != nullptr && log->by_body.contains(body),
                  "what is said in the peer's room is in the log", body);
  }
}

void check_requests(World& w) {
  for (const auto& [id, request] : w.watch.asked) {
    if (request.excused || w.watch.was_troubled(request.at, Millis(40'000))) continue;
    w.judge.check(request.answers == 1, "a request is answered once", request.full + " " + id);
  }
}

// A word in every room: all who are in hear it.
bool check_word(World& w) {
  std::vector<std::pair<std::string, std::string>> said;
  for (const std::string& room : rooms_of(w)) {
    const auto speaker = std::find_if(w.ours.begin(), w.ours.end(),
                                      [&](const auto& person) { return person->is_in(room); });
    if (speaker == w.ours.end()) continue;
    said.emplace_back(room, w.next_word("m"));
    (*speaker)->say(room, said.back().second);
  }
  if (!w.run(Millis(20'000))) return false;
  for (const auto& [room, body] : said) {
    w.judge.check(w.watch.acknowledgments.contains({room, body}), "a whole room takes words",
                  room + " «" + body + "»");
    for (auto& person : w.ours) {
      if (!person->is_in(room) || !w.watch.acknowledgments.contains({room, body})) continue;
      const std::string& sid = w.watch.acknowledgments.at({room, body});
      w.judge.check(w.watch.inboxes[{person->full(), room}].got.contains(sid),
                    "who is in gets every entry", person->full() + " in " + room + " " + body);
    }
  }
  return !w.judge.violation();
}

// Everybody's view of who is in is the room's.
bool check_views(World& w) {
  for (auto& person : w.ours) {
    for (const std::string& room : rooms_of(w)) person->look_around(room);
  }
  if (!w.run(Millis(20'000))) return false;
  for (const std::string& room : rooms_of(w)) {
    std::map<std::string, std::set<std::string>> in;  // nick → roles of its sessions
    for (auto& person : w.ours) {
      const auto note = w.ledger.note(room, "session/" + person->full());
      rooms::Session session;
      if (!note) continue;
      rooms::read_session(*note, session);
      in[session.nick].insert(std::string(rooms::name_of(session.role)));
    }
    for (auto& person : w.ours) {
      if (!person->is_in(room)) continue;
      const auto seen = person->seen(room);
      std::string wrong;
      for (const auto& [nick, roles] : in) {
        const auto shown = seen.find(nick);
        if (shown == seen.end()) wrong += " does not see " + nick;
        if (shown != seen.end() && !roles.contains(shown->second)) {
          wrong += " sees " + nick + " as " + shown->second;
        }
      }
      for (const auto& [nick, role] : seen) {
        if (nick.starts_with("Nick-") && !in.contains(nick)) wrong += " sees " + nick;
      }
      w.judge.check(wrong.empty(), "everybody's view of who is in is the room's",
                    person->full() + " in " + room + wrong);
    }
  }
  return !w.judge.violation();
}

}  // namespace

bool check_end(World& w) {
  if (!w.run(Millis(30'000))) return false;
  everybody_comes(w);
  if (!w.run(Millis(60'000))) return false;
  for (auto& person : w.ours) person->ping_rooms();
  if (!w.run(Millis(10'000))) return false;
  everybody_comes(w);  // whom a late trouble put out
  if (!w.run(Millis(30'000))) return false;
  check_all_in(w, "at the end");
  if (!check_word(w)) return false;
  if (!w.run(Millis(30'000))) return false;
  w.judge.check(w.foreign.is_in(kLobby, kIdentity), "the acting room is in its peer's room",
                "at the end");
  // A crash harms nobody who is in.
  w.crash_after(w.schedule.below(100), w.schedule.between(50, 3000));
  if (!w.run(Millis(20'000))) return false;
  check_all_in(w, "after a crash");
  if (!check_word(w)) return false;
  if (!check_views(w) || !read_archives(w) || !check_lists(w)) return false;
  check_acknowledged(w);
  check_members(w);
  check_copies(w);
  check_peers(w);
  check_requests(w);
  for (int i = 0; i < 50 && !w.node.idle(); ++i) w.run(Millis(100));
  w.judge.check(w.node.idle(), "a node with nothing to do rests", "at the end");
  if (!check_list_of_rooms(w)) return false;
  return !w.judge.violation();
}

}  // namespace hansa::sim::hosts
