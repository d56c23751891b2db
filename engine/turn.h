#pragma once
// What a handler works with. A *turn* is one event decided in one room (RoomTurn) or at the service
// (ServiceTurn). Decisions do no I/O: everything a handler wants done is an effect asked of its
// turn, and everything it wants to know beyond the room's state is a *read*.
//
// Reads: ask …() returns null the first time; the handler then returns at once, having changed
// nothing, and is called again from its start when the answers are there (at most
// limits::kReadsPerEvent rounds). Other events of that room wait meanwhile, in order.
//
// Effects leave in the order asked, once everything appended before them in that room is durable.
// If that append fails, the room is dropped with its effects, each waiting request gets one error
// (resource-constraint), and the room is loaded again at the next event.

#include <cassert>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <typeinfo>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "base/result.h"
#include "engine/entry.h"
#include "engine/facet.h"
#include "engine/follower.h"
#include "engine/retention.h"
#include "storage/storage.h"
#include "xmpp/jid.h"
#include "xmpp/stanza.h"

namespace hansa::engine {

class Engine;
class RoomExecutor;
class ServiceRun;
struct Reads;   // answers of earlier rounds (reads.h)
struct Wanted;  // a read not answered yet (reads.h)

// --- events that are not stanzas ----------------------------------------------------------------

// Who asked from within this program: called once, with what Turn::reply or refuse says.
using Told = std::function<void(const Result<std::string>&)>;

// A stanza handed from a service to a room (or by name from a room to itself); a request's duty to
// be answered goes with it. `params` are the topic's own. Without a stanza, `told` gets the answer.
struct Passed {
  std::string topic;
  xmpp::Stanza stanza;
  std::map<std::string, std::string, std::less<>> params;
  Told told{};
  std::uint64_t trace = 0;  // of the turn that said so; set by pass()
  [[nodiscard]] std::string_view param(std::string_view name) const;  // empty: not given
};

// From another room (design idea 8): delivered at least once, handled once.
struct Letter {
  xmpp::Jid from;      // the room that wrote it
  std::string log_id;  // of that room
  Position position = 0;
  std::string topic;
  std::string bytes;
};

enum class Life : std::uint8_t {
  loaded,    // the room is in memory again: groups are to be made and followers added
  links_up,  // a link of this node came up (also sent after `loaded` if it already is)
  stopping,  // orderly end of the node: say farewell (status 332)
  woken,     // a wake of an earlier time in memory is due: what it was for is not known any more
};

// A question to another room, answered from its state at its latest durable position.
struct Question {
  xmpp::Jid room;
  std::string topic;
  xmpp::Jid actor;
  auto operator<=>(const Question&) const = default;
};
struct Answer {
  bool exists = false;          // there is such a room
  Position version = 0;         // the position at which it was answered
  std::string value;            // as the topic's handler wrote it
  std::optional<Error> failed;  // the room could not be read
};

// An entry that was decided elsewhere, as it came on a link: position, local stamp and trace are
// this turn's to give, the rest is its origin's.
struct Arrived {
  EntryKind kind = EntryKind::message;
  std::uint8_t format = kEntryFormat;
  bool must_understand = false;
  Origin origin;
  Order order;
  WallTime origin_stamp;
  std::string salt;
  std::optional<Sha256> hash;  // given: its payload is not checked here, or was erased (no payload)
  bool erased = false;
  SharedPart shared;
  OrderPart ordered{};
  LocalPart local{};
};

// --- the state of a room ------------------------------------------------------------------------

class RoomState {
 public:
  // `address` must outlive it.
  RoomState(const xmpp::Jid& address, std::string log_id,
            const std::vector<FacetFactory>& factories);
  [[nodiscard]] const xmpp::Jid& address() const { return address_; }
  [[nodiscard]] const std::string& log_id() const { return log_id_; }
  [[nodiscard]] bool exists() const { return exists_; }  // created and not destroyed
  [[nodiscard]] Position last_position() const { return last_position_; }
  [[nodiscard]] WallTime last_stamp() const { return last_stamp_; }
  // Somewhere in its log is an entry that must be understood and is not (design §3, Formats):
  // nothing is appended, messages and changes are refused with a text that says so.
  [[nodiscard]] bool read_only() const { return read_only_; }
  template <typename F>
  [[nodiscard]] F& get() {
    for (const auto& facet : facets_) {
      if (typeid(*facet) == typeid(F)) return static_cast<F&>(*facet);
    }
    assert(false && "no such facet");
    __builtin_unreachable();
  }
  template <typename F>
  [[nodiscard]] const F& get() const {
    return const_cast<RoomState*>(this)->get<F>();
  }
  // Newest entries, in order, without a gap: limits::kTailEntries to kTailAtLoad of them (all, if
  // fewer are kept; kTailAtLoad when the room was just loaded). For turns: a room that rests has
  // none, and answers questions all the same.
  [[nodiscard]] const std::vector<EntryPtr>& tail() const {
    assert(tail_here_);
    return tail_;
  }

 private:
  friend class RoomExecutor;
  void apply(const EntryPtr& entry);
  void remember(const EntryPtr& entry);
  void blank(Position position);  // its payload is erased
  void drop_before(Position first);
  void rest(WallTime now);
  void apply_note(std::string_view key, const std::optional<std::string>& value);
  const xmpp::Jid& address_;
  std::string log_id_;
  std::vector<std::unique_ptr<Facet>> facets_;
  std::vector<EntryPtr> tail_;
  bool tail_here_ = true;
  bool exists_ = false;
  bool read_only_ = false;
  Position last_position_ = 0;
  WallTime last_stamp_;
};

// --- turns --------------------------------------------------------------------------------------

// What both kinds of turn have: time, chance, the answer that a request is owed, reads.
class Turn {
 public:
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  virtual ~Turn();

  [[nodiscard]] WallTime now() const { return now_; }
  [[nodiscard]] MonoTime mono() const { return mono_; }
  [[nodiscard]] Random& random() { return random_; }
  // Of this event, in the operator's log, in its entries, and on links between our parties: never
  // to clients. 48 bits.
  [[nodiscard]] std::uint64_t trace() const { return trace_; }
  // What came on a link keeps its own (0: it has none).
  void go_on_as(std::uint64_t trace);

  // Answers the request of this turn (iq get or set, or of this program): exactly once.
  void reply(std::string_view content = {});
  // Answers it, or a message or presence that is not an error, with an error. `echo` is put before
  // the <error/>, `detail` is an application condition inside it. Nothing for an error stanza.
  void refuse(const Error& error, std::string_view echo = {}, std::string_view detail = {});
  // A whole stanza written by us, from an address of ours; its domain names the link.
  void send(std::string stanza);
  // The link for what an address of ours at domain `from` says to one at `to`: that of `from`, or,
  // where both are ours, kOwnLink. The one place that knows which.
  [[nodiscard]] std::string link_of(std::string_view from, std::string_view to) const;
  // A whole stanza on the link of that name.
  void send_on(std::string link, std::string stanza);
  // That link is up, and less waits for it than may: what need not arrive is sent only then.
  [[nodiscard]] bool has_room(std::string_view link) const;
  // The request of this turn is answered by a later one, with a stanza of its own.
  void answer_later() { answered_ = true; }
  void log(LogLevel level, std::string text);

  // Reads (see the top). The pointer lives until the handler returns.
  [[nodiscard]] const Answer* ask(const Question& question);
  // Keys of the shard's index in [from, to); if `from` > `to`, in [to, from), the last one first.
  [[nodiscard]] const Result<std::vector<storage::KeyValue>>* ask_index(const std::string& from,
                                                                        const std::string& to,
                                                                        std::size_t most);
  // All of them, however many, in pages of `page` rows. Nothing: a read is not answered yet.
  [[nodiscard]] std::optional<Result<std::vector<storage::KeyValue>>> ask_whole_index(
      const std::string& from, const std::string& to, std::size_t page);
  // Addresses of rooms on this node, in order, after `after`.
  [[nodiscard]] const Result<std::vector<storage::KeyValue>>* ask_rooms(const std::string& after,
                                                                        std::size_t most);
  // A page of this room's log (of room `of` in a service turn).
  [[nodiscard]] const Result<std::vector<EntryPtr>>* ask_page(const xmpp::Jid& of, Position from,
                                                              std::size_t most_bytes);
  // A read is not answered yet: the handler has to return.
  [[nodiscard]] bool waiting() const;

 protected:
  friend class RoomExecutor;
  friend class ServiceRun;
  Turn(Engine& engine, std::uint64_t trace, std::shared_ptr<Reads> reads);
  virtual void emit(std::string domain, std::string bytes) = 0;
  // Calls it where an answer would leave.
  virtual void tell(Told told, Result<std::string> answer) = 0;

  Engine& engine_;
  WallTime now_;
  MonoTime mono_;
  Random& random_;
  std::uint64_t trace_;
  std::optional<xmpp::Stanza> stanza_;  // that may be owed an answer
  Told told_;                           // that is owed one
  bool answered_ = false;
  std::shared_ptr<Reads> reads_;
  std::vector<Wanted> wanted_;  // reads not answered yet
};

class ServiceTurn final : public Turn {
 public:
  ~ServiceTurn() override;
  // Hands the stanza of this turn to a room, which answers it in its own turn.
  void pass(const xmpp::Jid& room, Passed passed);
  // Calls it in a turn of its own, after that time and not before; forgotten with the process.
  void later(Millis delay, std::function<void(ServiceTurn&)> work);

 private:
  friend class ServiceRun;
  using Turn::Turn;
  void emit(std::string domain, std::string bytes) override;
  void tell(Told told, Result<std::string> answer) override;
};

class RoomTurn final : public Turn {
 public:
  ~RoomTurn() override;
  [[nodiscard]] RoomState& room() { return state_; }
  [[nodiscard]] const RoomState& room() const { return state_; }
  template <typename F>
  [[nodiscard]] F& state() {
    return state_.get<F>();
  }

  // --- durable ---
  // Appends an entry and folds it at once. Creating a room is appending its first entry, `created`.
  Position append(EntryKind kind, SharedPart shared, LocalPart local = {});
  // The same for one that came on a link.
  Position append(Arrived arrived);
  // Removes the payload of `target`, an entry of this log, for good: an entry says so, the bytes
  // go once that is durable (after a crash too). Its header and hash stay.
  Position erase(const Entry& target);
  // The same where an entry of the module's own says so, which it appends in this turn.
  void erase_payload(Position target);
  // Drops the entries before `first`, once what was decided before is durable; fewer, if followers
  // are behind (by no more than Settings::follower_bound). State is not changed: records keep it.
  void truncate(Position first);
  // Erases and drops what is older than `retention` lets it be: payloads, of which no entry tells,
  // limits::kRetainedPerTurn at most; how far that has come is noted. Gives when to call it again,
  // by a durable timer; before that it finds nothing to do, and neither reads nor writes. To be
  // called before anything is changed. Nothing: a read is not answered yet.
  std::optional<WallTime> retain(const Retention& retention);
  // Sets or removes a note (nullopt) and folds it; effects asked after it wait for it.
  void note(std::string key, std::optional<std::string> value);
  // The same for what need not survive a crash (the rest of a presence): nothing waits for it.
  void late_note(std::string key, std::optional<std::string> value);
  // A key of the shard's index, in the same batch.
  void index(std::string key, std::optional<std::string> value);
  // An obligation to another room on this node, which need not exist.
  Position letter(const xmpp::Jid& to, std::string topic, std::string bytes);
  // A durable timer by name; setting it again moves it, nullopt ends it. It is over when handled.
  void timer(std::string name, std::optional<WallTime> due);
  // The same, gone with the process. If the room leaves memory it is Life::woken then.
  void wake(std::string name, Millis delay);
  // An event to this same room, after what is waiting now.
  void pass(Passed passed);
  // Hands the stanza of this turn to another room on this node, which answers it in its own turn.
  // For requests that change nothing here.
  void pass(const xmpp::Jid& room, Passed passed);
  // The request of this turn is answered by a service turn, once what was decided before it here is
  // durable: long reads there keep none of this room's events waiting.
  void serve(std::function<void(ServiceTurn&, const xmpp::Stanza&)> handler);

  // --- followers (see follower.h); not durable: to be made again at Life::loaded ---
  // Makes the group unless it is there. `confirmed` is taken from the note live/<name> if there is
  // one, else from the room's last position. Returns confirmed.
  Position group(const GroupSpec& spec);
  // Adds (or starts again) a follower that is to get the entries from `next` on. With `catch_up`
  // (a join) those up to the room's present end are marked late, then Delivery::caught_up is called
  // for it. Without, what it gets is as for the rest of the group: a session after a restart, a
  // follower that starts at the room's end.
  void follow(std::string_view group, const std::string& address, Position next,
              bool catch_up = true);
  // The same of one that is there and goes on, catching up: not from before what is confirmed to it
  // when its turn among the effects comes.
  void follow_on(std::string_view group, const std::string& address, Position next);
  void unfollow(std::string_view group, std::string_view address);
  // Nothing is sent to the group until it is resumed: a pause is in force at once, its end in its
  // turn among the effects.
  void pause(std::string_view group, bool paused);
  // Last position that the host (or module) confirmed to a follower: the group's, or less if that
  // follower is still catching up. 0 if there is no such follower.
  [[nodiscard]] Position confirmed(std::string_view group, std::string_view address) const;
  // For groups confirmed by their module: everything up to `position` has arrived.
  void confirm_follower(std::string_view group, Position position);

 private:
  friend class RoomExecutor;
  RoomTurn(Engine& engine, RoomExecutor& executor, RoomState& state, std::uint64_t trace,
           std::shared_ptr<Reads> reads);
  void emit(std::string domain, std::string bytes) override;
  void tell(Told told, Result<std::string> answer) override;
  RoomExecutor& executor_;
  RoomState& state_;
  bool changed_ = false;  // an effect was asked: no read may be asked any more
};

}  // namespace hansa::engine
