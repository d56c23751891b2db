#pragma once
// The list of the rooms that everybody may know of: two rows in the shard's index for each, one in
// the order of addresses, one in that of occupants (most first). They are written in the batch that
// makes them true, and a room that finds them otherwise when it is loaded writes them anew; so does
// one of before there was a list. A note says what they say.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/turn.h"

namespace hansa::rooms {

struct Context;

// What a row says of a room.
struct ListedRoom {
  std::string address;
  std::string name;
  std::string description;
  std::string lang;
  std::uint64_t users = 0;  // nicks that are in
  bool members_only = false;
  bool password = false;
  bool nonanonymous = false;
};

// The keys of its rows; and, with an empty address, where those of the order, or of so many users,
// begin. The end of each order is after all of them.
[[nodiscard]] std::string listed_key(std::string_view address);
[[nodiscard]] std::string busy_key(std::uint64_t users, std::string_view address);
inline constexpr std::string_view kListedEnd = "listed0";
inline constexpr std::string_view kBusyBegin = "busy/";
inline constexpr std::string_view kBusyEnd = "busy0";
[[nodiscard]] std::string write_listed(const ListedRoom& room);  // but its address
// Nothing: it is no such row.
[[nodiscard]] std::optional<ListedRoom> read_listed(std::string_view key, std::string_view value);

// Of a key in the order of users; 0 of any other.
[[nodiscard]] std::uint64_t users_of_key(std::string_view key);

// What the note says: the rows of a room as they are on the disk. No digest: there are none.
struct Listing {
  std::uint64_t digest = 0;
  std::uint64_t users = 0;
  bool operator==(const Listing&) const = default;
};
inline constexpr std::string_view kListedNote = "listed";
[[nodiscard]] Listing read_listing(std::string_view note);

// To be called after each change of settings or occupants, and when the room is loaded.
void keep_listing(engine::RoomTurn& turn);

// Topic of a question: «1» if the rows are as they should be, durably (bring_up.h).
inline constexpr std::string_view kAskListing = "rooms:listing";
[[nodiscard]] std::string answer_listing(const engine::RoomState& room, const xmpp::Jid& actor);
// This index key says that all rooms of the node have their rows: whoever is passed that writes it.
inline constexpr std::string_view kAllListedKey = "listed";
inline constexpr std::string_view kAllListedTopic = "rooms:all-listed";
void on_all_listed(const Context& context, engine::RoomTurn& turn, const engine::Passed& passed);

}  // namespace hansa::rooms
