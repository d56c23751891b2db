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
constexpr auto kOut = "who is no member any more hears no conversation";

constexpr Canary kCanaries[] = {
    {kTellsName, 2, {kNames}},
    {kOtherId, 2, {kOnce}},
    {kOldRight, 10, {kRight, kOut}},
    {kNoOrigin, 10, {kOnce}},
    {kAckTooFar, 10, {kArrives}},
    // What a room had heard it hears again, in another place; or it does not know who is in.
    {kAckTooEarly, 20, {kArrives, kOnce, kAgree}},
    // Who is to be put out is told so by a letter.
    {kLosesLetter, 20, {kOut}},
};

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
    if (!w.carried(edge, bodies[edge.second])) continue;
    w.edges.insert(edge);
    if (!w.schedule.chance(0.4)) continue;
    w.enters(edge.first + kClerks, w.talk(edge));
    w.clerked.insert(edge);
  }
  w.judge.check(w.rooms < 4 || wanted.empty() || !w.edges.empty(), "rooms join rooms",
                std::to_string(wanted.size()) + " wanted");
  return true;
}

Edge any(World& w, const std::set<Edge>& edges) {
  auto one = edges.begin();
  std::advance(one, static_cast<std::ptrdiff_t>(w.schedule.below(edges.size())));
  return *one;
}

void talk(World& w) {
  if (w.edges.empty() || w.schedule.chance(0.5)) {
    w.speaks_at_home(w.schedule.below(w.rooms));
  } else {
    const Edge edge = any(w, w.edges);
    const bool clerk = w.clerked.contains(edge) && w.schedule.chance(0.5);
    w.speaks(edge.first + (clerk ? kClerks : 0), w.talk(edge), {edge});
  }
}

void break_something(World& w) {
  const std::size_t node = w.schedule.below(w.nodes.size());
  switch (w.schedule.below(7)) {
    case 0:
    case 1: w.nodes[node]->crash_after(w.schedule.below(20), w.schedule.between(50, 6000)); return;
    case 2:
    case 3:
      return w.part(node, w.schedule.below(w.nodes.size()), w.schedule.between(500, 20'000),
                    w.schedule.chance(0.3));
    case 4: return w.nodes[node]->disk_fails(w.schedule.between(50, 3000));
    case 5:
      if (!w.clerked.empty()) w.revokes(any(w, w.clerked).first);
      return;
    default:
      if (w.edges.size() > 1) w.leaves(any(w, w.edges));
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
  for (const Edge& edge : w.clerked) {
    if (!w.revoked.contains(edge.first)) continue;
    for (const std::string& body : bodies) {
      w.judge.check(!w.heard.contains({edge.first + kClerks, w.talk(edge), body}), kOut,
                    w.bare(edge.first + kClerks) + " in " + w.talk(edge));
    }
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
    if (w.schedule.chance(0.12)) break_something(w);
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

const Arena kArena{"acting", 8, 10'000, kCanaries, play, nullptr};

}  // namespace hansa::sim::acting
