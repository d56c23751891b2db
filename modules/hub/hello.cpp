// The start of a link: who it is, and in which rooms the two of us differ. Rooms are compared by
// bucket digests, then bucket by bucket in pages, so that a thousand rooms that stand alike cost
// one frame.

#include <algorithm>

#include "base/encoding.h"
#include "base/limits.h"
#include "modules/hub/parts.h"

namespace hansa::hub {
namespace {

constexpr std::size_t kScan = 1000;

std::string log_of(const std::string& key) { return key.substr(key.find('/') + 1); }

bool takes_part(const IndexRow& row, std::string_view link) {
  return std::find(row.links.begin(), row.links.end(), link) != row.links.end();
}

}  // namespace

void Hub::Parts::on_link(ServiceTurn&, std::string_view link, bool up) {
  const auto place = links.find(link);
  if (place == links.end()) return;
  place->second.up = up;
  place->second.incarnation = 0;
}

void Hub::Parts::on_hello(ServiceTurn& turn, const std::string& link, const xsr::Hello& hello) {
  const auto place = links.find(link);
  if (place == links.end() || hello.link != link) {
    return problem(turn, link, {}, Error(Condition::not_allowed, "That is not your link."));
  }
  LinkState& state = place->second;
  const auto pin = pinned.find(link);
  if (pin != pinned.end() && pin->second != hello.key) {
    turn.log(LogLevel::error, link + " says a key that is not the configured one");
    return problem(turn, link, {}, Error(Condition::not_authorized, "That key is not yours."));
  }
  if (!state.key.empty() && state.key != hello.key) {
    turn.log(LogLevel::warning, link + " has a new key");
  }
  // At once: what follows the hello is judged by it.
  state.key = hello.key;
  state.format = hello.format_to;
  const auto scanned = turn.ask_whole_index("shared/", "shared0", kScan);
  if (!scanned) return;
  const std::vector<storage::KeyValue> none;
  const auto& rows = scanned->ok() ? **scanned : none;

  if (state.known != 0 && state.known != hello.incarnation) {
    for (const auto& [other, its] : links) {
      if (other != link && its.up) send(turn, other, xsr::Clear{link});
    }
  }
  state.incarnation = state.known = hello.incarnation;
  send(turn, link,
       xsr::Hello{
           settings.domain, incarnation, xsr::kFormat, settings.format, {}, {}, hello.incarnation});

  std::array<std::uint64_t, 256> shares{};
  for (const auto& [key, value] : rows) {
    const IndexRow row = decode_row(value);
    if (!takes_part(row, link)) continue;
    const std::string log = log_of(key);
    shares[xsr::bucket_of(log)] ^= xsr::bucket_share(log, row.version);
  }
  xsr::Differ differ;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    std::array<std::uint8_t, 8> bytes{};
    for (std::size_t b = 0; b < 8; ++b) {
      bytes[b] = static_cast<std::uint8_t>(shares[i] >> (8 * (7 - b)));
    }
    const bool said = hello.buckets.size() == 4096 && scanned->ok();
    if (!said || hello.buckets.compare(i * 16, 16, hex(bytes)) != 0) {
      differ.buckets.push_back(static_cast<std::uint8_t>(i));
    }
  }
  send(turn, link, differ);
}

void Hub::Parts::on_rooms(ServiceTurn& turn, const std::string& link, const xsr::Rooms& rooms) {
  const std::string from = "shared/" + rooms.after + (rooms.after.empty() ? "" : std::string(1, 0));
  const std::string to = rooms.upto.empty() ? "shared0" : "shared/" + rooms.upto + '\0';
  const auto rows = turn.ask_whole_index(from, to, kScan);
  if (!rows) return;
  if (!rows->ok()) return tell_missed(turn, link);
  LinkState& state = links.find(link)->second;
  const auto listed = [&](const std::string& log) {
    return std::find_if(rooms.rooms.begin(), rooms.rooms.end(),
                        [&](const xsr::Standing& one) { return one.log == log; });
  };
  const auto tell = [&](const xmpp::Jid& room, const std::string& log, const xsr::Point& point) {
    turn.pass(room, {"shared:standing",
                     {},
                     {{"link", link},
                      {"log", log},
                      {"epoch", std::to_string(point.version.epoch)},
                      {"seq", std::to_string(point.version.sequence)},
                      {"chain", point.chain}},
                     [&state](const Result<std::string>& done) {
                       --state.comparing;
                       state.missed = state.missed || !done;
                     }});
    ++state.comparing;
    look_at_missed(turn, link);
  };
  std::set<std::string> known;
  for (const auto& [key, value] : **rows) {
    const IndexRow row = decode_row(value);
    const std::string log = log_of(key);
    const auto it = listed(log);
    known.insert(log);
    if (it == rooms.rooms.end()) {
      const bool asked =
          std::binary_search(rooms.buckets.begin(), rooms.buckets.end(), xsr::bucket_of(log));
      const auto address = xmpp::Jid::parse(row.address);
      if (asked && address && takes_part(row, link)) tell(*address, log, {});
    } else if (it->point.version != row.version) {
      tell(it->room, log, it->point);
    }
  }
  for (const xsr::Standing& one : rooms.rooms) {
    if (!known.contains(one.log)) {
      problem(turn, link, one.room.text(), Error(Condition::item_not_found));
    }
  }
  if (!rooms.upto.empty()) send(turn, link, xsr::Next{rooms.upto});
}

// A room that could not be read, or could not store what it began, is compared once more.
void Hub::Parts::look_at_missed(ServiceTurn& turn, const std::string& link) {
  if (std::exchange(links.find(link)->second.looking, true)) return;
  turn.later(Millis(limits::kLinkSilence_ms), [this, link](ServiceTurn& later) {
    LinkState& state = links.find(link)->second;
    state.looking = false;
    if (state.comparing > 0) return look_at_missed(later, link);
    if (std::exchange(state.missed, false) && state.up) tell_missed(later, link);
  });
}

// Its node says hello again, after a while.
void Hub::Parts::tell_missed(ServiceTurn& turn, const std::string& link) const {
  problem(turn, link, {},
          Error(Condition::resource_constraint, "Not all rooms could be compared."));
}

}  // namespace hansa::hub
