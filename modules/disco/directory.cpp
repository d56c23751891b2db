#include "modules/disco/directory.h"

#include <algorithm>
#include <iterator>

namespace hansa::disco {
namespace {

using Addresses = std::vector<storage::KeyValue>;

constexpr std::size_t kChunk = 128;        // addresses looked at in one round of reads
constexpr std::size_t kLookedAt = 16'384;  // for one page; each may have to be read from the disk

// Conversations hold this in their localparts; no other room does (protocol §4). They are many,
// and none is listed: they are not asked.
bool is_conversation(std::string_view address) {
  return address.substr(0, address.find('@')).find('%') != std::string_view::npos;
}

// The listed rooms among `addresses`. All are asked at once; whether an answer is still missing
// says turn.waiting().
std::vector<Listed> listed_of(engine::ServiceTurn& turn, const Addresses& addresses) {
  std::vector<Listed> out;
  for (const auto& [address, log_id] : addresses) {
    if (is_conversation(address)) continue;
    const Result<xmpp::Jid> room = xmpp::Jid::parse(address);
    if (!room) continue;
    const engine::Answer* answer = turn.ask({*room, std::string(rooms::kAsk), {}});
    if (answer == nullptr || !answer->exists || answer->failed) continue;
    rooms::Info info = rooms::read_info(*answer);
    if (info.listed && !info.conversation) out.push_back({address, std::move(info)});
  }
  return out;
}

Error too_many() {
  return Error(Condition::resource_constraint, "There are too many rooms to look through at once.");
}

// Takes rooms in order and keeps what belongs into the page.
class Page {
 public:
  explicit Page(const PageWanted& wanted) : wanted_(wanted) {}

  // False: the page is complete.
  bool take(xep_0030::Item item) {
    if (wanted_.before && !wanted_.before->empty() && item.jid >= *wanted_.before) {
      rooms_.more = true;
      return false;
    }
    ++seen_;
    rooms_.items.push_back(std::move(item));
    if (rooms_.items.size() <= wanted_.most) return true;
    if (!wanted_.before) {
      rooms_.items.pop_back();
      rooms_.more = true;
      return wanted_.most == 0;  // only the number is asked for: go on counting
    }
    rooms_.items.erase(rooms_.items.begin());
    return true;
  }

  [[nodiscard]] Rooms finish() && {
    if (!wanted_.after) rooms_.before = wanted_.before ? seen_ - rooms_.items.size() : 0;
    const bool whole = !wanted_.after && (!rooms_.more || (wanted_.most == 0 && !wanted_.before));
    if (whole) rooms_.count = seen_;
    return std::move(rooms_);
  }

 private:
  const PageWanted& wanted_;
  Rooms rooms_;
  std::size_t seen_ = 0;
};

}  // namespace

Result<Rooms> listed_rooms(engine::ServiceTurn& turn, const PageWanted& wanted) {
  Page page(wanted);
  std::string after = wanted.after.value_or("");
  for (std::size_t looked_at = 0; looked_at < kLookedAt; looked_at += kChunk) {
    const Result<Addresses>* addresses = turn.ask_rooms(after, kChunk);
    if (addresses == nullptr) return Rooms{};
    if (!*addresses) return addresses->error();
    const std::vector<Listed> listed = listed_of(turn, **addresses);
    if (turn.waiting()) return Rooms{};
    for (const Listed& room : listed) {
      if (!page.take({room.address, "", room.info.name})) return std::move(page).finish();
    }
    if ((*addresses)->size() < kChunk) return std::move(page).finish();
    after = (*addresses)->back().first;
  }
  return too_many();
}

Result<std::vector<Listed>> every_listed_room(engine::ServiceTurn& turn) {
  std::vector<Listed> all;
  std::string after;
  for (std::size_t looked_at = 0; looked_at < kLookedAt; looked_at += kChunk) {
    const Result<Addresses>* addresses = turn.ask_rooms(after, kChunk);
    if (addresses == nullptr) return all;
    if (!*addresses) return addresses->error();
    std::vector<Listed> listed = listed_of(turn, **addresses);
    if (turn.waiting()) return all;
    std::move(listed.begin(), listed.end(), std::back_inserter(all));
    if ((*addresses)->size() < kChunk) return all;
    after = (*addresses)->back().first;
  }
  return too_many();
}

}  // namespace hansa::disco
