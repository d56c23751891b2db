#pragma once
// What the admin socket is asked (docs/operators.md, «The admin socket»): one line of words with a
// space between them, as `hansa room …` writes it.
//
//   room list
//   room show ADDRESS
//   room log ADDRESS [from=POSITION] [to=POSITION] [most=NUMBER]
//
// The answer is one line, "ok" or "error TEXT", then rows of fields with tabs between them.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.h"
#include "storage/storage.h"
#include "xmpp/jid.h"

namespace hansa::app {

struct RoomList {};
struct RoomShow {
  xmpp::Jid room;
};
struct RoomLog {
  xmpp::Jid room;
  storage::Position from = 1;
  storage::Position to = std::numeric_limits<storage::Position>::max();
  std::uint64_t most = 0;  // the last ones of these; 0: all
};
using AdminRequest = std::variant<RoomList, RoomShow, RoomLog>;

[[nodiscard]] std::string write_request(const AdminRequest& request);
// Error: bad_request, with a text for the operator.
[[nodiscard]] Result<AdminRequest> parse_request(std::string_view line);

// `text` on one line, fit for a terminal: control characters as \xNN or \n, backslashes doubled.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace hansa::app
