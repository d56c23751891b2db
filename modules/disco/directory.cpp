#include "modules/disco/directory.h"

#include <algorithm>

namespace hansa::disco {
namespace {

// Rows are read in parts, each twice as long as the one before: a turn begins anew with each, and
// looks at no row more than twice as often as once.
constexpr std::size_t kFirstPart = 128;
constexpr std::size_t kParts = 6;         // for a page: 8,064 rows
constexpr std::size_t kPartsCounted = 5;  // of a list that is counted: 3,968

struct Range {
  std::string low;   // the first key
  std::string high;  // after the last one
};

std::string key_of(Order order, const Place& place) {
  return order == Order::address ? rooms::listed_key(place.address)
                                 : rooms::busy_key(place.users, place.address);
}

Range whole(const Wanted& wanted) {
  if (wanted.order == Order::address) {
    return {rooms::listed_key({}), std::string(rooms::kListedEnd)};
  }
  return {std::string(rooms::kBusyBegin), wanted.least_users == 0
                                              ? std::string(rooms::kBusyEnd)
                                              : rooms::busy_key(wanted.least_users - 1, {})};
}

Range range_of(const Wanted& wanted) {
  Range range = whole(wanted);
  if (wanted.after) range.low = std::max(range.low, key_of(wanted.order, *wanted.after) + '\0');
  if (wanted.before && !wanted.before->address.empty()) {
    range.high = std::min(range.high, key_of(wanted.order, *wanted.before));
  }
  return range;
}

bool fits(const Wanted& wanted, const ListedRoom& room) {
  return room.users >= wanted.least_users && (!wanted.fits || wanted.fits(room));
}

enum class End : std::uint8_t { waiting, range, enough, parts };
struct Walked {
  End end = End::range;
  std::string last;  // key of the last row looked at
};

// The rows of a range, from one end of it to the other, while `take` says so.
template <typename Take>
Result<Walked> walk(engine::ServiceTurn& turn, Range range, bool back, std::size_t parts,
                    Take take) {
  Walked walked;
  for (std::size_t part = 0; part < parts; ++part) {
    if (range.low >= range.high) return walked;
    const std::size_t most = kFirstPart << part;
    const auto* const rows = back ? turn.ask_index(range.high, range.low, most)
                                  : turn.ask_index(range.low, range.high, most);
    if (rows == nullptr) return Walked{End::waiting, {}};
    if (!*rows) return rows->error();
    for (const auto& [key, value] : **rows) {
      walked.last = key;
      const std::optional<ListedRoom> room = rooms::read_listed(key, value);
      if (room && !take(*room)) {
        walked.end = End::enough;
        return walked;
      }
    }
    if ((*rows)->size() < most) return walked;
    back ? range.high = walked.last : range.low = walked.last + '\0';
  }
  walked.end = End::parts;
  return walked;
}

// How many there are of all; less than that, if not all of them were looked at.
struct Counted {
  std::uint64_t rooms = 0;
  bool all = false;
};
Result<Counted> count(engine::ServiceTurn& turn, const Wanted& wanted) {
  Counted counted;
  const auto walked = walk(turn, whole(wanted), false, kPartsCounted, [&](const ListedRoom& room) {
    if (fits(wanted, room)) ++counted.rooms;
    return true;
  });
  if (!walked) return walked.error();
  counted.all = walked->end == End::range;
  return counted;
}

Status read_page(engine::ServiceTurn& turn, const Wanted& wanted, bool back, Found& found) {
  const auto walked = walk(turn, range_of(wanted), back, kParts, [&](const ListedRoom& room) {
    if (!fits(wanted, room)) return true;
    found.more = found.rooms.size() == wanted.most;
    if (!found.more) found.rooms.push_back(room);
    return !found.more;
  });
  if (!walked) return walked.error();
  if (back) std::reverse(found.rooms.begin(), found.rooms.end());
  if (back ? walked->end == End::range : !wanted.after.has_value()) found.before = 0;
  if (walked->end != End::parts) return Done{};
  const ListedRoom last = rooms::read_listed(walked->last, {}).value_or(ListedRoom{});
  found.more = true;
  found.reached = Place{rooms::users_of_key(walked->last), last.address};
  return Done{};
}

}  // namespace

Result<Found> find_rooms(engine::ServiceTurn& turn, const Wanted& wanted) {
  Found found;
  const bool back = wanted.before && !wanted.after;
  if (wanted.most > 0) {
    const Status read = read_page(turn, wanted, back, found);
    if (!read) return read.error();
  }
  const bool at_an_end = !wanted.after && (!wanted.before || wanted.before->address.empty());
  if (turn.waiting() || !at_an_end) return found;
  const Result<Counted> counted = count(turn, wanted);
  if (!counted) return counted.error();
  if (counted->all || wanted.most == 0) found.count = counted->rooms;
  if (back && counted->all) found.before = counted->rooms - found.rooms.size();
  return found;
}

}  // namespace hansa::disco
