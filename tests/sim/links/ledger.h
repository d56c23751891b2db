#pragma once
// What stands on the parties' disks, read beside them and folded as they fold it: all that is said
// of «durable», of lists and of digests is judged by this. What a log must be in itself is checked
// as it is read.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "engine/entry.h"
#include "tests/sim/judge.h"
#include "tests/sim/links/fold.h"
#include "tests/sim/links/party.h"
#include "xep-spec/shared_rooms.h"

namespace hansa::sim::links {

// A change of a list, as its actor asked for it.
struct Asked {
  std::string room;
  std::string actor;
  std::string jid;
  std::string affiliation;
  auto operator<=>(const Asked&) const = default;
};

struct Line {  // an entry
  engine::EntryKind kind = engine::EntryKind::shared;
  WallTime stamp;
  std::optional<xep_shared_rooms::Item> item;
  Names members;         // bare JIDs, after this entry
  Names links;           // at the hub: for whom it is
  bool syncing = false;  // the list is being fetched: who is in it will be known then
  bool void_ = false;    // an act that counts for nothing
};

class Ledger {
 public:
  using Version = xep_shared_rooms::Version;
  struct Room;
  Ledger(Schedule& schedule, Judge& judge, const std::vector<std::unique_ptr<Party>>& parties);
  ~Ledger();

  // The room as it is on that party's disk now; null: it has none.
  const Room* room(std::size_t party, const std::string& address);
  [[nodiscard]] std::optional<std::string> note(std::size_t party, const std::string& address,
                                                const std::string& key) const;
  // Of the room with that log on that disk; empty: none.
  [[nodiscard]] std::string address_of(std::size_t party, const storage::LogKey& log);
  // The disk is another one: all is read again.
  void forget(std::size_t party);
  // The hub is restored: what nodes have now may be offered to it, each its own part.
  void note_offers();
  [[nodiscard]] bool may_be_offered(const xep_shared_rooms::Origin& origin) const {
    return offers_.contains(origin);
  }
  void may_ask(const Asked& asked) { asked_.insert(asked); }
  // On that disk now: a line stays what it was when it was read.
  [[nodiscard]] bool is_erased(std::size_t party, const Room& room, engine::Position at) const;
  // Nobody is told of it any more: it is erased, or to be.
  [[nodiscard]] bool may_be_silent(std::size_t party, const Room& room, engine::Position at) const;
  [[nodiscard]] std::size_t parties() const { return parties_.size(); }
  [[nodiscard]] bool is_member(std::size_t party, const std::string& address,
                               const std::string& bare);
  // Of that domain; empty if there is none.
  [[nodiscard]] std::string an_owner(std::size_t party, const std::string& address,
                                     const std::string& domain);

 private:
  struct Seen {
    std::string list;
    std::string digest;
    std::string where;
  };
  void read_on(std::size_t party, const std::string& address, Room& room);
  void add(std::size_t party, const std::string& address, Room& room, const storage::Entry& stored);
  void know_again(const Room& room, xep_shared_rooms::Item& item);
  void check_item(const std::string& where, std::size_t party, const Room& room,
                  const shared_log::StoredItem& stored);
  void add_item(const std::string& where, const std::string& address, Room& room,
                const shared_log::StoredItem& stored);
  void check_order(const std::string& where, const Room& room, engine::EntryKind kind,
                   const Version& before);
  void check_list(const std::string& where, const Room& room);

  Schedule& schedule_;
  Judge& judge_;
  const std::vector<std::unique_ptr<Party>>& parties_;
  std::map<std::pair<std::size_t, std::string>, std::unique_ptr<Room>> rooms_;
  std::map<std::pair<std::size_t, std::string>, std::string> addresses_;  // of logs
  std::set<Asked> asked_;
  std::set<xep_shared_rooms::Origin> offers_;
  std::map<std::pair<std::string, Version>, Seen> lists_;  // (log id, version)
  std::map<std::pair<std::string, std::string>, std::uint64_t>
      digests_;  // (log id, digest) → epoch
  std::map<std::pair<std::string, xep_shared_rooms::Origin>, std::string> items_;  // → hash
  std::map<std::pair<std::string, xep_shared_rooms::Origin>, std::string> ids_;    // of messages
};

}  // namespace hansa::sim::links
