// One 150-character message to rooms of 10 … 10,000 occupants, under load: what a copy costs from
// the stanza that comes in to the bytes that a reader has taken. Beside it, in the same run, the
// limit (the same bytes by plain write) and the same fan-out with gloox. bench/README.md.

#include <benchmark/benchmark.h>
#include <gloox/jid.h>
#include <gloox/message.h>
#include <gloox/tag.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <memory>
#include <new>
#include <string>

#include "base/poster.h"
#include "bench/best.h"
#include "bench/drain.h"
#include "engine/engine.h"
#include "modules/rooms/notes.h"
#include "modules/rooms/rooms.h"
#include "storage/memory_store.h"
#include "xmpp/parser.h"

namespace {

std::atomic<std::uint64_t> allocations{0};

}  // namespace

// Not inlined: GCC would see free() meet its own new and warn.
[[gnu::noinline]] void* operator new(std::size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  if (void* place = std::malloc(size)) return place;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* place) noexcept { std::free(place); }
[[gnu::noinline]] void operator delete(void* place, std::size_t) noexcept { std::free(place); }

namespace hansa::bench {
namespace {

constexpr std::int64_t kCopiesPerRound = 20'000;

const std::string kBody(150, 'x');

std::string address(std::int64_t n) {
  return "occupant" + std::to_string(n) + "@a.example/client";
}

class Queue final : public Poster {
 public:
  void post(std::function<void()> work) override { work_.push_back(std::move(work)); }
  bool step() {
    if (work_.empty()) return false;
    auto work = std::move(work_.front());
    work_.pop_front();
    work();
    return true;
  }

 private:
  std::deque<std::function<void()>> work_;
};

class DrainLinks final : public engine::Links {
 public:
  void write(std::string_view, std::string bytes) override {
    drain.write(bytes);
    written += bytes.size();
  }
  void confirm(std::string_view, engine::Mark mark) override { mark_ = mark; }
  [[nodiscard]] std::size_t queued(std::string_view) const override { return 0; }
  [[nodiscard]] engine::Mark take_mark() { return std::exchange(mark_, 0); }
  Drain drain;
  std::uint64_t written = 0;

 private:
  engine::Mark mark_ = 0;
};

// A node with one room of `occupants` that are all present, on a store in memory.
class RoomOf {
 public:
  explicit RoomOf(std::int64_t occupants) : rooms_(settings(), hooks_) {
    parser_.feed("<stream:stream xmlns='jabber:component:accept' "
                 "xmlns:stream='http://etherx.jabber.org/streams'>",
                 parsed_);
    if (!rooms_.add_to(router_).ok()) std::abort();
    start();
    take("<presence from='" + address(0) +
         "' to='big@rooms.a.example/n0'><x xmlns='http://jabber.org/protocol/muc'/></presence>");
    run();
    // The others are put where a restart finds them: joining one by one would show everybody to
    // everybody first.
    seat(occupants);
    start();
    run();
  }
  // Everything is decided, stored and written.
  void run() {
    do {
      engine_->settle();
      if (const auto mark = links.take_mark()) engine_->on_confirmed("rooms.a.example", mark);
    } while (queue_.step());
  }
  void speak() {
    take("<message type='groupchat' from='" + address(0) + "' to='big@rooms.a.example' id='m" +
         std::to_string(++said_) + "'><body>" + kBody + "</body></message>");
  }
  DrainLinks links;

 private:
  void start() {
    engine::Settings node;
    node.addressing = {"rooms.a.example", "", {}};
    engine_ = std::make_unique<engine::Engine>(
        node, store_, links, clock_, random_, log_, router_,
        std::vector<engine::FacetFactory>{
            [] { return std::unique_ptr<engine::Facet>(std::make_unique<rooms::Room>()); }});
    engine_->on_link("rooms.a.example", true);
    engine_->start([] {});
  }
  void seat(std::int64_t occupants) {
    storage::Batch batch;
    for (std::int64_t n = 1; n < occupants; ++n) {
      rooms::Session session;
      session.jid = xmpp::Jid::parse(address(n)).value();
      session.nick = "n" + std::to_string(n);
      batch.notes.push_back({rooms::note_key(rooms::kSessionNote, session.jid.text()),
                             rooms::write_session(session)});
    }
    store_.lookup("node", "big@rooms.a.example", [&](Result<std::optional<std::string>> id) {
      const storage::LogKey log{"node", id->value()};
      store_.load(log, [&, log](Result<storage::Loaded> room) {
        store_.append(log, room->last_batch, std::move(batch), [](storage::AppendOutcome) {});
      });
    });
    while (queue_.step()) {
    }
  }
  static const rooms::Settings& settings() {
    static rooms::Settings settings = [] {
      rooms::Settings s;
      s.rooms = "rooms.a.example";
      s.enterprise = {"a.example"};
      s.members = 100'000;
      s.secret = "secret";
      return s;
    }();
    return settings;
  }
  void take(const std::string& xml) {
    parsed_.clear();
    parser_.feed(xml, parsed_);
    auto& read = std::get<xmpp::StanzaRead>(parsed_.back());
    engine_->on_stanza("rooms.a.example", xmpp::Stanza::parse(std::move(read.stanza)).value());
  }

  xmpp::StreamParser parser_;  // as a component's link: the stanzas of one stream
  std::vector<xmpp::StreamEvent> parsed_;
  Queue queue_;
  storage::MemoryStore store_{queue_};
  SystemClock clock_;
  SeededRandom random_{1};
  NoLog log_;
  engine::Router router_;
  rooms::Hooks hooks_;
  rooms::Rooms rooms_;
  std::unique_ptr<engine::Engine> engine_;
  std::uint64_t said_ = 0;
};

std::int64_t messages_for(std::int64_t occupants) {
  return std::max<std::int64_t>(1, kCopiesPerRound / occupants);
}

void report(benchmark::State& state, std::int64_t copies, std::uint64_t allocated) {
  const auto total = static_cast<double>(copies * state.iterations());
  state.SetItemsProcessed(copies * state.iterations());
  state.counters["s_per_copy"] =
      benchmark::Counter(total, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  state.counters["allocs_per_copy"] = static_cast<double>(allocated) / total;
}

void hansa(benchmark::State& state) {
  const std::int64_t occupants = state.range(0);
  const std::int64_t messages = messages_for(occupants);
  RoomOf room(occupants);
  const std::uint64_t before = allocations.load();
  for (auto _ : state) {
    for (std::int64_t n = 0; n < messages; ++n) room.speak();
    room.run();
    room.links.drain.wait_for(room.links.written);
  }
  report(state, occupants * messages, allocations.load() - before);
}

// The bytes of one copy, as the room writes it.
std::string one_copy(std::int64_t n) {
  return "<message from='big@rooms.a.example/n0' type='groupchat' id='m1' to='" + address(n) +
         "'><body>" + kBody +
         "</body><stanza-id xmlns='urn:xmpp:sid:0' by='big@rooms.a.example' "
         "id='abcdefghijklmnopqrstuvwxyz'/><occupant-id xmlns='urn:xmpp:occupant-id:0' "
         "id='abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz'/></message>";
}

void plain_write(benchmark::State& state) {
  const std::int64_t occupants = state.range(0);
  const std::int64_t messages = messages_for(occupants);
  std::string bytes;
  for (std::int64_t m = 0; m < messages; ++m) {
    for (std::int64_t n = 0; n < occupants; ++n) bytes += one_copy(n);
  }
  Drain drain;
  std::uint64_t written = 0;
  const std::uint64_t before = allocations.load();
  for (auto _ : state) {
    for (std::size_t at = 0; at < bytes.size(); at += 256 * 1024) {
      drain.write(std::string_view(bytes).substr(at, 256 * 1024));
    }
    written += bytes.size();
    drain.wait_for(written);
  }
  report(state, occupants * messages, allocations.load() - before);
}

void with_gloox(benchmark::State& state) {
  const std::int64_t occupants = state.range(0);
  const std::int64_t messages = messages_for(occupants);
  std::vector<gloox::JID> people;
  for (std::int64_t n = 0; n < occupants; ++n) people.emplace_back(address(n));
  Drain drain;
  std::uint64_t written = 0;
  std::string bytes;
  const std::uint64_t before = allocations.load();
  for (auto _ : state) {
    for (std::int64_t m = 0; m < messages; ++m) {
      for (const gloox::JID& to : people) {
        gloox::Message message(gloox::Message::Groupchat, to, kBody);
        message.setID("m1");
        const std::unique_ptr<gloox::Tag> tag(message.tag());
        tag->addAttribute("from", "big@rooms.a.example/n0");
        auto* id = new gloox::Tag(tag.get(), "stanza-id");
        id->setXmlns("urn:xmpp:sid:0");
        id->addAttribute("by", "big@rooms.a.example");
        id->addAttribute("id", "abcdefghijklmnopqrstuvwxyz");
        auto* occupant = new gloox::Tag(tag.get(), "occupant-id");
        occupant->setXmlns("urn:xmpp:occupant-id:0");
        occupant->addAttribute("id", "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz");
        bytes += tag->xml();
      }
      if (bytes.size() < 256 * 1024) continue;
      drain.write(bytes);
      written += bytes.size();
      bytes.clear();
    }
    drain.write(bytes);
    written += bytes.size();
    bytes.clear();
    drain.wait_for(written);
  }
  report(state, occupants * messages, allocations.load() - before);
}

void rooms_of(benchmark::internal::Benchmark* bench) {
  bench->Arg(10)->Arg(100)->Arg(1'000)->Arg(10'000)->UseRealTime()->Unit(benchmark::kMillisecond);
}

BENCHMARK(plain_write)->Apply(rooms_of);
BENCHMARK(hansa)->Apply(rooms_of);
BENCHMARK(with_gloox)->Apply(rooms_of);

}  // namespace
}  // namespace hansa::bench

int main(int count, char** arguments) {
  return hansa::bench::run(count, arguments, [](const hansa::bench::Best& best) {
    std::printf("\n%10s %12s %12s %12s  (best of each)\n", "occupants", "ns per copy",
                "to plain", "gloox to it");
    for (const char* occupants : {"10", "100", "1000", "10000"}) {
      const double ours = best.real("hansa", occupants);
      const double plain = best.real("plain_write", occupants);
      if (ours == 0 || plain == 0) continue;
      const auto copies = static_cast<double>(hansa::bench::kCopiesPerRound);
      std::printf("%10s %12.0f %12.2f %12.1f\n", occupants, ours * 1e6 / copies, ours / plain,
                  best.real("with_gloox", occupants) / ours);
    }
  });
}
