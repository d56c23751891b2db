#pragma once
// Finds the entries of a room's log that a query asks for (XEP-0313 §4). Reads the log in pages, a
// bounded number of them; times are found by probing, as stamps never decrease.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/turn.h"
#include "modules/rooms/rooms.h"
#include "xep-spec/xep_0313_archive.h"

namespace hansa::archive {

// What is read, for whom: as of when the room judged it.
struct Scope {
  xmpp::Jid room;
  std::string log_id;
  engine::Position last = 0;  // of its log
  xmpp::Jid asker;
  bool real_addresses = false;  // he may know those of the speakers
};

// One message or subject; retracted: what is left of it.
struct Hit {
  engine::EntryPtr entry;
  rooms::Message message;
  std::optional<rooms::Tombstone> tombstone;
  [[nodiscard]] const std::string& id() const {
    return tombstone ? tombstone->stanza_id : message.stanza_id;
  }
};

struct Found {
  std::vector<Hit> hits;               // in the order of the log
  bool complete = false;               // nothing more matches in the direction of the paging
  std::optional<std::uint64_t> index;  // of the first hit among all that match
  std::optional<std::uint64_t> count;  // of all that match
};

// While turn.waiting() the result means nothing. Errors: item_not_found for an id that is not in
// the archive, forbidden for speakers whom the asker may not know, resource_constraint when too
// much would have to be looked through.
[[nodiscard]] Result<Found> search(engine::ServiceTurn& turn, const Scope& scope,
                                   const xep_0313::Query& query);
// The oldest and the newest one; empty: the archive is. As above.
[[nodiscard]] Result<std::vector<Hit>> ends(engine::ServiceTurn& turn, const Scope& scope);

}  // namespace hansa::archive
