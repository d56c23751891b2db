// The start of the link: who we are, and how we stand in our rooms. Buckets first; then the rooms
// of those that differ, in pages.

#include <algorithm>
#include <utility>

#include "base/encoding.h"
#include "base/limits.h"
#include "modules/shared-rooms/parts.h"

namespace hansa::shared_rooms {
namespace {

constexpr std::size_t kScan = 1000;

std::string log_of(const std::string& key) { return key.substr(key.find('/') + 1); }

// False: a read is not answered. What the disk refuses is left out.
template <typename Row>
bool for_each_row(ServiceTurn& turn, std::string from, const std::string& to, const Row& row) {
  while (true) {
    const auto* range = turn.ask_index(from, to, kScan);
    if (range == nullptr) return false;
    if (!*range) return true;
    for (const auto& [key, value] : **range) row(key, value);
    if ((*range)->size() < kScan) return true;
    from = (*range)->back().first + '\0';
  }
}

}  // namespace

void SharedRooms::Parts::on_link(ServiceTurn& turn, bool link_is_up) {
  up = link_is_up;
  if (!up) return;
  asked_for.clear();
  std::array<std::uint64_t, 256> shares{};
  std::vector<xmpp::Jid> waiting;  // rooms with something for the hub, that may not be in memory
  const auto add_share = [&](const std::string& key, const std::string& value) {
    const std::string log = log_of(key);
    shares[xsr::bucket_of(log)] ^= xsr::bucket_share(log, decode_row(value).point.version);
  };
  const auto note_waiting = [&](const std::string&, const std::string& value) {
    const auto room = xmpp::Jid::parse(value);
    if (room && room->domain() == settings.shared) waiting.push_back(*room);
  };
  if (!for_each_row(turn, "shared/", "shared0", add_share)) return;
  if (!for_each_row(turn, "lag/", "lag0", note_waiting)) return;
  xsr::Hello hello{settings.link, incarnation, xsr::kFormat, settings.format, public_key, {}};
  for (const std::uint64_t share : shares) {
    std::array<std::uint8_t, 8> bytes{};
    for (std::size_t b = 0; b < 8; ++b)
      bytes[b] = static_cast<std::uint8_t>(share >> (8 * (7 - b)));
    hello.buckets += hex(bytes);
  }
  send(turn, hello);
  for (const xmpp::Jid& room : waiting) turn.pass(room, {"shared:waits", {}, {}, {}, 0});
}

void SharedRooms::Parts::send_rooms(ServiceTurn& turn, const std::string& after) {
  const std::string from = "shared/" + after + (after.empty() ? "" : std::string(1, '\0'));
  const auto* range = turn.ask_index(from, "shared0", limits::kRoomsPage);
  if (range == nullptr) return;
  if (!*range) return hello_again(turn);
  xsr::Rooms rooms{after, {}, differ, {}};
  for (const auto& [key, value] : **range) {
    const std::string log = log_of(key);
    if (!std::binary_search(differ.begin(), differ.end(), xsr::bucket_of(log))) continue;
    const IndexRow row = decode_row(value);
    const auto address = xmpp::Jid::parse(row.address);
    if (address) rooms.rooms.push_back({*address, log, row.point});
  }
  if ((*range)->size() == limits::kRoomsPage) rooms.upto = log_of((*range)->back().first);
  send(turn, rooms);
}

// Not all rooms could be compared, here or at the hub.
void SharedRooms::Parts::hello_again(ServiceTurn& turn) {
  if (std::exchange(hello_due, true)) return;
  turn.later(Millis(limits::kLinkSilence_ms), [this](ServiceTurn& later) {
    hello_due = false;
    if (up) on_link(later, true);
  });
}

void SharedRooms::Parts::on_clear(ServiceTurn& turn, const std::string& link) {
  const auto place = seen.find(link);
  if (place == seen.end()) return;
  for (const xmpp::Jid& room : place->second) {
    turn.pass(room, {"shared:clear", {}, {{"link", link}}});
  }
  seen.erase(place);
}

}  // namespace hansa::shared_rooms
