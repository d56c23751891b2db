#include "tests/sim/links/talk.h"

#include <array>
#include <string>
#include <vector>

#include "tests/sim/xml.h"
#include "xep-spec/shared_rooms.h"
#include "xep-spec/xep_0424_retraction.h"
#include "xep-spec/xep_0425_moderation.h"

namespace hansa::sim::links {
namespace {

constexpr std::string_view kAdminNs = "http://jabber.org/protocol/muc#admin";
constexpr std::string_view kOwnerNs = "http://jabber.org/protocol/muc#owner";
constexpr std::size_t kMostRooms = 6;

const std::string& any_of(World& w, std::size_t node) {
  const auto& people = w.enterprises[node].people;
  return people[w.schedule.below(people.size())];
}

// Somebody of that node who is in the room, as its disk says; empty: nobody is.
std::string member_of(World& w, std::size_t node, const std::string& room) {
  const auto& people = w.enterprises[node].people;
  const std::size_t first = w.schedule.below(people.size());
  for (std::size_t i = 0; i < people.size(); ++i) {
    const std::string& one = people[(first + i) % people.size()];
    if (w.ledger.is_member(node, room, one)) return one;
  }
  return {};
}

void create(World& w, std::size_t node, const std::string& by, const std::string& room) {
  w.schedule.note(by + " creates " + room);
  w.enterprises[node].front->say(build("iq", by + "/x", room, "set", w.next_word(),
                                       "<query xmlns='" + std::string(kOwnerNs) + "'/>"));
}

void change(World& w, std::size_t node, const Asked& asked) {
  const std::string id = w.next_word();
  w.schedule.note(asked.actor + " asks " + id + ": in " + asked.room + " " + asked.jid +
                  " is to be " + asked.affiliation);
  w.watch.asks(id, asked);
  w.enterprises[node].front->say(build("iq", asked.actor + "/x", asked.room, "set", id,
                                       "<query xmlns='" + std::string(kAdminNs) + "'><item jid='" +
                                           asked.jid + "' affiliation='" + asked.affiliation +
                                           "'/></query>"));
}

void say_something(World& w) {
  const std::size_t node = w.any_node();
  const std::string& room = w.any_room();
  std::string by = member_of(w, node, room);
  if (by.empty() || w.schedule.chance(0.03)) by = any_of(w, node);
  say(w, node, by, room);
}

// Mostly by one who may: the list's owners are asked for at the disk.
void change_something(World& w) {
  static constexpr std::array<std::string_view, 7> kAffiliations = {
      "member", "member", "member", "member", "none", "owner", "outcast"};
  const std::string& room = w.any_room();
  std::size_t node = w.any_node();
  std::string actor;
  for (std::size_t i = 0; i < w.nodes() && actor.empty(); ++i) {
    node = 1 + (node + i) % w.nodes();
    actor = w.ledger.an_owner(node, room, w.enterprises[node].domain);
  }
  if (actor.empty() || w.schedule.chance(0.05)) actor = any_of(w, node);
  const std::string& who = any_of(w, w.any_node());
  change(w, node,
         {room, actor, who, std::string(kAffiliations[w.schedule.below(kAffiliations.size())])});
}

void create_something(World& w) {
  if (w.rooms.size() >= kMostRooms || w.schedule.chance(0.3)) {  // one that is there
    const std::size_t node = w.any_node();
    const std::string& room = w.any_room();
    const std::string& by = any_of(w, node);
    // One that the hub loses is made again by its node: who came before it would make another.
    if (w.deep) return;
    return create(w, node, by, room);
  }
  const std::size_t node = w.any_node();
  w.rooms.push_back("room" + std::to_string(w.rooms.size()) + "@" + kShared);
  create(w, node, any_of(w, node), w.rooms.back());
}

void direct_something(World& w) {
  const std::size_t node = w.any_node();
  const std::size_t to = w.any_node();
  const std::string& room = w.any_room();
  const std::string by = member_of(w, node, room);
  const std::string receiver = member_of(w, to, room);
  if (by.empty() || receiver.empty() || node == to) return say_something(w);
  const std::string body = w.next_word();
  w.schedule.note(by + " writes " + body + " to " + receiver);
  w.watch.sends({node, to, by, receiver, room, w.schedule.mono(), 0, 0, false, false, 0, 0}, body);
  w.enterprises[node].front->say(build("message", by + "/x", room + "/" + receiver, "chat",
                                       w.next_word(), "<body>" + body + "</body>"));
}

// A kind of the next format, one that may be passed over or one that must be understood.
void say_later_kind(World& w) {
  const std::size_t node = w.any_node();
  const std::string& room = w.any_room();
  const std::string by = member_of(w, node, room);
  if (!w.mixed || w.parties[node]->format() < 2 || by.empty()) return say_something(w);
  const bool must = w.schedule.chance(0.4);
  const std::string body = w.next_word();
  w.schedule.note(by + " says " + body + " in " + room + ", of a later kind" +
                  (must ? " that must be understood" : ""));
  w.enterprises[node].front->say(build("message", by + "/x", room, "groupchat", body,
                                       "<extra xmlns='" + std::string(xep_shared_rooms::kNs) +
                                           "' kind='" + (must ? "motion' must='true" : "poll") +
                                           "'/><body>" + body + "</body>"));
}

// Something that he has heard, of his own or of others: some may.
void erase_something(World& w) {
  const std::size_t node = w.any_node();
  const std::string& room = w.any_room();
  const std::string by = member_of(w, node, room);
  const Watch::Inbox* inbox = w.watch.inbox(by, room);
  if (by.empty() || inbox == nullptr || inbox->by_body.empty()) return say_something(w);
  const bool own = w.schedule.chance(0.5);
  std::vector<std::string> heard;
  for (const auto& [body, id] : inbox->by_body) {
    const auto said = w.watch.said().find(body);
    if (!own || (said != w.watch.said().end() && said->second.by == by)) heard.push_back(id);
  }
  if (heard.empty()) return say_something(w);
  const std::string& what = heard[w.schedule.below(heard.size())];
  const std::string id = w.next_word();
  w.schedule.note(by + " asks " + id + ": " + what + " in " + room + " is to be erased");
  w.watch.erases(id, {room, what});
  w.enterprises[node].front->say(build("iq", by + "/x", room, "set", id,
                                       "<moderate xmlns='" + std::string(xep_0425::kNs) + "' id='" +
                                           what + "'><retract xmlns='" +
                                           std::string(xep_0424::kNs) + "'/></moderate>"));
}

void show_something(World& w) {
  const std::size_t node = w.any_node();
  const std::string type = w.schedule.chance(0.4) ? "unavailable" : "";
  w.enterprises[node].front->say(
      build("presence", any_of(w, node) + "/x", w.any_room() + "/nick", type, {}));
}

}  // namespace

void say(World& w, std::size_t node, const std::string& by, const std::string& room) {
  const std::string body = w.next_word();
  w.schedule.note(by + " says " + body + " in " + room);
  w.watch.says(node, by, room, body);
  w.enterprises[node].front->say(
      build("message", by + "/x", room, "groupchat", body, "<body>" + body + "</body>"));
}

bool begin(World& w) {
  for (const auto& party : w.parties) party->start();
  if (!w.run(Millis(2000))) return false;
  const std::size_t rooms = w.rooms.size();
  for (std::size_t i = 0; i < rooms; ++i) {
    const std::size_t node = w.any_node();
    const std::string& creator = w.enterprises[node].people[0];
    create(w, node, creator, w.rooms[i]);
    if (!w.run(Millis(800))) return false;
    for (std::size_t other = 1; other <= w.nodes(); ++other) {
      // In a big world not everybody is everywhere.
      if (other != node && w.nodes() > 8 && w.schedule.chance(0.5)) continue;
      for (const std::string& who : w.enterprises[other].people) {
        if (who == creator || w.schedule.chance(0.2)) continue;
        change(w, node, {w.rooms[i], creator, who, w.schedule.chance(0.2) ? "owner" : "member"});
      }
    }
    if (!w.run(w.schedule.between(0, 1500))) return false;
  }
  return true;
}

void talk(World& w) {
  if (w.deep && w.schedule.chance(0.08)) return erase_something(w);
  const std::uint64_t what = w.schedule.below(100);
  if (what < 60) {
    say_something(w);
  } else if (what < 64) {
    say_later_kind(w);
  } else if (what < 82) {
    change_something(w);
  } else if (what < 85) {
    create_something(w);
  } else if (what < 93) {
    direct_something(w);
  } else {
    show_something(w);
  }
}

}  // namespace hansa::sim::links
