#pragma once
// The executor of one room: loads it, runs one event after the other, appends what they decided,
// holds effects until that is durable, releases them in order, serves its followers, and can be
// dropped when nothing is left to do. Owned by the engine, one per address in use. Private to
// engine/.
//
// Failure (design §3): an append that was not durable drops the room's state and all held effects;
// whoever waits for one of them gets one error; the next event loads the room again. `generation`
// tells completions of before such a drop from those of now. Notes alone, for which nobody waits,
// drop nothing: they are kept and tried again.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/limits.h"
#include "base/line.h"
#include "base/rare.h"
#include "engine/engine.h"
#include "engine/group.h"
#include "engine/reads.h"
#include "engine/timers.h"
#include "engine/turn.h"

namespace hansa::engine {

// Of a log with an entry that was not understood: its records are not to be trusted by a version
// that does understand it.
inline constexpr std::string_view kSkippedNote = "skipped";

// A wake: what was lost is sent again to that group.
inline constexpr std::string_view kSendAgain = "engine:again/";
// A wake: the payload at that position, which the store would not erase, is tried again.
inline constexpr std::string_view kEraseAgain = "engine:erase/";
// A wake: notes that the store has refused are tried again.
inline constexpr std::string_view kNotesAgain = "engine:notes";

struct StanzaEvent {
  Target target;
  xmpp::Stanza stanza;
};
struct TimerEvent {
  std::string name;
  std::int64_t due_ms;  // wall; it is void if the timer was moved
};
struct WakeEvent {
  std::string name;
};
struct LetterDone {
  Position position;
};
// The log that wrote it has closed it for good: it will not come again.
struct LetterClosed {
  std::string log_id;
  Position position;
};
struct LinkEvent {
  std::string link;
  bool loaded;
  std::size_t handler;  // in Router::room_links()
};
struct LifeEvent {
  Life life;
  std::size_t handler;  // in Router::life(): one event each, so that each may read
};
// What came before it is decided: called once, when that is durable, or lost. It is never refused.
struct ReachedEvent {
  std::function<void(bool stored)> done;
};
using RoomEvent = std::variant<StanzaEvent, Passed, Letter, TimerEvent, WakeEvent, LetterDone,
                               LetterClosed, LifeEvent, LinkEvent, ReachedEvent>;

class RoomExecutor final : public EntrySource, public std::enable_shared_from_this<RoomExecutor> {
 public:
  RoomExecutor(Engine::Impl& engine, xmpp::Jid address);
  ~RoomExecutor() override;

  // --- from the engine ---
  void take(RoomEvent event);
  void take_life(Life life);
  void take_wake(DueWake wake);
  void ensure_loaded();
  // The same, however often that takes.
  void bring();
  // And tells it Life::woken.
  void awaken();
  void answer(const Question& question, storage::Then<Answer> then);
  void page(Position from, std::size_t most_bytes,
            storage::Then<Result<std::vector<EntryPtr>>> then);
  // Runs what waits, submits the batch, sends what may leave.
  void settle();
  void link_lost(std::string_view domain);
  void link_up(std::string_view domain);
  void confirmed(const Sent& sent);
  void lost(const Sent& sent);  // it is sent again, after a while
  void write_live();            // the notes live/<group>, if they moved
  // Lets go of what it can read or make again, if nothing happened for a while.
  void rest();
  // Nothing would be lost with it: no events, effects or confirmations; a wake loads it again.
  [[nodiscard]] bool evictable() const;
  [[nodiscard]] bool quiet() const;  // nothing waits for the store or the links
  // So much waits for it that what can wait elsewhere should.
  [[nodiscard]] bool crowded() const { return line_.size() >= limits::kEventsPerLoadingRoom / 2; }
  [[nodiscard]] bool behind() const;  // followers or a link's buffer are to be served yet
  [[nodiscard]] const xmpp::Jid& address() const { return address_; }
  [[nodiscard]] std::uint64_t last_used() const { return last_used_; }
  [[nodiscard]] bool resting() const { return state_ != nullptr && !state_->tail_here_; }
  [[nodiscard]] bool absent() const { return state_ != nullptr && !state_->exists(); }

  // --- from RoomTurn ---
  Position append(EntryKind kind, SharedPart shared, LocalPart local, const Turn& turn);
  Position append(Arrived arrived, const Turn& turn);
  void erase(Position position);  // no entry of the engine's says so
  void truncate(Position first);
  [[nodiscard]] Retained retained(const std::string& name) const;
  void retained_to(const std::string& name, const Retained& retained);
  Position write_letter(const xmpp::Jid& to, std::string topic, std::string bytes,
                        const Turn& turn);
  void note(std::string key, std::optional<std::string> value, bool late);
  void index(std::string key, std::optional<std::string> value);
  void timer(std::string name, std::optional<WallTime> due);
  void wake(std::string name, Millis delay);
  void serve(ServiceHandler handler, xmpp::Stanza stanza);
  void emit(std::string domain, std::string bytes);
  void tell(Told told, Result<std::string> answer);
  Position group(const GroupSpec& spec);
  void follow(std::string_view group, const std::string& address, Position next, bool catch_up,
              bool goes_on = false);
  void unfollow(std::string_view group, std::string_view address);
  void pause(std::string_view group, bool paused);
  [[nodiscard]] Position confirmed(std::string_view group, std::string_view address) const;
  void confirm_follower(std::string_view group, Position position);

  // --- EntrySource ---
  [[nodiscard]] EntryPtr entry(Position position) const override;
  void want(Position position) override;
  [[nodiscard]] Position first() const override { return first_position_; }

 private:
  enum class Phase { idle, loading, ready, closing };

  // An effect in the order decided. Bytes and calls wait for their batch, then for their link.
  struct Bytes {
    std::string domain;
    std::string bytes;
  };
  struct Follow {
    std::string group;
    std::string address;
    Position next;
    Position until;
  };
  // Of a Follow that is not done yet.
  struct Starting {
    Position confirmed;
    bool goes_on;  // what is confirmed to it meanwhile counts: it is there already
  };
  struct Unfollow {
    std::string group;
    std::string address;
  };
  struct Resume {
    std::string group;
  };
  struct Deliver {
    Position position;  // the groups may send up to here
  };
  using Call = std::function<void()>;
  struct Answering {
    Answer answer;
    storage::Then<Answer> then;
  };
  using Effect =
      std::variant<Bytes, Follow, Unfollow, Resume, Deliver, Call, Answering, ReachedEvent>;
  struct Held {
    storage::BatchNumber barrier;
    Effect effect;
  };
  // Whoever is told if the batch it was decided in fails.
  struct Waiting {
    storage::BatchNumber barrier;
    std::optional<xmpp::Stanza> stanza;
    Told told;
  };
  struct LiveNote {
    std::string group;
    Position confirmed;
  };
  // What the host had confirmed to the groups of a room that was dropped: it has it, whether or
  // not it could be noted.
  struct Heard {
    std::string log_id;
    std::vector<LiveNote> groups;
  };
  struct Running {
    RoomEvent event;
    std::shared_ptr<Reads> reads;
  };

  // loading (executor_load.cpp)
  void load();
  void on_looked_up(Result<std::optional<std::string>> found);
  void on_loaded(Result<storage::Loaded> loaded);
  void read_on(Position from);
  void on_read(Result<storage::Page> page);
  [[nodiscard]] Position tail_begin() const;
  void become_ready();
  void recall();
  void recalled();
  void fail_read(const std::string& why);
  void fail_load(const std::string& why);
  void when_ready(std::function<void(const std::optional<Error>&)> work);
  // Wraps a completion: ignored if this is gone or was dropped meanwhile.
  template <typename T>
  storage::Then<T> then(void (RoomExecutor::*method)(T)) {
    return [weak = weak_from_this(), generation = generation_, method](T value) {
      const auto self = weak.lock();
      if (self && self->generation_ == generation) ((*self).*method)(std::move(value));
    };
  }
  [[nodiscard]] storage::LogKey key() const;

  // running (executor_run.cpp)
  void drain();
  void run(RoomEvent event, std::shared_ptr<Reads> reads);
  void dispatch(RoomTurn& turn, RoomEvent& event);
  bool refuse_change(RoomTurn& turn, const RoomEvent& event);
  void handle_letter(RoomTurn& turn, const Letter& letter);
  void close_letter(RoomTurn& turn, Position position);
  void issue(const std::vector<Wanted>& wanted, const std::shared_ptr<Reads>& reads);
  void resume();
  void refuse(const RoomEvent& event);
  void post_letters();

  // keeping (executor_keep.cpp)
  Position append(std::shared_ptr<Entry> entry, const Turn& turn);
  void erase_payload_of(Position position);
  void on_erased(Position position);
  void erase_again(std::string_view position);
  void resume_erasures(const std::map<std::string, std::string>& notes);
  [[nodiscard]] Result<EntryPtr> read_entry(const storage::Entry& stored) const;
  [[nodiscard]] Position followers_need() const;

  // appending (executor_append.cpp)
  [[nodiscard]] storage::BatchNumber barrier() const;
  void hold(Effect effect);
  void end_turn();
  void submit();
  void append_now(storage::Batch batch);
  void on_claimed(Result<std::optional<std::string>> found);
  void on_appended(storage::AppendOutcome outcome);
  void on_read_back(Result<storage::Loaded> loaded);
  void on_durable();
  void release();
  void perform(Effect effect);
  void close();
  void remove_keys();
  void on_keys(Result<std::vector<storage::KeyValue>> found);
  void on_keys_removed(storage::AppendOutcome outcome);
  void give_up_address();

  // failing (executor_fail.cpp)
  void report(const std::string& why);
  void not_written(const std::string& why);
  void try_refused_again();
  void take_up_refused();
  void remember_heard();
  [[nodiscard]] Position take_heard(std::string_view group);
  void forget();
  void drop(const std::string& why, bool told);

  // serving followers (executor_serve.cpp)
  void pump();
  bool pump_lane(const std::string& domain, Line<Effect>& lane);
  void on_page(Result<storage::Page> page);
  void read_wanted();
  void forget_sent();
  bool starts_next(const Line<Effect>& lane, const Follow& after) const;
  void forget_resumes(std::string_view group);
  void drop_effects(const std::function<bool(const Effect&)>& which);  // not done yet
  void send_again(std::string_view group);
  [[nodiscard]] const LiveNote* live_note(std::string_view group) const;  // null: none
  void note_live(std::string_view group, Position confirmed);
  void add_live_notes();
  void live_moved();

  Engine::Impl& engine_;
  xmpp::Jid address_;
  Phase phase_ = Phase::idle;
  bool claimed_ = false;      // the directory has our log id
  bool resumable_ = false;    // all reads of the running event are answered
  bool recalling_ = false;    // it rested, and its newest entries are read again
  bool open_strict_ = false;  // something in the open batch has to be waited for
  bool in_turn_ = false;
  bool in_flight_ = false;
  bool flight_strict_ = false;
  bool refused_due_ = false;  // refused notes are tried again soon
  bool reading_page_ = false;
  bool skipped_ = false;   // an entry of its log was not understood
  bool awaited_ = false;   // somebody in it is to be told Life::woken
  bool needed_ = false;    // it is to be in memory, and is not yet
  bool live_due_ = false;  // write_live() is on its way
  std::uint64_t generation_ = 0;
  std::uint64_t last_used_ = 0;
  MonoTime stirred_;  // an event was decided, or it was looked whether it rests
  std::unique_ptr<RoomState> state_;

  Line<RoomEvent> line_;
  std::unique_ptr<Running> running_;
  Rare<std::vector<std::function<void(const std::optional<Error>&)>>> when_ready_;
  Rare<storage::Loaded> loading_;  // while entries are read

  Rare<storage::Batch> open_;
  std::size_t open_bytes_ = 0;
  // While its address is being claimed; of notes alone, until they are durable: not in flight, they
  // were refused.
  Rare<storage::Batch> flight_;
  Position flight_position_ = 0;
  storage::BatchNumber last_batch_ = 0;  // durable
  Position durable_position_ = 0;
  Position first_position_ = 1;
  Line<Held> held_;
  Line<Waiting> waiting_;

  Rare<std::map<std::string, Group, std::less<>>> groups_;
  Rare<std::map<std::pair<std::string, std::string>, Starting>> starting_;  // (group, address)
  Rare<std::vector<LiveNote>> live_notes_;  // as durable or on their way
  Rare<Heard> heard_;                       // until the groups are there again
  Line<EntryPtr> unsent_;                   // newest entries, dense, that a group was not sent yet
  Rare<std::map<Position, EntryPtr>> pages_;  // read for those who lag
  Rare<std::set<Position>> wanted_pages_;
  // By link: durable, waiting for room in its buffer.
  Rare<std::map<std::string, Line<Effect>, std::less<>>> lanes_;

  Rare<std::map<std::string, std::string, std::less<>>> timers_;  // name → due, as noted
  Rare<std::set<Position>> erasing_;  // said to be erased, perhaps not yet done on disk
  Rare<std::set<Position>> letters_posted_;
  Rare<std::map<std::string, Retained>> retained_;  // as noted
};

}  // namespace hansa::engine
