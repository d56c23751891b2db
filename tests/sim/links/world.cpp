#include "tests/sim/links/world.h"

#include <cstdio>

#include "base/crypto.h"
#include "base/limits.h"
#include "tests/sim/xml.h"

namespace hansa::sim::links {
namespace {

constexpr std::size_t kWindow = 8;  // small, so that it is reached
// A window's worth of items in each room, and what is answered meanwhile.
constexpr std::size_t kMostQueued = 512 * 1024;
// A party's: a few loaded rooms with what they remember of their last items (limits::kSharedHistory
// of each), and what is in flight. Some 0.7 MiB are usual.
constexpr std::size_t kMostMemory = 1536 * 1024;
constexpr std::size_t kMostMemoryDeep = 2560 * 1024;  // what was said fills it
// What is lost is missed after two looks (limits::kLinkSilence_ms).
constexpr Millis kQuiet(3 * limits::kLinkSilence_ms);
constexpr Millis kMostUntilQuiet(180'000);

std::size_t draw_nodes(Schedule& schedule) {
  const std::uint64_t size = schedule.below(1000);
  if (size < 700) return 2 + schedule.below(2);
  if (size < 950) return 4 + schedule.below(4);
  return size < 995 ? 8 + schedule.below(10) : 50;
}

// Half the nodes run the format before: this one, beside a later one that tests make up.
std::uint32_t draw_format(Schedule& schedule) { return schedule.chance(0.6) ? 2 : 1; }

std::string number_text(std::size_t number) {
  std::string text = std::to_string(number);
  return text.size() < 2 ? "0" + text : text;
}

std::string signing_key(const Enterprise& enterprise) {
  const Sha256 hash = sha256("key of " + enterprise.link);
  return {hash.begin(), hash.end()};
}

}  // namespace

World::World(std::uint64_t seed, bool verbose, Planted p, Depth depth)
    : schedule(seed, verbose),
      planted(p),
      ledger(schedule, judge, parties),
      watch(schedule, judge, ledger),
      cursors(judge, ledger, watch),
      tamper(schedule, coverage, p),
      deep(depth == Depth::deep) {
  const std::size_t nodes = draw_nodes(schedule);
  const std::size_t people = nodes > 7 ? 1 : 2 + schedule.below(2);
  enterprises.resize(nodes + 1);
  for (std::size_t i = 1; i <= nodes; ++i) {
    Enterprise& own = enterprises[i];
    own.domain = "e" + number_text(i) + ".example";
    own.link = "rooms." + own.domain;
    for (std::size_t n = 0; n < people; ++n) {
      own.people.push_back("p" + std::to_string(n) + "@" + own.domain);
    }
  }
  mixed = schedule.chance(0.5);
  add_hub();
  for (std::size_t i = 1; i <= nodes; ++i) add_node(i);
  for (std::uint64_t i = 1 + schedule.below(3); i > 0; --i) {
    rooms.push_back("room" + std::to_string(rooms.size()) + "@" + kShared);
  }
  if (deep) tamper.spare_first();
  crowded = deep && schedule.chance(0.3);
}

World::~World() {
  for (const auto& party : parties) party->no_crash();
}

std::optional<std::size_t> World::index_of(std::string_view link) const {
  for (std::size_t i = 1; i < enterprises.size(); ++i) {
    if (enterprises[i].link == link) return i;
  }
  return std::nullopt;
}

void World::add_hub() {
  hub::Settings settings;
  settings.domain = kHub;
  settings.shared = kShared;
  settings.window = window_of(planted, kWindow);
  settings.format = mixed ? draw_format(schedule) : 1;
  cursors.add_party({}, {});
  for (std::size_t i = 1; i < enterprises.size(); ++i) {
    settings.enterprises.push_back({enterprises[i].link, {enterprises[i].domain}, {}});
  }
  Party::World around;
  around.attach = [this] {
    for (std::size_t i = 1; i < enterprises.size(); ++i) {
      const std::string& link = enterprises[i].link;
      enterprises[i].cable->attach(Cable::hub, {[this, link](bool up) { hub().on_link(link, up); },
                                                [this, link](xmpp::Stanza stanza) {
                                                  hub().on_stanza(link, std::move(stanza));
                                                },
                                                [this, link] { hub().on_drained(link); }});
    }
  };
  around.detach = [this] {
    watch.trouble(0);
    for (std::size_t i = 1; i < enterprises.size(); ++i) enterprises[i].cable->detach(Cable::hub);
  };
  around.write = [this](std::string_view link, std::string_view bytes) {
    if (const auto to = index_of(link)) enterprises[*to].cable->write(Cable::hub, bytes);
  };
  around.confirm = [](std::string_view, engine::Mark) {};
  around.queued = [this](std::string_view link) {
    const auto to = index_of(link);
    return to ? enterprises[*to].cable->queued(Cable::hub) : 0;
  };
  around.written = seen(0);
  around.owner = 1;
  parties.push_back(
      std::make_unique<Party>(schedule, "hub", std::move(settings), std::move(around), planted));
}

void World::add_node(std::size_t i) {
  Enterprise& own = enterprises[i];
  Cable::Observer observer;
  observer.broken = [this](const std::string& what) {
    judge.broken("what is written is XML", what);
  };
  observer.hit = [this, i](std::string_view fault, Cable::End from, const xmpp::Stanza& frame) {
    coverage.frame(fault, frame);
    const auto read = xep_shared_rooms::parse_frame(*frame.payload());
    if (fault == "again" && read) enterprises[i].windows->comes_again(from, *read);
  };
  observer.passes = [this, i](Cable::End from, xmpp::Stanza frame) {
    last_frame = schedule.mono();
    if (schedule.verbose()) {
      schedule.detail(enterprises[i].domain + (from == Cable::node ? " > " : " < ") +
                      packet(frame).xml);
    }
    if (const auto read = xep_shared_rooms::parse_frame(*frame.payload())) {
      enterprises[i].windows->passes(from, *read);
      const auto* directed = std::get_if<xep_shared_rooms::Directed>(&*read);
      if (directed != nullptr && from == Cable::node) {
        watch.goes_up(body_of(packet(directed->payload).stanza.element()), directed->incarnation,
                      directed->number);
      }
      const auto* ack = std::get_if<xep_shared_rooms::DirectedAck>(&*read);
      if (ack != nullptr && from == Cable::node) {
        watch.acknowledges(i, ack->incarnation, ack->number);
      }
    }
    return tamper.passes(from, std::move(frame));
  };
  observer.grew = [this, i](Cable::End, std::size_t queued) {
    judge.check(queued <= kMostQueued, "what waits for a link is bounded", enterprises[i].link);
  };
  observer.up = [this, i] { enterprises[i].windows->cut(); };
  own.windows = std::make_unique<Windows>(judge, own.link, kWindow);
  own.cable = std::make_unique<Cable>(schedule, own.link, std::move(observer));
  own.front = std::make_unique<Front>(
      schedule, own.domain,
      Front::Observer{
          [this](const std::string& what) { judge.broken("what is written is XML", what); },
          [this, i](const xmpp::Stanza& stanza) { watch.leaves(i, stanza); },
          [this, i](const xmpp::Stanza& stanza) { watch.taken(i, stanza); }});

  shared_rooms::Settings settings;
  settings.shared = kShared;
  settings.link = own.link;
  settings.hub = kHub;
  settings.enterprise = {own.domain};
  settings.signing_key = signing_key(own);
  settings.window = window_of(planted, kWindow);
  settings.format = mixed ? draw_format(schedule) : 1;
  cursors.add_party(own.link, own.people);
  Party::World around;
  around.attach = [this, i] {
    Enterprise& its = enterprises[i];
    its.front->attach(
        {[this, i](bool up) { parties[i]->on_link(kShared, up); },
         [this, i](xmpp::Stanza stanza) { parties[i]->on_stanza(kShared, std::move(stanza)); },
         [this, i](engine::Mark mark) { parties[i]->on_confirmed(kShared, mark); },
         [this, i] { parties[i]->on_drained(kShared); }});
    its.cable->attach(Cable::node, {[this, i](bool up) { parties[i]->on_link(kHub, up); },
                                    [this, i](xmpp::Stanza stanza) {
                                      parties[i]->on_stanza(kHub, std::move(stanza));
                                    },
                                    [this, i] { parties[i]->on_drained(kHub); }});
  };
  around.detach = [this, i] {
    watch.trouble(i);
    enterprises[i].front->detach();
    enterprises[i].cable->detach(Cable::node);
  };
  around.write = [this, i](std::string_view link, std::string_view bytes) {
    if (link == kHub) {
      enterprises[i].cable->write(Cable::node, bytes);
    } else {
      enterprises[i].front->write(bytes);
    }
  };
  around.confirm = [this, i](std::string_view link, engine::Mark mark) {
    if (link == kShared) enterprises[i].front->confirm(mark);
  };
  around.queued = [this, i](std::string_view link) {
    return link == kHub ? enterprises[i].cable->queued(Cable::node)
                        : enterprises[i].front->queued();
  };
  around.written = seen(i);
  around.owner = static_cast<Owner>(i + 1);
  parties.push_back(std::make_unique<Party>(schedule, own.domain, std::move(settings),
                                            std::move(around), planted));
}

WatchedStore::Written World::seen(std::size_t party) {
  return [this, party](std::string_view fate, const storage::LogKey& log,
                       const storage::Batch& batch) {
    coverage.wrote(party, schedule.mono(), batch);
    for (const storage::Change& note : batch.notes) {
      if (!schedule.verbose()) break;
      schedule.detail(parties[party]->name() + " " + ledger.address_of(party, log) + " notes " +
                      note.key + " = " + note.value.value_or("nothing") + ", " + std::string(fate));
    }
    if (fate == "durable") {
      // Read before it is erased.
      if (deep) static_cast<void>(ledger.room(party, ledger.address_of(party, log)));
      if (planted != Planted::releases_before_durable) cursors.written(party, log, batch);
      return;
    }
    coverage.disk(fate, batch);
    watch.trouble(party);
  };
}

bool World::run(Millis time) {
  bool done = false;
  schedule.after(time, [&done] { done = true; });
  while (!done && !judge.violation() && schedule.step()) {
  }
  for (const auto& party : parties) {
    const std::size_t most = deep ? kMostMemoryDeep : kMostMemory;
    judge.check(party->memory().most <= most, "what a party remembers is bounded",
                party->name() + ": " + std::to_string(party->memory().most) + " bytes");
  }
  return !judge.violation();
}

bool World::run_until_quiet() {
  const MonoTime end = schedule.mono() + kMostUntilQuiet;
  last_frame = schedule.mono();
  while (schedule.mono() < end) {
    if (!run(Millis(500))) return false;
    bool quiet = schedule.mono() - last_frame > kQuiet;
    for (const auto& party : parties) quiet = quiet && party->idle();
    if (quiet) return true;
  }
  std::string busy;
  for (const auto& party : parties) {
    if (!party->idle()) busy += " " + party->name();
  }
  judge.check(false, "idle at the end", busy.empty() ? "frames without end" : "busy:" + busy);
  return false;
}

}  // namespace hansa::sim::links
