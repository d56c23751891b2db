// One history: rooms join each other at random, people talk in all of them while nodes crash and
// are parted and memberships end; then all is whole again, and what must hold is checked.

#include "tests/sim/acting/planted.h"
#include "tests/sim/acting/world.h"
#include "tests/sim/arena.h"

namespace hansa::sim::acting {
namespace {

// A host room lets no message of a member room wait: where it does not come, its speaker is told.
constexpr auto kArrives = "what is acknowledged arrives, or its speaker is told";
constexpr auto kAgree = "both sides agree who is in";

constexpr Canary kCanaries[] = {
    {kTellsName, 2}, {kOtherId, 2}, {kNoOrigin, 25}, {kAckTooFar, 25}, {kAckTooEarly, 30}};

// What is said now in each room shows which memberships carry.
std::vector<std::string> probe(World& w) {
  std::vector<std::string> bodies;
  for (std::size_t i = 0; i < w.rooms; ++i) bodies.push_back(w.speaks_at_home(i));
  return bodies;
}

bool begin(World& w) {
  for (const auto& node : w.nodes) node->start();
  w.rooms = 3 + w.schedule.below(w.schedule.chance(0.15) ? 18 : 6);
  for (std::size_t i = 0; i < w.rooms; ++i) w.founds(i);
  if (!w.run(Millis(2000))) return false;
  std::set<Edge> wanted;
  const std::size_t most = w.rooms + w.schedule.below(w.rooms);
  for (std::size_t n = 0; n < most; ++n) {
    const Edge edge{w.schedule.below(w.rooms), w.schedule.below(w.rooms)};
    if (edge.first == edge.second || !wanted.insert(edge).second) continue;
    w.opens(edge);
    if (!w.run(Millis(600))) return false;
    w.enters(edge.first, w.talk(edge));
  }
  if (!w.run(Millis(4000))) return false;
  const std::vector<std::string> bodies = probe(w);
  if (!w.run(Millis(4000))) return false;
  for (const Edge& edge : wanted) {
    if (w.carried(edge, bodies[edge.second])) w.edges.insert(edge);
  }
  w.judge.check(w.rooms < 4 || wanted.empty() || !w.edges.empty(), "rooms join rooms",
                std::to_string(wanted.size()) + " wanted");
  return true;
}

Edge any_edge(World& w) {
  auto one = w.edges.begin();
  std::advance(one, static_cast<std::ptrdiff_t>(w.schedule.below(w.edges.size())));
  return *one;
}

void talk(World& w) {
  if (w.edges.empty() || w.schedule.chance(0.5)) {
    w.speaks_at_home(w.schedule.below(w.rooms));
  } else {
    const Edge edge = any_edge(w);
    w.speaks(edge.first, w.talk(edge), {edge});
  }
}

void break_something(World& w) {
  const std::size_t node = w.schedule.below(w.nodes.size());
  switch (w.schedule.below(5)) {
    case 0:
    case 1: w.nodes[node]->crash_after(w.schedule.below(20), w.schedule.between(50, 6000)); return;
    case 2:
    case 3:
      return w.part(node, w.schedule.below(w.nodes.size()), w.schedule.between(500, 20'000), false);
    default:
      if (w.edges.size() > 1) w.leaves(any_edge(w));
  }
}

bool check_end(World& w) {
  for (const auto& [body, one] : w.said) {
    if (!one.seen) continue;
    for (const Edge& edge : one.due) {
      w.judge.check(w.carried(edge, body) || one.told, kArrives,
                    body + " of " + w.bare(one.by) + " in " + one.where + ", " +
                        w.local(edge.first) + " in " + w.local(edge.second));
    }
  }
  const std::vector<std::string> bodies = probe(w);
  if (!w.run(Millis(20'000))) return false;
  for (const Edge& edge : w.edges) {
    w.judge.check(w.carried(edge, bodies[edge.second]), kAgree,
                  w.local(edge.first) + " hears " + w.local(edge.second) + " no more");
  }
  for (const Edge& edge : w.gone) {
    w.judge.check(!w.carried(edge, bodies[edge.second]), kAgree,
                  w.local(edge.first) + " still hears " + w.local(edge.second));
  }
  const std::uint64_t before = w.crossed;
  if (!w.run(Millis(30'000))) return false;
  w.judge.check(w.crossed == before, "no loop", std::to_string(w.crossed - before) + " more");
  return !w.judge.violation();
}

bool run(World& w) {
  if (!begin(w)) return false;
  const std::uint64_t events = 60 + w.schedule.below(60);
  for (std::uint64_t i = 0; i < events; ++i) {
    talk(w);
    if (w.schedule.chance(0.06)) break_something(w);
    const Millis pause =
        w.schedule.chance(0.7) ? w.schedule.between(0, 60) : w.schedule.between(60, 3000);
    if (!w.run(pause)) return false;
  }
  if (!w.run(Millis(21'000))) return false;
  w.mend();
  return w.run(Millis(150'000)) && check_end(w);
}

Outcome play(std::uint64_t seed, bool verbose, std::string_view planted) {
  World world(seed, verbose, planted);
  static_cast<void>(run(world));
  return {world.judge.violation(), world.schedule.hash(), world.schedule.steps(),
          world.schedule.tail(),   world.judge.checked(), world.coverage.counts()};
}

}  // namespace

const Arena kArena{"acting", 6, 10'000, kCanaries, play, nullptr};

}  // namespace hansa::sim::acting
