#pragma once
// Who spoke as a room, to whom, when (requirement A+): for the room's owners, by query and command,
// and for the operator. Each act is a key of the shard's index, written in the same batch as the
// entry that it follows from; nothing of it leaves the node. What was said is in the conversation.

#include <optional>
#include <string>
#include <string_view>

#include "engine/turn.h"
#include "modules/act-as/conversation.h"
#include "modules/act-as/parts.h"
#include "xep-spec/act_as_talks.h"
#include "xep-spec/xep_0050_commands.h"

namespace hansa::act_as {

inline constexpr std::string_view kActsTopic = "act-as:acts";

// In a conversation: somebody did something as the acting room. `message`: stanza-id.
void note_act(engine::RoomTurn& turn, std::string_view did, const xmpp::Jid& member,
              std::string_view nick, std::string_view message = {});

// Acts of the room with that log: of `request` the times and the page; at most limits::kPageItems
// of them, in order of time. Null: a read was asked.
[[nodiscard]] std::optional<Result<xep_act_as::Acts>> acts_of(engine::ServiceTurn& turn,
                                                              std::string_view log,
                                                              const xep_act_as::Acts& request);

class Audit {
 public:
  explicit Audit(const Parts& parts) : parts_(parts) {}
  Status add_to(engine::Router& router);
  void on_command(engine::ServiceTurn& turn, const xmpp::Stanza& stanza,
                  const xep_0050::Request& request) const;

 private:
  static void on_query(engine::RoomTurn& turn, const xmpp::Stanza& stanza);
  static void on_passed(engine::RoomTurn& turn, const engine::Passed& passed);
  const Parts& parts_;
};

}  // namespace hansa::act_as
