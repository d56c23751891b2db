#pragma once
// Followers (design idea 7): whoever is sent a room's entries. A *group* shares a link and one
// encoding per entry: the room's sessions are one group, a conversation's peer another. What is
// still to be sent is the log after a follower's position, never a queue of copies.
//
// Positions of a group: `sent` (handed to the link, for all that do not lag) and `confirmed` (the
// host took it). `confirmed` is kept as the note live/<group>, written with the next append or at
// most limits::kLiveNote_ms later; after a crash, or a broken link, what lies behind it is sent
// again, with the same ids, marked late.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/entry.h"

namespace hansa::engine {

class RoomState;

// One encoding of one entry for all followers of a group: `before` + address + `after`.
struct Encoded {
  std::string before;  // up to and including  to='
  std::string after;   // from the closing quote on
};

// How a kind of follower is reached; one object per kind, without state (rooms: sessions; act-as:
// peer).
class Delivery {
 public:
  virtual ~Delivery() = default;
  // Null: this entry is nothing for them. `late`: it is being repeated, or comes from history, and
  // carries a <delay/> (XEP-0203).
  [[nodiscard]] virtual std::optional<Encoded> encode(const RoomState& room, const Entry& entry,
                                                      bool late) const = 0;
  // Called when a follower that was catching up has been sent everything up to `until`, the end
  // given to it (a join's history): rooms write the subject there. Appends
  // whole stanzas; `address` is escaped already, to be written as it is.
  virtual void caught_up(const RoomState& room, std::string_view address, std::string& out) const {
    static_cast<void>(room);
    static_cast<void>(address);
    static_cast<void>(out);
  }
  // Called instead of the entries [from, first), which it was still to be sent and which are kept
  // no longer (RoomTurn::truncate). As above.
  virtual void left_behind(const RoomState& room, std::string_view address, Position from,
                           Position first, std::string& out) const {
    static_cast<void>(room);
    static_cast<void>(address);
    static_cast<void>(from);
    static_cast<void>(first);
    static_cast<void>(out);
  }
};

// Of those beyond this node: another node, the hub, a foreign peer. What is written for them cannot
// take anything of the local part. Groups on the link of a peer (Addressing::peers) must be such.
class LinkDelivery : public Delivery {
 public:
  [[nodiscard]] std::optional<Encoded> encode(const RoomState& room, const Entry& entry,
                                              bool late) const final {
    return encode_shared(room, entry, late);
  }
  [[nodiscard]] virtual std::optional<Encoded> encode_shared(const RoomState& room,
                                                             const SharedEntry& entry,
                                                             bool late) const = 0;
};

enum class ConfirmedBy : std::uint8_t {
  host,  // by the confirming ping
  // By RoomTurn::confirm_follower: a foreign room's reflection, another node's answer. Such a group
  // is paused at load and when its link breaks, until its module resumes it. It has one position
  // for all its followers: mostly it has one.
  module,
};

struct GroupSpec {
  std::string name;    // part of the note's key: live/<name>
  std::string domain;  // of the link
  const Delivery* delivery = nullptr;
  ConfirmedBy confirmed_by = ConfirmedBy::host;
  std::size_t window = 0;  // most entries sent and not confirmed; 0: no bound. By host: group.h
};

}  // namespace hansa::engine
