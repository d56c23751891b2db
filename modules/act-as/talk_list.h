#pragma once
// A room's conversations, a page at a time, in the order of their addresses (XEP-0059); as the
// extension's answer and as the table of an ad-hoc command. Also the forms of the two commands.

#include <optional>
#include <string>

#include "base/result.h"
#include "engine/turn.h"
#include "xep-spec/act_as_talks.h"
#include "xep-spec/xep_0050_commands.h"

namespace hansa::act_as {

// Null: a read was asked. Error: item_not_found for a place that is not in the list.
[[nodiscard]] std::optional<Result<xep_act_as::Conversations>> list_of(
    engine::ServiceTurn& turn, const xmpp::Jid& room, const xep_act_as::Conversations& asked);
[[nodiscard]] xep_0050::Response table_of(const xep_act_as::Conversations& list,
                                          std::string_view session);

}  // namespace hansa::act_as
