#include "tests/sim/links/final_check.h"

#include <algorithm>

#include "base/limits.h"

#include "tests/sim/links/ledger_room.h"
#include "tests/sim/links/talk.h"

namespace hansa::sim::links {
namespace {

namespace xsr = xep_shared_rooms;
using Room = Ledger::Room;

bool takes_part(const Room& hub, const std::string& domain) {
  const auto members = members_of(hub.fold);
  return std::any_of(members->begin(), members->end(),
                     [&](const std::string& bare) { return bare.ends_with("@" + domain); });
}

// What the hub makes, and makes again when it was restored.
bool is_hubs(const std::string& kind) {
  return kind == xsr::kKindEpoch || kind == xsr::kKindEnterprise || kind == xsr::kKindGap;
}

void check_lists(World& w, const std::string& address, const Room& hub) {
  for (std::size_t i = 1; i <= w.nodes(); ++i) {
    if (!takes_part(hub, w.enterprises[i].domain)) continue;
    const Room* node = w.ledger.room(i, address);
    const std::string where = address + " at " + w.enterprises[i].domain;
    w.judge.check(node != nullptr, "a node has the rooms in which it takes part", where);
    if (node == nullptr) continue;
    w.judge.check(
        node->fold.version() == hub.fold.version() && node->fold.digest() == hub.fold.digest() &&
            list_of(node->fold) == list_of(hub.fold),
        "lists converge", where + ": " + list_of(node->fold) + "\nthe hub: " + list_of(hub.fold));
  }
}

// The sender was told; a hub that was restored may have forgotten it.
bool refused_somewhere(World& w, const std::string& address, const xsr::Origin& origin) {
  for (std::size_t i = 0; i < w.parties.size(); ++i) {
    const Room* room = w.ledger.room(i, address);
    if (room != nullptr && room->refused.contains(origin)) return true;
  }
  return false;
}

// A node that was restored when it took no part is not given again what it had got before.
engine::Position had_from(World& w, const Room& hub, std::size_t node) {
  const auto* part = hub.fold.participant(w.enterprises[node].link);
  return w.watch.was_restored(node) && part != nullptr ? part->since : 0;
}

// Everything a node made is ordered, or refused, and everything that the hub ordered since the node
// was let in is there.
void check_entries(World& w, const std::string& address, const Room& hub) {
  for (std::size_t i = 1; i <= w.nodes(); ++i) {
    const Room* node = w.ledger.room(i, address);
    if (node == nullptr || !takes_part(hub, w.enterprises[i].domain)) continue;
    const std::string where = address + " at " + w.enterprises[i].domain;
    std::size_t missing = 0;
    std::string example;
    const engine::Position from = had_from(w, hub, i);
    engine::Position position = hub.first - 1;
    for (const Line& line : hub.lines) {
      if (++position < from) continue;
      if (!line.item || !line.links->contains(w.enterprises[i].link)) continue;
      if (node->by_origin.contains(line.item->origin)) continue;
      // A welcome stands for those of these that were before it.
      if (is_hubs(line.item->kind)) continue;
      ++missing;
      example = line.item->kind + " " + line.item->id;
    }
    w.judge.check(missing == 0, "a node has what the hub ordered",
                  where + " lacks " + std::to_string(missing) + ", " + example);
    for (const Line& line : node->lines) {
      if (!line.item || is_hubs(line.item->kind)) continue;
      if (refused_somewhere(w, address, line.item->origin)) continue;
      w.judge.check(hub.by_origin.contains(line.item->origin),
                    "an entry survives if anybody has it",
                    where + " has " + line.item->kind + " " + line.item->id);
    }
  }
}

// What a node said in one life is everywhere in its order. (A node that was restored says new
// things before it has its old ones again; what a restored hub had lost is offered by several.)
void check_same_order(World& w, const std::string& address, const Room& hub) {
  for (std::size_t i = 1; i <= w.nodes(); ++i) {
    const Room* node = w.ledger.room(i, address);
    if (node == nullptr) continue;
    std::map<Room::Maker, engine::Position> last;  // by maker: position at the hub
    for (const Line& line : node->lines) {
      if (!line.item || line.item->kind != xsr::kKindMessage) continue;
      if (w.ledger.may_be_offered(line.item->origin)) continue;
      if (hub.refused.contains(line.item->origin)) continue;
      const auto at_hub = hub.by_origin.find(line.item->origin);
      if (at_hub == hub.by_origin.end()) continue;
      engine::Position& before = last[{line.item->origin.link, line.item->origin.incarnation}];
      w.judge.check(at_hub->second > before, "an enterprise's entries are in one order everywhere",
                    address + " at " + w.enterprises[i].domain + ": " + line.item->id);
      before = at_hub->second;
    }
  }
}

void check_gaps(World& w, const std::string& address, const Room& hub) {
  for (const auto& [maker, numbers] : hub.numbers) {
    const auto gaps = hub.gaps.find(maker);
    for (const auto& hole : numbers.holes()) {
      for (std::uint64_t number = hole.first; number <= hole.last; ++number) {
        w.judge.check(gaps != hub.gaps.end() && gaps->second.contains(number),
                      "what nobody has is reported",
                      address + ": " + maker.first + "/" + std::to_string(number));
      }
    }
  }
}

// What a message or an erasure tells people.
bool is_told(const Line& line) {
  return line.item && (line.item->kind == xsr::kKindMessage ||
                       (line.item->kind == xsr::kKindErasure && !line.void_));
}

// Whoever was in the list from an entry to the end has it, if it was not erased: who was put out
// meanwhile may have missed what came before.
void check_deliveries(World& w, const std::string& address) {
  for (std::size_t i = 1; i <= w.nodes(); ++i) {
    const Room* node = w.ledger.room(i, address);
    if (node == nullptr || node->fold.syncing()) continue;
    std::set<std::string> people(w.enterprises[i].people.begin(), w.enterprises[i].people.end());
    for (auto line = node->lines.rbegin(); line != node->lines.rend(); ++line) {
      const auto at = static_cast<engine::Position>(node->lines.rend() - line) + node->first - 1;
      if (line->syncing) continue;
      std::erase_if(people, [&](const std::string& one) { return !line->members->contains(one); });
      if (!is_told(*line)) continue;
      for (const std::string& bare : people) {
        const Watch::Inbox* inbox = w.watch.inbox(bare, address);
        w.judge.check((inbox != nullptr && inbox->got.contains(line->item->id)) ||
                          w.ledger.may_be_silent(i, *node, at),
                      "who is in the list gets every entry",
                      bare + " lacks " + line->item->id + ": " + line->item->payload);
      }
    }
  }
}

// Where it came, as far as check_entries() says it came.
void check_erased_by(World& w, const std::string& address, const Room& hub, engine::Position at) {
  const auto erasure = xsr::read_erasure(hub.at(at).item->payload);
  if (!erasure) return;
  for (std::size_t i = 0; i < w.parties.size(); ++i) {
    const Room* room = w.ledger.room(i, address);
    if (room == nullptr) continue;
    const std::string& link = w.enterprises[i].link;
    if (i > 0 && !takes_part(hub, w.enterprises[i].domain)) continue;
    if (i > 0 && (at < had_from(w, hub, i) || !hub.at(at).links->contains(link))) continue;
    const auto message = room->by_origin.find(erasure->erased);
    if (message == room->by_origin.end()) continue;
    if (room->at(message->second).item->kind != xsr::kKindMessage) continue;
    w.judge.check(w.ledger.is_erased(i, *room, message->second), "what was erased is nowhere",
                  address + " at " + w.parties[i]->name() + ": " + erasure->id);
  }
}

void check_erased(World& w, const std::string& address, const Room& hub) {
  for (engine::Position at = hub.first; at <= hub.last(); ++at) {
    const Line& line = hub.at(at);
    if (line.item && line.item->kind == xsr::kKindErasure) check_erased_by(w, address, hub, at);
  }
  for (std::size_t i = 0; i < w.parties.size(); ++i) {
    const Room* room = w.ledger.room(i, address);
    if (room == nullptr) continue;
    for (engine::Position at = room->first; at <= room->last(); ++at) {
      const Line& line = room->at(at);
      if (!line.item || line.item->kind != xsr::kKindMessage || line.item->id.empty()) continue;
      if (!w.ledger.is_erased(i, *room, at)) continue;
      w.judge.check(w.watch.may_be_erased({address, line.item->id}),
                    "only what was asked to be is erased",
                    address + " at " + w.parties[i]->name() + ": " + line.item->id);
    }
  }
}

void check_acknowledged(World& w) {
  for (const auto& [body, said] : w.watch.said()) {
    if (said.acked.empty() || said.excused) continue;
    const Room* hub = w.ledger.room(0, said.room);
    const Room* node = w.ledger.room(said.node, said.room);
    const auto position = node == nullptr ? 0 : node->position_of(said.acked);
    const bool refused =
        position > 0 && refused_somewhere(w, said.room, node->at(position).item->origin);
    if (refused) continue;
    w.judge.check(hub != nullptr && hub->position_of(said.acked) > 0,
                  "what is acknowledged is at the hub", body + " in " + said.room);
  }
}

// Both took part all the time since: who leaves is not written to.
bool both_took_part(World& w, const Watch::Sent& sent) {
  const Room* hub = w.ledger.room(0, sent.room);
  if (hub == nullptr || w.watch.was_restored(0)) return false;
  // An entry is for whom it sends away, too: who left, and came back with the next one, is seen by
  // that one; who left with the last one takes part no more.
  const auto is_here = [&](std::size_t node) {
    const auto* part = hub->fold.participant(w.enterprises[node].link);
    return part != nullptr && part->active();
  };
  const auto came_back = [&](const Line& line) {
    if (!line.item || line.item->kind != xsr::kKindEnterprise) return false;
    const auto read = xsr::read_enterprise(line.item->payload);
    return read && (read->link == w.enterprises[sent.from].link ||
                    read->link == w.enterprises[sent.to].link);
  };
  if (!is_here(sent.from) || !is_here(sent.to)) return false;
  for (engine::Position at = std::max(sent.hub_at, hub->first); at <= hub->last(); ++at) {
    if (at > sent.hub_at && came_back(hub->at(at))) return false;
    const Names& links = hub->at(at).links;
    if (!links->contains(w.enterprises[sent.from].link)) return false;
    if (!links->contains(w.enterprises[sent.to].link)) return false;
  }
  return w.ledger.is_member(sent.to, sent.room, sent.receiver);
}

// What has left its node is durable there; only a restore, of either, may lose it.
void check_directed(World& w) {
  for (const auto& [body, sent] : w.watch.sent()) {
    if (!sent.left || w.watch.was_restored(sent.from) || w.watch.was_restored(sent.to)) continue;
    if (!both_took_part(w, sent)) continue;
    w.judge.check(sent.out, "a directed message is not lost", body);
  }
}

}  // namespace

bool check_end(World& w) {
  for (const std::string& address : w.rooms) {
    const Room* hub = w.ledger.room(0, address);
    if (hub == nullptr) continue;
    check_lists(w, address, *hub);
    check_entries(w, address, *hub);
    check_same_order(w, address, *hub);
    check_gaps(w, address, *hub);
    check_deliveries(w, address);
    if (w.deep) check_erased(w, address, *hub);
  }
  check_acknowledged(w);
  check_directed(w);
  return !w.judge.violation();
}

bool check_silence(World& w) {
  const std::size_t silent = w.any_node();
  w.schedule.note("silent from now on: " + w.enterprises[silent].domain);
  const MonoTime from = w.schedule.mono();
  w.enterprises[silent].cable->stall(w.schedule.chance(0.5) ? Cable::node : Cable::hub,
                                     Millis(120'000));
  for (int i = 0; i < 20; ++i) {
    talk(w);
    if (!w.run(w.schedule.between(20, 300))) return false;
  }
  if (!w.run(Millis(3 * limits::kLinkSilence_ms))) return false;
  for (const auto& [body, said] : w.watch.said()) {
    if (said.acked.empty() || said.at < from || said.node == silent) continue;
    for (std::size_t i = 1; i <= w.nodes(); ++i) {
      const Room* hub = w.ledger.room(0, said.room);
      const Room* room = i == silent ? nullptr : w.ledger.room(i, said.room);
      if (hub == nullptr || room == nullptr || room->fold.syncing()) continue;
      const auto position = hub->position_of(said.acked);
      if (position > 0 && !hub->at(position).links->contains(w.enterprises[i].link)) continue;
      // Nor is it if its sender's enterprise has left: that it is refused may wait for all.
      const auto in = [&](std::size_t one) { return takes_part(*hub, w.enterprises[one].domain); };
      if (position == 0 && (!in(i) || !in(said.node))) continue;
      w.judge.check(room->position_of(said.acked) > 0, "a silent party harms nobody",
                    body + " of " + said.by + " has not come to " + w.enterprises[i].domain);
    }
  }
  w.enterprises[silent].cable->mend();
  return !w.judge.violation();
}

}  // namespace hansa::sim::links
