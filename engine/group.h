#pragma once
// One group of followers of a room at work (follower.h): who is live, who is catching up, what was
// sent and confirmed. A plain machine: it writes into an Outbox, takes entries from an EntrySource,
// and says when it wants a page from the disk. Owned by the room's executor; private to engine/.
//
// A *live* follower has been sent everything up to `sent()`. A *lagging* one has a position of its
// own. The group as a whole is *behind* when sent() is before that end: its link was down,
// it was paused, or the room was just loaded.

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/follower.h"
#include "engine/outbox.h"

namespace hansa::engine {

// Where a group finds durable entries: the room's tail, or pages read from the store.
class EntrySource {
 public:
  virtual ~EntrySource() = default;
  // The entry at `position` if it is in memory. Null: it is not, or it was truncated.
  [[nodiscard]] virtual EntryPtr entry(Position position) const = 0;
  // Asks for a page from `position` on; pump() is called when it is there.
  virtual void want(Position position) = 0;
  // First position that is kept.
  [[nodiscard]] virtual Position first() const = 0;
};

class Group {
 public:
  // `follows`: marks of followers are numbered from there on, so that those of a group that the
  // room had before it was loaded again mean nothing here.
  Group(GroupSpec spec, Position confirmed, Position late_until, std::uint64_t follows);

  [[nodiscard]] const GroupSpec& spec() const { return spec_; }
  [[nodiscard]] Position sent() const { return sent_; }
  [[nodiscard]] Position confirmed() const { return confirmed_; }
  [[nodiscard]] Position confirmed(std::string_view address) const;
  // Of the one who is furthest behind.
  [[nodiscard]] Position oldest_confirmed() const;
  [[nodiscard]] std::size_t size() const { return live_.size() + lagging_.size(); }

  // A follower is to be added, once what was decided before it is durable: until then nothing is
  // taken as confirmed for want of followers.
  void await() { ++awaited_; }
  // `until` > 0: a join; entries up to there are late, then caught_up.
  void add(const std::string& address, Position next, Position until);
  void remove(std::string_view address);
  void pause(bool paused) { paused_ = paused; }
  // Entries up to `position` may be sent: they are durable, and what was decided before is out.
  void allow(Position position) { allowed_ = std::max(allowed_, position); }
  // Something is still to be sent, whether or not it can be now.
  [[nodiscard]] bool behind() const { return sent_ < allowed_ || !lagging_.empty(); }
  // A confirmation is what it waits for to go on.
  [[nodiscard]] bool held_back() const { return one_by_one() && behind(); }
  [[nodiscard]] bool settled() const { return confirmed_ == allowed_ && own_.empty(); }
  // Forgets what can be made again.
  void rest() { cached_[0] = cached_[1] = {}; }
  // The link broke: what is not confirmed is sent again.
  void link_lost();
  // The same of a link that stands: not before send_again(), which is due in that time. Nothing:
  // it is due already.
  std::optional<Millis> lost();
  void send_again() { waits_ = false; }
  // Confirmations: of the group, or of a follower that was catching up (`follow`: which time).
  void confirm(Position position);
  void confirm(const std::string& follower, std::uint64_t follow, Position position);

  // Sends what can be sent now, first to the lagging, then to all, until the link's buffer is full
  // or a page is needed.
  struct Context {
    const RoomState& room;
    EntrySource& source;
    Outbox& outbox;
    const std::weak_ptr<RoomExecutor>& self;
  };
  // True if it stopped because its share of this turn is used up.
  bool pump(const Context& context);

 private:
  struct Lagging {
    std::string address;
    Position next;
    Position until;  // 0: none; late up to here, then caught_up
  };
  // Of one who is catching up, or did so without the host's word for it yet.
  struct Own {
    Position confirmed;
    std::uint64_t follow;  // grows with every add(): a mark of an earlier time means nothing
  };
  static constexpr std::uint8_t kPatience = 6;  // losses in a row, each after twice the time
  static constexpr std::size_t kLags = static_cast<std::size_t>(-1);
  [[nodiscard]] const std::optional<Encoded>& encode(const RoomState& room, const Entry& entry,
                                                     bool late);
  // True if the follower is live now.
  bool catch_up(const Context& context, Lagging& follower, std::size_t& share);
  void go_live(const Context& context, const Lagging& follower);
  // Unconfirmed entries are fewer than the window; what is not kept has no place in it.
  [[nodiscard]] bool may_send(const Context& context, Position next, Position confirmed) const {
    return spec_.window == 0 || spec_.confirmed_by == ConfirmedBy::host ||
           next <= std::max(confirmed, context.source.first() - 1) + spec_.window;
  }
  // A window of a group that the host confirms: to all of them nothing newer is sent before what
  // they were sent last is confirmed, or sent again. Who catches up is sent what he lacks at once.
  // One who could not take it for a minute does not hold up the others any more.
  [[nodiscard]] bool one_by_one() const {
    return spec_.window > 0 && spec_.confirmed_by == ConfirmedBy::host && losses_ < kPatience;
  }
  void take_from_live(std::size_t index);
  // Entries that a follower was still to be sent are not kept any more.
  void leave_behind(const Context& context, std::string_view address, Position& next) const;
  void pass_over_dropped(const Context& context);  // the same, for all that are live
  // The entry at sent() + 1 to all live ones, a slice at a time; true when all have it.
  bool send_next(const Context& context, const Entry& entry);
  [[nodiscard]] EntryPtr fetch(const Context& context, Position position) const;

  GroupSpec spec_;
  Position allowed_;
  Position sent_;
  Position confirmed_;
  Position late_until_;  // entries up to here may have been sent before: they are repeated
  bool paused_ = false;
  bool waits_ = false;       // for send_again()
  std::uint8_t losses_ = 0;  // since something was confirmed
  std::uint32_t awaited_ = 0;
  std::size_t slice_ = 0;          // live followers that have entry sent_ + 1 already
  std::vector<std::string> live_;  // escaped addresses, contiguous
  std::unordered_map<std::string, std::size_t> place_;  // in live_, or kLags
  std::vector<Lagging> lagging_;
  std::unordered_map<std::string, Own> own_;
  std::uint64_t follows_;
  // The last encoding, late and not: a thousand joins replay the same entries.
  struct Cached {
    Position position = 0;
    std::optional<Encoded> encoded;
  };
  Cached cached_[2];
};

}  // namespace hansa::engine
