#pragma once
// The fold of a shared room's log, the same on hub and nodes: which items are here, in which order,
// what the member list is at the newest version, who takes part. What the wire says of these words:
// xep-spec/shared-rooms.xml. Usable outside an engine: feed it a log's entries in order.
//
// At the hub every entry but the first is an ordered item, so that position and version map to each
// other within an epoch. At a node items of its own come first without order, and an «ordered»
// entry follows; all others come with theirs. An epoch that follows an earlier point takes the
// order from all that stood behind that point: list and enterprises go back, the items are
// *unordered* again and are offered to the hub.

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/facet.h"
#include "modules/shared-log/disk.h"

namespace hansa::shared_log {

using engine::Position;

// An operation or an erasure: signed, and judged at its place in the order.
[[nodiscard]] bool is_act(std::string_view kind);
// Made by the hub out of its own order: void when that is, and never offered.
[[nodiscard]] bool hub_made(std::string_view kind);

// Who takes part, and which entries of this log are for it.
struct Participant {
  xsr::Enterprise what;
  Position since = 0;  // its enterprise item
  Position until = 0;  // its last member left there; 0: it takes part
  std::uint64_t members = 0;
  // The first entry for it from there on; 0: there is none.
  [[nodiscard]] Position next_for(Position position) const;
  // The same of the times before, oldest first; the newest limits::kPastParts of them.
  std::vector<std::pair<Position, Position>> past;
  [[nodiscard]] bool active() const { return until == 0; }
  [[nodiscard]] bool gets(Position position) const {
    if (position >= since) return until == 0 || position <= until;
    return std::any_of(past.begin(), past.end(), [position](const auto& time) {
      return position >= time.first && position <= time.second;
    });
  }
};

struct EpochState {
  std::uint64_t epoch = 0;
  std::string key;
  Position at = 0;          // of its item here; 0: it was told by a welcome
  std::uint64_t maker = 0;  // incarnation of the hub that began it
  xsr::Point end;           // last that is ordered in it
};

// An item without order, in a node's log.
struct Pending {
  xsr::Origin origin;
  std::string kind;
  std::string hash;       // of the item, for the chain
  std::string operation;  // its payload if it is one, or an erasure
};

// What the newest ordered items did, to be undone if an epoch follows an earlier point.
struct Slot {
  xsr::Point point;
  Position position = 0;  // of the item; 0: not known
  Pending item;           // kind empty: the hub made it, nobody offers it
  // 'm' a member, 'e' an enterprise, 'v' an operation that is void, 'x' an erasure that is void,
  // 0 nothing
  char undo = 0;
  std::string key;
  std::optional<std::string> before;
  xsr::Version list_before;
};

class SharedLog final : public engine::Facet {
 public:
  explicit SharedLog(std::uint32_t format = xsr::kFormat) : format_(format) {}
  void apply(const engine::Entry& entry) override;
  void collect_records(std::vector<storage::Change>& out) override;
  void apply_record(std::string_view key, std::string_view value) override;

  [[nodiscard]] bool exists() const { return !log_.empty(); }
  [[nodiscard]] const std::string& log() const { return log_; }
  [[nodiscard]] const std::string& self() const { return self_; }
  [[nodiscard]] const xsr::Point& point() const { return point_; }
  [[nodiscard]] const xsr::Version& version() const { return point_.version; }
  [[nodiscard]] const std::vector<EpochState>& epochs() const { return epochs_; }
  [[nodiscard]] const EpochState* epoch(std::uint64_t number) const;
  // The chain hash at a version; nothing if that is too long ago, or never was.
  [[nodiscard]] std::optional<std::string> chain_at(const xsr::Version& version) const;
  // At the hub: where the item of that version stands; 0: not in this history.
  [[nodiscard]] Position position_of(const xsr::Version& version) const;
  // Ends of the epochs before the current one, newest first.
  [[nodiscard]] std::vector<xsr::Point> past(std::size_t most) const;

  // Items.
  [[nodiscard]] bool has(const xsr::Origin& origin) const;
  // A gap said so. It may come nevertheless, from a party that took no part when that was said.
  [[nodiscard]] bool is_lost(const xsr::Origin& origin) const;
  [[nodiscard]] std::uint64_t next_number(const std::string& link, std::uint64_t incarnation) const;
  // Numbers that are not here, nor lost, below one that is here.
  [[nodiscard]] std::vector<xsr::Gap> holes() const;
  [[nodiscard]] const std::map<Position, Pending>& unordered() const { return unordered_; }
  [[nodiscard]] Position position_of(const xsr::Origin& unordered) const;  // 0: it is not
  // Of the newest messages here, with and without order: where it stands; 0: it is none of these.
  [[nodiscard]] Position newest_message(const xsr::Origin& origin) const;
  // It was erased, and has not come yet. Of the newest limits::kErasedUnseen of these.
  [[nodiscard]] bool erased_unseen(const xsr::Origin& origin) const {
    return erased_unseen_.contains(origin);
  }
  // Of our own item at `position`: what stands before it.
  [[nodiscard]] std::optional<xsr::Origin> before(Position position) const;

  // The member list.
  [[nodiscard]] const std::map<std::string, xsr::Record, std::less<>>& records() const {
    return records_;
  }
  [[nodiscard]] std::string_view affiliation(std::string_view jid) const;  // «none» if absent
  [[nodiscard]] const xsr::Version& list_version() const { return list_version_; }
  [[nodiscard]] std::string digest() const;  // in the current epoch's key
  // The same with one more record, as it will be.
  [[nodiscard]] std::string digest_with(const xsr::Record& record) const;

  [[nodiscard]] const std::map<std::string, Participant, std::less<>>& participants() const {
    return participants_;
  }
  [[nodiscard]] const Participant* participant(std::string_view link) const;
  [[nodiscard]] const Participant* enterprise_of(std::string_view jid) const;

  // A node's list is being fetched: `sync_after` is the next page's.
  [[nodiscard]] bool syncing() const { return syncing_; }
  [[nodiscard]] const std::string& sync_after() const { return sync_after_; }
  // An operation that was ordered counts for nothing here: the list may not be the hub's.
  [[nodiscard]] bool doubtful() const;
  // Where the present epoch began here; of one that a welcome told, the welcome.
  [[nodiscard]] Position epoch_at() const;
  // It lies before the newest items, which alone can be undone.
  [[nodiscard]] bool has_forgotten(const xsr::Version& version) const {
    return version < slots_base_.version;
  }
  // It had more items than are remembered here, or may have had: what an epoch takes back, or a
  // welcome, may be in the log alone. At a node.
  [[nodiscard]] bool may_have_forgotten() const;
  // Some that were ordered after that point are here, and it is not remembered where.
  [[nodiscard]] bool lost_sight_past(const xsr::Version& version) const;
  // Something in this log has to be understood and is not: the room is read-only here.
  [[nodiscard]] bool read_only() const { return needs_ > format_; }

  // For questions: lines of «name value».
  [[nodiscard]] std::string describe() const;
  [[nodiscard]] std::string describe_members() const;

 private:
  void apply_item(Position position, const StoredItem& stored);
  void apply_order(Position position, const StoredOrder& stored);
  void apply_welcomed(Position position, const Welcomed& welcomed);
  void apply_page(Position position, const ListPage& page);
  void take_part(Slot& slot, const xsr::Enterprise& enterprise, Position position);
  void note_erased(const std::string& payload, Position position);
  void order_item(Slot slot, const std::string& payload, bool is_void, Position position);
  void go_back(const xsr::Point& point);
  void set_record(const std::string& jid, std::optional<xsr::Record> record, Position position);
  void set_pending(Position position, std::optional<Pending> pending);
  void set_behind(Position position, Pending item);
  void push(Slot slot);
  void note_seen(const xsr::Origin& origin);

  std::uint32_t format_;
  std::string log_;
  std::string self_;
  xsr::Point point_;
  std::vector<EpochState> epochs_;
  std::deque<Slot> slots_;
  std::uint64_t slots_end_ = 0;                         // ordinal after the newest
  xsr::Point slots_base_;                               // before the oldest
  using Maker = std::pair<std::string, std::uint64_t>;  // link, incarnation
  std::map<Maker, Intervals> seen_;
  std::map<Maker, Intervals> lost_;  // what has come since may still be named
  std::map<Position, Pending> unordered_;
  // What has an order of before our welcome: offered when we are welcomed once more, by a hub that
  // may have lost it. The newest limits::kSharedHistory of them.
  std::map<Position, Pending> behind_;
  std::map<xsr::Origin, Position> unordered_at_;
  std::map<xsr::Origin, Position> erased_unseen_;  // → position of what erased it
  std::optional<xsr::Origin> last_own_;            // newest of ours that is ordered
  std::map<std::string, xsr::Record, std::less<>> records_;
  xsr::Version list_version_;
  std::map<std::string, Participant, std::less<>> participants_;
  bool syncing_ = false;
  std::string sync_after_;
  std::uint32_t needs_ = 0;  // format of the newest that has to be understood
  mutable std::optional<xsr::WideSum> sum_;

  // Records to be written.
  bool meta_changed_ = false;
  std::set<std::uint64_t> changed_slots_;
  std::set<Maker> changed_seen_;
  std::set<Maker> changed_lost_;
  std::set<Position> changed_pending_;
  std::set<xsr::Origin> changed_erased_;
  std::set<std::string> changed_records_;
  std::set<std::string> changed_participants_;
};

// The factory for an engine; for folding by hand.
[[nodiscard]] std::unique_ptr<engine::Facet> make_log();
// The same of a program that reads items up to that format (tests: the next one).
[[nodiscard]] engine::FacetFactory maker_of_logs(std::uint32_t format);

}  // namespace hansa::shared_log
