#include "modules/rooms/history.h"

#include <algorithm>
#include <array>

#include "base/limits.h"
#include "modules/rooms/delivery.h"
#include "modules/rooms/occupants.h"
#include "modules/rooms/sessions.h"

namespace hansa::rooms {
namespace {

using engine::EntryPtr;
using engine::Position;

// Read for one join, in so many pages: blocks of kHistoryMax entries, not all of them messages.
// What lies further back is left out.
constexpr std::size_t kBlocks = 4;
constexpr std::size_t kPages = 12;
static_assert(kPages < limits::kReadsPerEvent);

struct Bounds {
  std::uint64_t stanzas = limits::kHistoryDefault;
  // Only these are counted: a room full of reactions and markers has a history, too.
  bool words_only = true;
  std::optional<std::uint64_t> chars;
  std::optional<WallTime> since;
};

Bounds bounds_of(const Config& config, const std::optional<xep_0045::History>& asked,
                 WallTime now) {
  Bounds bounds;
  const std::uint64_t most = config.history.value_or(limits::kHistoryMax);
  bounds.stanzas = std::min(config.history.value_or(limits::kHistoryDefault), most);
  if (!asked) return bounds;
  bounds.words_only = false;  // §7.2.15: of messages, whatever they are
  bounds.stanzas = std::min<std::uint64_t>(asked->maxstanzas.value_or(most), most);
  bounds.chars = asked->maxchars;
  bounds.since = asked->since;
  if (asked->seconds) {
    const auto ever = static_cast<std::uint64_t>(now.ms) / 1000;
    const auto back = static_cast<std::int64_t>(std::min(*asked->seconds, ever));
    const WallTime from{now.ms - back * 1000};
    bounds.since = bounds.since ? std::max(*bounds.since, from) : from;
  }
  return bounds;
}

// Somebody said something, in the clear or not; a reaction or a marker does not.
bool has_words(const engine::Entry& entry) {
  const std::string content = read_message(entry).content;
  constexpr std::array<std::string_view, 3> kWords = {"<body", "<encrypted", "<openpgp"};
  return std::any_of(kWords.begin(), kWords.end(), [&](std::string_view word) {
    return content.find(word) != std::string::npos;
  });
}

// Walks back from the newest entry as far as the bounds let it.
class Walk {
 public:
  Walk(const engine::RoomState& room, const xmpp::Jid& who, Bounds bounds)
      : room_(room), who_(who), bounds_(bounds), first_(room.last_position() + 1) {}

  // False: no entry before this one is wanted either.
  bool take(const engine::Entry& entry) {
    if (bounds_.since && entry.stamp < *bounds_.since) return false;
    if (!is_history(entry)) return true;
    if (count_ >= bounds_.stanzas) return false;
    if (bounds_.chars) {
      const engine::Encoded encoded = encode_message(room_, entry, true);
      chars_ += encoded.before.size() + who_.text().size() + encoded.after.size();
      if (chars_ > *bounds_.chars) return false;
    }
    if (!bounds_.words_only || has_words(entry)) ++count_;
    first_ = entry.position;
    return count_ < bounds_.stanzas && ++taken_ < limits::kHistoryMax;
  }
  [[nodiscard]] Position first() const { return first_; }
  [[nodiscard]] bool wants_any() const {
    return bounds_.stanzas > 0 && (!bounds_.chars || *bounds_.chars > 0);
  }

 private:
  const engine::RoomState& room_;
  const xmpp::Jid& who_;
  Bounds bounds_;
  Position first_;
  std::uint64_t count_ = 0;
  std::uint64_t taken_ = 0;
  std::uint64_t chars_ = 0;
};

// The entries from `from` up to, without, `before`. Nothing: a read was asked.
std::optional<std::vector<EntryPtr>> read_block(engine::RoomTurn& turn, Position from,
                                                Position before, std::size_t& pages) {
  std::vector<EntryPtr> entries;
  for (; pages > 0 && from < before; --pages) {
    const auto* const page = turn.ask_page(turn.room().address(), from, limits::kReadPageBytes);
    if (page == nullptr) return std::nullopt;
    if (!page->ok() || (*page)->empty()) break;
    for (const EntryPtr& entry : **page) {
      if (entry->position < before) entries.push_back(entry);
    }
    from = (*page)->back()->position + 1;
  }
  // With a gap before what follows it is no history.
  if (from < before) return std::vector<EntryPtr>();
  return entries;
}

std::optional<Position> walk_back(engine::RoomTurn& turn, const xmpp::Jid& who, Bounds bounds) {
  Walk walk(turn.room(), who, bounds);
  if (!walk.wants_any()) return walk.first();
  const auto& tail = turn.room().tail();
  for (auto entry = tail.rbegin(); entry != tail.rend(); ++entry) {
    if (!walk.take(**entry)) return walk.first();
  }
  Position before = tail.empty() ? turn.room().last_position() + 1 : tail.front()->position;
  std::size_t pages = kPages;
  for (std::size_t block = 0; block < kBlocks && before > 1; ++block) {
    const Position from = before > limits::kHistoryMax ? before - limits::kHistoryMax : 1;
    const auto older = read_block(turn, from, before, pages);
    if (!older) return std::nullopt;
    if (older->empty()) break;
    for (auto entry = older->rbegin(); entry != older->rend(); ++entry) {
      if (!walk.take(**entry)) return walk.first();
    }
    before = older->front()->position;
  }
  return walk.first();
}

}  // namespace

Position reached(const engine::RoomTurn& turn, const xmpp::Jid& who) {
  const Room& room = room_of(turn);
  Position confirmed = 0;
  for (const Session* const session : sessions_of(room, who)) {
    const std::string_view group = session_group(turn, session->jid);
    confirmed = std::max(confirmed, turn.confirmed(group, session->jid.text()));
  }
  if (confirmed != 0) return confirmed;
  if (const auto cursor = room.cursor(who)) return *cursor;
  const auto member = room.members().find(std::string(who.bare_text()));
  return member == room.members().end() ? 0 : member->second.since;
}

std::optional<HistoryStart> history_start(engine::RoomTurn& turn,
                                          const std::optional<xep_0045::History>& asked,
                                          const xmpp::Jid& who, bool member) {
  const auto first = walk_back(turn, who, bounds_of(room_of(turn).config(), asked, turn.now()));
  if (!first) return std::nullopt;
  HistoryStart start{*first};
  if (asked || !member) return start;
  const Position end = turn.room().last_position();
  const Position oldest = end > limits::kHistoryMax ? end - limits::kHistoryMax + 1 : 1;
  const Position since = reached(turn, who) + 1;
  start.first = std::min(*first, std::max(since, oldest));
  if (since < start.first) start.left_out = start.first - since;
  return start;
}

}  // namespace hansa::rooms
