#pragma once
// A hub and its nodes in one process, for dialogues: real engines, each with a disk that can be put
// back, fake clock, wires that can be cut, held and looked at. run() returns when nothing moves.

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "modules/hub/hub.h"
#include "modules/shared-log/log.h"
#include "modules/shared-log/rights.h"
#include "modules/shared-rooms/shared_rooms.h"
#include "storage/simulated_store.h"
#include "tests/support/doubles.h"
#include "tests/support/fake_clock.h"
#include "tests/support/store_proxy.h"
#include "xmpp/parser.h"

namespace hansa::test {

inline constexpr const char* kShared = "shared.example";
inline constexpr const char* kHub = "hub.example";

class Federation;

// Tells of each batch before it is written.
class ShownStore final : public StoreProxy {
 public:
  using Show = std::function<void(const storage::Batch&)>;
  ShownStore(storage::Store& store, Show show) : StoreProxy(store), show_(std::move(show)) {}
  void append(const storage::LogKey& log, storage::BatchNumber expected, storage::Batch batch,
              Then<storage::AppendOutcome> then) override {
    show_(batch);
    StoreProxy::append(log, expected, std::move(batch), std::move(then));
  }

 private:
  Show show_;
};

// One engine with its disk, and its ends of the wires.
class Party final : public engine::Links {
 public:
  Party(Federation& all, std::string party_name, std::uint64_t seed)
      : name(std::move(party_name)), all_(all), random(seed) {}
  void write(std::string_view link, std::string bytes) override;
  void confirm(std::string_view link, engine::Mark mark) override {
    if (link == kShared) marks.push_back(mark);
  }
  [[nodiscard]] std::size_t queued(std::string_view link) const override {
    return link == kShared ? 0 : backlog;
  }
  void restart(const std::string& link);

  std::string name;  // link domain, or the hub's domain

 private:
  Federation& all_;
  std::map<std::string, xmpp::StreamParser, std::less<>> parsers_;

 public:
  SeededRandom random;
  LogLines log;
  std::shared_ptr<storage::Disk> disk = std::make_shared<storage::Disk>();
  std::unique_ptr<storage::SimulatedStore> store;
  std::unique_ptr<ShownStore> shown;
  std::unique_ptr<engine::Router> router;
  std::unique_ptr<hub::Hub> hub;
  std::unique_ptr<shared_rooms::SharedRooms> rooms;
  std::unique_ptr<engine::Engine> engine;
  std::vector<engine::Mark> marks;
  std::size_t backlog = 0;  // bytes that wait for each wire, as its engine is told
  std::map<std::string, std::vector<xmpp::DocumentPtr>> heard;  // by `to`, on the host's link
};

struct Frame {
  std::string from;
  std::string to;
  xmpp::DocumentPtr stanza;
  [[nodiscard]] const xmpp::Element& element() const { return *stanza->root().first_child(); }
};

class Federation {
 public:
  // Nodes a, b, c …: link rooms.a.example, people @a.example.
  explicit Federation(int nodes);

  [[nodiscard]] Party& party(const std::string& name) { return *parties_.at(name); }
  [[nodiscard]] static std::string link(char letter) {
    return std::string("rooms.") + letter + ".example";
  }
  [[nodiscard]] static std::string seed_of(const std::string& link) {
    std::string seed(32, 's');
    seed[0] = link[6];
    return seed;
  }

  // --- life -------------------------------------------------------------------------------------
  void start(const std::string& name);
  // The process is gone; what was not durable is too.
  void crash(const std::string& name);
  void crash_all() {
    for (const auto& [name, p] : parties_) crash(name);
  }
  // Its process is another one, and everybody is connected.
  void begin_again(const std::string& name);
  // The hub begins again and does not look at signatures any more; the nodes do.
  void trust_all_at_hub();
  // All begin again; no key is configured from now on, the first one that a node says is its own.
  void trust_first_keys();
  [[nodiscard]] storage::Image backup(const std::string& name) { return party(name).disk->image; }
  void restore(const std::string& name, const storage::Image& image);

  // --- wires ------------------------------------------------------------------------------------
  void connect(const std::string& node);
  void cut(const std::string& node);
  void connect_all();
  // What that party sends stays on the wire until it is let go.
  void hold(const std::string& from, bool held = true) { held_[from] = held; }
  void inject(const std::string& from, const std::string& to, const std::string& frame);
  [[nodiscard]] std::size_t on_wire() const { return wire_.size(); }

  void run();
  void advance(Millis time);

  // Everything comes to rest, and then nobody says anything.
  [[nodiscard]] bool rests();

  // --- people -----------------------------------------------------------------------------------
  void says(const std::string& jid, const std::string& xml);
  void create(const std::string& jid, const std::string& room);
  void set(const std::string& jid, const std::string& room, const std::string& member,
           const std::string& affiliation);
  void say(const std::string& jid, const std::string& room, const std::string& text);
  // Bodies of what that person was sent since last asked, joined by spaces; other stanzas as
  // «kind:type».
  std::string hears(const std::string& jid);

  // --- looking ----------------------------------------------------------------------------------
  // A line of «shared:state» of that party's room.
  std::string state(const std::string& name, const std::string& room, const std::string& line);
  std::string ask(const std::string& name, const std::string& room, const std::string& topic);
  // All parties have the same version, chain, list and digest.
  bool same(const std::string& room);
  std::string stand(const std::string& name, const std::string& room);
  // Frames of that name that went from one to the other since the last clear.
  [[nodiscard]] std::size_t frames(const std::string& from, const std::string& to,
                                   std::string_view frame_name) const;
  [[nodiscard]] static std::string key(const std::string& link) {
    return shared_log::public_key(seed_of(link));
  }

  void sent(Party& from, std::string_view link, const xmpp::DocumentPtr& stanza);

  FakeClock clock;
  std::vector<Frame> passed;
  std::function<bool(const Frame&)> loses;  // frames that are lost on the way
  std::function<void(const std::string& party, const storage::Batch&)> appends;  // is told of each
  shared_log::Wrong wrong;
  std::size_t window = 64;
  std::size_t loaded_rooms = 0;  // of parties that start: 0 for the usual number
  bool confirms = true;
  bool pinned = true;

 private:
  bool deliver();

  WorkQueue queue_;
  std::map<std::string, std::unique_ptr<Party>> parties_;
  std::vector<std::string> nodes_;
  std::map<std::string, bool> up_;
  std::map<std::string, bool> held_;
  std::deque<Frame> wire_;
};

}  // namespace hansa::test
