#include "tests/sim/hosts/world.h"

namespace hansa::sim::hosts {

World::World(std::uint64_t seed, bool verbose, Planted planted)
    : schedule(seed, verbose),
      node(schedule, disk,
           {[this](const std::string& domain) { return a.accept(domain); },
            [this](const xmpp::Stanza& stanza) {
              watch.leaves(stanza);
              changes.leaves(stanza);
            },
            [this](const xmpp::Stanza& stanza) { watch.arrives(stanza); },
            [this] { watch.stops(false); },
            [this](std::string_view fate, const storage::LogKey&, const storage::Batch& batch) {
              if (fate != "durable") coverage.disk(fate, batch);
            }},
           planted),
      with_guests(seed % 4 == 0 || seed % 4 == 3) {
  a.set_other(b);
  b.set_other(a);
  const auto add = [&](auto& people, Host& host, const std::string& bare, const std::string& nick) {
    people.push_back(std::make_unique<Person>(schedule, watch, host, bare, nick));
  };
  add(ours, a, "alice@a.example", "Nick-A");
  add(ours, a, "annegret@a.example", "Nick-N");
  add(ours, a, "carol@a.example", "Nick-C");
  add(ours, a, "alice@a.example", "Nick-A");
  add(others, b, kBob, "Bobby");
  add(others, b, "dave@b.example", "Davy");
}

bool World::run(Millis time) {
  const MonoTime until = schedule.mono() + time;
  bool done = false;
  schedule.after(time, [&] { done = true; });
  while (!done && !judge.violation() && schedule.step()) {
    if (crash_at_ == 0 || schedule.steps() < crash_at_) continue;
    crash_at_ = 0;
    if (!node.running()) continue;
    node.crash();
    watch.trouble();
    schedule.after(down_, [this] {
      node.start();
      watch.trouble();
    });
  }
  return !judge.violation() && schedule.mono() >= until;
}

void World::crash_after(std::uint64_t steps, Millis down) {
  crash_at_ = schedule.steps() + 1 + steps;
  down_ = down;
}

}  // namespace hansa::sim::hosts
