// Durable messages per second through the real engine and the LevelDB store, under load, and beside
// it in the same run LevelDB alone, writing the same keys and bytes with one sync per 64 messages.
// And what one change of a member list writes, at lists of 100 to 1,000,000. bench/README.md.

#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "bench/best.h"
#include "bench/many_rooms.h"
#include "bench/node_on.h"
#include "modules/rooms/entries.h"
#include "storage/memory_store.h"
#include "storage/rules.h"
#include "tests/support/store_proxy.h"

namespace hansa::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kRooms = 256;
constexpr std::size_t kMessages = 20'000;  // of one round
constexpr std::size_t kSynced = 64;        // messages per sync of LevelDB alone
const std::string kBody(150, 'x');

double cpu_seconds() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

// Passes everything on; keeps what was appended, and how long it took.
class Watched final : public test::StoreProxy {
 public:
  using StoreProxy::StoreProxy;

  void append(const storage::LogKey& log, storage::BatchNumber expected, storage::Batch batch,
              storage::Then<storage::AppendOutcome> then) override {
    last_bytes = storage::bytes_of(batch);
    if (keep) appended.push_back({log, expected, batch});
    store_.append(log, expected, std::move(batch),
                  [this, begun = Clock::now(),
                   then = std::move(then)](storage::AppendOutcome outcome) {
                    if (outcome.result != storage::AppendResult::durable) std::abort();
                    took.push_back(
                        std::chrono::duration<double, std::milli>(Clock::now() - begun).count());
                    then(std::move(outcome));
                  });
  }
  struct Appended {
    storage::LogKey log;
    storage::BatchNumber expected;
    storage::Batch batch;
  };
  bool keep = false;
  std::vector<Appended> appended;
  std::vector<double> took;  // milliseconds, from append() to its answer where it is used
  std::size_t last_bytes = 0;
};

double percentile(std::vector<double> all, double which) {
  if (all.empty()) return 0;
  std::ranges::sort(all);
  return all[std::min(all.size() - 1, static_cast<std::size_t>(which * double(all.size())))];
}

// Rooms with their owners in, who speak in turn; what was appended is kept once, for LevelDB alone.
class Talk {
 public:
  Talk() : store_(open_store(folder_.path(), desk_)), watched(*store_), node(watched, desk_) {
    node.start();
    for (std::size_t n = 0; n < kRooms; ++n) node.join(kOwner, room_named(n));
    node.run();
    watched.took.clear();
  }
  // `messages` said, reflected, and no more than `open` of them at a time.
  void say(std::size_t messages, std::size_t open) {
    const std::uint64_t begin = node.links.messages;
    std::size_t said = 0;
    while (node.links.messages - begin < messages) {
      while (said < messages && said - (node.links.messages - begin) < open) speak(said++);
      node.step();
    }
    node.run();
  }

 private:
  void speak(std::size_t number) {
    node.take("<message type='groupchat' from='" + std::string(kOwner) + "' id='m" +
              std::to_string(++said_) + "' to='" + room_named(number % kRooms) + "'><body>" +
              kBody + "</body></message>");
  }
  Folder folder_;
  Desk desk_;
  std::unique_ptr<storage::Store> store_;
  std::uint64_t said_ = 0;

 public:
  Watched watched;
  NodeOn node;
};

void report(benchmark::State& state, double cpu) {
  const auto messages = static_cast<double>(kMessages * state.iterations());
  state.SetItemsProcessed(static_cast<std::int64_t>(messages));
  state.counters["cpu_us_per_message"] = cpu * 1e6 / messages;
}

void hansa(benchmark::State& state) {
  Talk talk;
  const double before = cpu_seconds();
  for (auto _ : state) talk.say(kMessages, static_cast<std::size_t>(state.range(0)));
  report(state, cpu_seconds() - before);
  state.counters["commit_p50_ms"] = percentile(talk.watched.took, 0.5);
  state.counters["commit_p99_ms"] = percentile(talk.watched.took, 0.99);
}

// What one round appended, as LevelDB gets it.
const std::vector<Watched::Appended>& one_round(std::size_t open) {
  static std::map<std::size_t, std::vector<Watched::Appended>> rounds;
  std::vector<Watched::Appended>& round = rounds[open];
  if (round.empty()) {
    Talk talk;
    talk.watched.keep = true;
    talk.say(kMessages, open);
    round = std::move(talk.watched.appended);
  }
  return round;
}

void put(leveldb::WriteBatch& batch, const Watched::Appended& one) {
  namespace keys = storage::leveldb_keys;
  const auto changes = [&](const std::string& prefix, const std::vector<storage::Change>& all) {
    for (const storage::Change& change : all) {
      if (change.value) {
        batch.Put(prefix + change.key, *change.value);
      } else {
        batch.Delete(prefix + change.key);
      }
    }
  };
  for (const storage::Entry& entry : one.batch.entries) {
    batch.Put(keys::entry_key(one.log, entry.position, keys::Part::header), entry.header);
    batch.Put(keys::entry_key(one.log, entry.position, keys::Part::payload), entry.payload);
  }
  changes(keys::log_prefix('n', one.log), one.batch.notes);
  changes(keys::log_prefix('r', one.log), one.batch.records);
  changes(keys::role_prefix('i', one.log.role), one.batch.index);
  batch.Put(keys::meta_key(one.log), keys::meta_value({one.expected + 1, one.expected, 1}));
}

void leveldb_alone(benchmark::State& state) {
  const std::vector<Watched::Appended>& round =
      one_round(static_cast<std::size_t>(state.range(0)));
  Folder folder;
  leveldb::Options options;
  options.create_if_missing = true;
  options.write_buffer_size = 8 * 1024 * 1024;  // as the store's
  leveldb::DB* opened = nullptr;
  if (!leveldb::DB::Open(options, folder.path(), &opened).ok()) std::abort();
  const std::unique_ptr<leveldb::DB> database(opened);
  leveldb::WriteOptions synced;
  synced.sync = true;
  const double before = cpu_seconds();
  for (auto _ : state) {
    leveldb::WriteBatch batch;
    std::size_t messages = 0;
    for (const Watched::Appended& one : round) {
      put(batch, one);
      messages += one.batch.entries.size();
      if (messages < kSynced) continue;
      if (!database->Write(synced, &batch).ok()) std::abort();
      batch.Clear();
      messages = 0;
    }
    if (!database->Write(synced, &batch).ok()) std::abort();
  }
  report(state, cpu_seconds() - before);
}

// --- one change of a member list -----------------------------------------------------------------

void list_change(benchmark::State& state) {
  const auto size = static_cast<std::size_t>(state.range(0));
  Desk desk;
  storage::MemoryStore memory(desk);
  Watched store(memory);
  const std::string room = room_named(0);
  {
    NodeOn node(store, desk);
    node.start();
    node.join(kOwner, room);
    node.run();
    node.leave(kOwner, room);
    node.run();
  }
  memory.lookup("node", room, [&](Result<std::optional<std::string>> id) {
    const storage::LogKey log{"node", id->value()};
    memory.load(log, [&, log](Result<storage::Loaded> loaded) {
      storage::BatchNumber at = loaded->last_batch;
      storage::Batch batch;
      for (std::size_t n = 0; n < size; ++n) {
        const std::string bare = "member" + numbered(n) + "@a.example";
        rooms::Member member;
        member.affiliation = rooms::Affiliation::member;
        member.changed = member.since = 1;
        batch.records.push_back({"m/" + bare, rooms::write_member(bare, member)});
        if (batch.records.size() < 5'000 && n + 1 < size) continue;
        memory.append(log, at++, std::exchange(batch, {}), [](storage::AppendOutcome outcome) {
          if (outcome.result != storage::AppendResult::durable) std::abort();
        });
      }
    });
  });
  desk.run();
  desk.run();
  while (!desk.empty()) desk.run();
  NodeOn node(store, desk);
  node.start();
  node.join(kOwner, room);
  node.run();
  std::uint64_t changes = 0;
  std::size_t bytes = 0;
  for (auto _ : state) {
    const bool in = ++changes % 2 == 1;
    node.take("<iq type='set' id='c' from='" + std::string(kOwner) + "' to='" + room +
              "'><query xmlns='http://jabber.org/protocol/muc#admin'><item jid='new@a.example' "
              "affiliation='" + std::string(in ? "member" : "none") + "'/></query></iq>");
    node.run();
    bytes = std::max(bytes, store.last_bytes);
    store.took.clear();
  }
  state.counters["bytes_on_disk"] = static_cast<double>(bytes);
}

void windows(benchmark::internal::Benchmark* bench) {
  bench->Arg(64)->Arg(1'024)->UseRealTime()->Unit(benchmark::kMillisecond);
}

BENCHMARK(leveldb_alone)->Apply(windows);
BENCHMARK(hansa)->Apply(windows);
BENCHMARK(list_change)->RangeMultiplier(10)->Range(100, 1'000'000)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace hansa::bench

int main(int count, char** arguments) {
  return hansa::bench::run(count, arguments, [](const hansa::bench::Best& best) {
    std::printf("\n%10s %22s %22s  (best of each)\n", "open", "messages/s to LevelDB's",
                "time of 20,000, ms");
    for (const char* open : {"64", "1024"}) {
      const double ours = best.real("hansa", open);
      if (ours == 0) continue;
      std::printf("%10s %22.2f %22.0f\n", open, best.real("leveldb_alone", open) / ours, ours);
    }
  });
}
