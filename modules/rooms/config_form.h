#pragma once
// The form by which owners see and change a room's settings (XEP-0045 §10.1.3, §10.2): between
// Config (and the lists of owners and admins) and fields, nothing else.

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "modules/rooms/rooms.h"
#include "xep-spec/xep_0004_forms.h"

namespace hansa::rooms {

// What a submitted form says. Fields that it lacks, or that we do not know, change nothing.
struct Submitted {
  Config config;
  std::optional<std::vector<xmpp::Jid>> owners;  // all of them, bare; nothing: as they are
  std::optional<std::vector<xmpp::Jid>> admins;
};

[[nodiscard]] xep_0004::Form write_form(const xmpp::Jid& room, const Config& config,
                                        const MemberList& members);
// Who may act as the room: the fields of it as a new room has them, for other forms.
[[nodiscard]] std::vector<xep_0004::Field> acting_fields();
// `config` with what the form says. Error: not_acceptable, naming the field.
[[nodiscard]] Result<Submitted> read_form(const xep_0004::Form& form, Config config);

}  // namespace hansa::rooms
