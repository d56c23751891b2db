#pragma once
// Answers to the operator, decided like anything else: on the deciding thread, in a service turn,
// by reads. An answer comes in pages, so that neither a long log nor many rooms are held at once.

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "app/admin_request.h"
#include "base/result.h"
#include "engine/router.h"
#include "engine/turn.h"

namespace hansa::app {

// Where an answer goes on; empty at its beginning.
struct AdminPlace {
  std::string after;           // list: the last address
  storage::Position next = 0;  // log: the next position
};

struct AdminPage {
  std::string rows;
  std::optional<AdminPlace> next;  // none: this was the last page
};

// The page of the answer that begins at `place`. While turn.waiting() the result means nothing.
// Error: what the operator is told.
[[nodiscard]] Result<AdminPage> admin_page(engine::ServiceTurn& turn, const AdminRequest& request,
                                           const AdminPlace& place);

// Hands a change to its room; `done` is called when it is durable, or with what the operator is
// told. Not at all if the node ends first.
void pass_change(engine::ServiceTurn& turn, const RoomChange& change,
                 std::function<void(const Status&)> done);

// The questions that `room show` and `room members list` ask a room.
[[nodiscard]] Status add_admin_rows(engine::Router& router);

// "12<tab>stamp<tab>message<tab>speaker<tab>text", one line.
[[nodiscard]] std::string entry_row(const engine::Entry& entry);
// "message", "member" …
[[nodiscard]] std::string kind_name(engine::EntryKind kind);
// What a message or subject says to the eye; else the names of what is in it.
[[nodiscard]] std::string entry_text(const engine::Entry& entry);
// All that it says, one line of JSON (docs/operators.md, «Export»).
[[nodiscard]] std::string entry_json(const engine::Entry& entry);

}  // namespace hansa::app
