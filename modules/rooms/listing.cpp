#include "modules/rooms/listing.h"

#include <algorithm>
#include <charconv>

#include "engine/fields.h"
#include "modules/rooms/context.h"

namespace hansa::rooms {
namespace {

constexpr std::string_view kListedBegin = "listed/";
constexpr std::uint64_t kMostUsers = 9'999'999'999;  // ten digits, so that keys are in order
constexpr std::size_t kDigits = 10;

constexpr std::uint32_t kName = 1;
constexpr std::uint32_t kDescription = 2;
constexpr std::uint32_t kLang = 3;
constexpr std::uint32_t kUsers = 4;
constexpr std::uint32_t kMembersOnly = 5;
constexpr std::uint32_t kPassword = 6;
constexpr std::uint32_t kNonanonymous = 7;

bool is_listed(const engine::RoomState& state) {
  const Config& config = state.get<Room>().config();
  return state.exists() && config.listed && !config.conversation && !config.locked;
}

std::string row_of(const Room& room) {
  const Config& config = room.config();
  return write_listed({{},
                       config.name,
                       config.description,
                       config.lang,
                       room.occupants(),
                       config.members_only,
                       !config.password.empty(),
                       config.nonanonymous});
}

// FNV-1a: a row that is another one than was written is seen, nothing more is asked of it.
std::uint64_t digest_of(std::string_view bytes) {
  std::uint64_t digest = 14'695'981'039'346'656'037U;
  for (const char c : bytes) {
    digest = (digest ^ static_cast<unsigned char>(c)) * 1'099'511'628'211U;
  }
  return digest == 0 ? 1 : digest;
}

Listing listing_of(const engine::RoomState& state, const std::string& row) {
  if (!is_listed(state)) return {};
  return {digest_of(row), state.get<Room>().occupants()};
}

}  // namespace

std::string listed_key(std::string_view address) {
  return std::string(kListedBegin).append(address);
}

std::string busy_key(std::uint64_t users, std::string_view address) {
  const std::string digits = std::to_string(kMostUsers - std::min(users, kMostUsers));
  std::string key(kBusyBegin);
  key.append(kDigits - digits.size(), '0').append(digits).append("/").append(address);
  return key;
}

std::string write_listed(const ListedRoom& room) {
  engine::FieldWriter out;
  out.put_if(kName, room.name).put_if(kDescription, room.description).put_if(kLang, room.lang);
  out.put_unless_0(kUsers, room.users).put_unless_0(kMembersOnly, room.members_only ? 1 : 0);
  out.put_unless_0(kPassword, room.password ? 1 : 0);
  out.put_unless_0(kNonanonymous, room.nonanonymous ? 1 : 0);
  return out.take();
}

std::optional<ListedRoom> read_listed(std::string_view key, std::string_view value) {
  ListedRoom room;
  if (key.starts_with(kListedBegin)) {
    room.address = key.substr(kListedBegin.size());
  } else if (key.starts_with(kBusyBegin) && key.size() > kBusyBegin.size() + kDigits) {
    room.address = key.substr(kBusyBegin.size() + kDigits + 1);
  } else {
    return std::nullopt;
  }
  const engine::FieldReader in(value);
  room.name = in.text(kName);
  room.description = in.text(kDescription);
  room.lang = in.text(kLang);
  room.users = in.number(kUsers);
  room.members_only = in.number(kMembersOnly) != 0;
  room.password = in.number(kPassword) != 0;
  room.nonanonymous = in.number(kNonanonymous) != 0;
  return room;
}

std::uint64_t users_of_key(std::string_view key) {
  std::uint64_t less = kMostUsers;
  if (key.starts_with(kBusyBegin)) {
    key.remove_prefix(kBusyBegin.size());
    std::from_chars(key.data(), key.data() + key.size(), less);
  }
  return kMostUsers - less;
}

Listing read_listing(std::string_view note) {
  Listing listing;
  const char* const end = note.data() + note.size();
  const auto read = std::from_chars(note.data(), end, listing.users);
  if (read.ptr != end) std::from_chars(read.ptr + 1, end, listing.digest);
  return listing;
}

void keep_listing(engine::RoomTurn& turn) {
  const Room& room = room_of(turn);
  const Listing was = room.listing();
  const bool listed = is_listed(turn.room());
  if (!listed && was == Listing()) return;
  const std::string row = listed ? row_of(room) : std::string();
  const Listing now = listing_of(turn.room(), row);
  if (now == was) return;
  const std::string address(turn.room().address().bare_text());
  if (was.digest != 0 && (!listed || was.users != now.users)) {
    turn.index(busy_key(was.users, address), std::nullopt);
  }
  if (listed) {
    turn.index(busy_key(now.users, address), row);
    turn.index(listed_key(address), row);
    turn.note(std::string(kListedNote),
              std::to_string(now.users) + ' ' + std::to_string(now.digest));
  } else {
    turn.index(listed_key(address), std::nullopt);
    turn.note(std::string(kListedNote), std::nullopt);
  }
}

std::string answer_listing(const engine::RoomState& state, const xmpp::Jid&) {
  const Room& room = state.get<Room>();
  return room.listing() == listing_of(state, row_of(room)) ? "1" : "";
}

void on_all_listed(const Context&, engine::RoomTurn& turn, const engine::Passed&) {
  if (turn.room().exists()) turn.index(std::string(kAllListedKey), "1");
}

}  // namespace hansa::rooms
