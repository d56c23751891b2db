#pragma once
// What the admin socket is asked (docs/operators.md, «The admin socket»): one line of words with a
// space between them, as `hansa room …` writes it. Values are percent-encoded.
//
//   room list
//   room show|export|create|destroy|log ROOM [key=value]…
//   room members list|add|remove ROOM [key=value]…
//
// The answer is one line, "ok" or "error TEXT", then rows: of fields with tabs between them; of an
// export, JSON.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/clock.h"
#include "base/result.h"
#include "storage/storage.h"
#include "xmpp/jid.h"

namespace hansa::app {

struct RoomList {};
struct RoomShow {
  xmpp::Jid room;
};
struct MembersList {
  xmpp::Jid room;
};
// A part of a log; of the entries from `since` until before `until`.
struct RoomLog {
  xmpp::Jid room;
  storage::Position from = 1;
  storage::Position to = std::numeric_limits<storage::Position>::max();
  std::uint64_t most = 0;  // the last ones of these positions; 0: all
  std::optional<WallTime> since{};
  std::optional<WallTime> until{};
  bool json = false;  // export: everything that an entry says
};
// What a room is to do: `topic` is one of rooms::kOperator….
struct RoomChange {
  xmpp::Jid room;
  std::string topic;
  std::map<std::string, std::string, std::less<>> params;
};
using AdminRequest = std::variant<RoomList, RoomShow, MembersList, RoomLog, RoomChange>;

// Error: bad_request, with a text for the operator.
[[nodiscard]] Result<AdminRequest> parse_request(std::string_view line);

// `text` on one line, fit for a terminal: control characters as \xNN or \n, backslashes doubled.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace hansa::app
