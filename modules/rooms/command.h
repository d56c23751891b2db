#pragma once
// Ad-hoc commands (XEP-0050) that modules offer at a service, and what those of one form have in
// common: no session is kept, what a stage must know stands in its form. Part of rooms.h.

#include <functional>
#include <string>
#include <string_view>

#include "engine/turn.h"
#include "xep-spec/xep_0004_forms.h"
#include "xep-spec/xep_0050_commands.h"

namespace hansa::rooms {

struct Command {
  std::string node;
  std::string name;
  std::function<void(engine::ServiceTurn&, const xmpp::Stanza&, const xep_0050::Request&)> run;
  // Empty: everybody may use it. Others are refused, and do not see it in discovery.
  std::function<bool(const xmpp::Jid&)> is_for{};
};

// The form, to be completed.
void offer(engine::ServiceTurn& turn, std::string_view node, xep_0004::Form form);
[[nodiscard]] inline bool is_filled(const xep_0050::Request& request) {
  return request.form && request.form->type == "submit";
}
// What was filled in cannot be taken (§4.4).
void refuse_form(engine::Turn& turn, std::string text);

}  // namespace hansa::rooms
