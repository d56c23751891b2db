#pragma once
// Presence that the room sends about its occupants (XEP-0045 §7.2.2–§7.2.4, §7.14): to each session
// with what it may see (real addresses) and with 110 if it is its own.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "modules/rooms/occupants.h"
#include "xep-spec/xep_0045_muc.h"

namespace hansa::rooms {

// What is special about one showing.
struct Change {
  bool gone = false;  // type unavailable
  std::vector<int> status = {};
  std::string new_nick = {};  // with 303
  std::string actor = {};
  std::string reason = {};
  // Of the member list (list_versions.h), as XML: of a change, for those who see whose it is.
  std::string versions = {};
  std::string list = {};  // the same of the present list, for himself
  std::optional<xep_0045::Destroy> destroy = {};
  // Of the presence of his that this answers: that client gets it back (§7.2.2), as of messages;
  // there are clients that wait for it.
  std::string id = {};
};

// One presence, written once for each kind of receiver and not for each receiver. Uses the room's
// settings as they are when it is made.
class Showing {
 public:
  Showing(const engine::RoomState& room, Appearance who, Change change);
  // To one session: `self` if it is (a client of) that occupant; `extra` are codes for it alone.
  void send(engine::RoomTurn& turn, const Session& to, bool self,
            const std::vector<int>& extra = {});
  // To all who see the occupant (views.h); to those under his nick as their own.
  void send_all(engine::RoomTurn& turn);
  // The same without that session, which has been told.
  void send_others(engine::RoomTurn& turn, const xmpp::Jid& except);

 private:
  [[nodiscard]] std::string after_address(bool real, bool self,
                                          const std::vector<int>& extra) const;
  const Config& config_;
  Appearance who_;
  Change change_;
  std::string before_;                      // up to and including  to='
  std::optional<std::string> after_[2][2];  // [real][self]
};

// Shows that occupant again to all, with the session whose presence came last.
void show_occupant(const Context& context, engine::RoomTurn& turn, std::string_view nick,
                   Change change = {});
// Everybody whom it sees (views.h), and the virtual occupants, to a session that comes in (§7.2.2).
void show_others_to(const Context& context, engine::RoomTurn& turn, const Session& to);

}  // namespace hansa::rooms
