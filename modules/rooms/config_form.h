#pragma once
// The form by which owners see and change a room's settings (XEP-0045 §10.1.3, §10.2): between
// Config and fields, nothing else.

#include "base/result.h"
#include "modules/rooms/rooms.h"
#include "xep-spec/xep_0004_forms.h"

namespace hansa::rooms {

[[nodiscard]] xep_0004::Form write_form(const xmpp::Jid& room, const Config& config);
// `config` with what the form says; fields that it lacks, or that we do not know, change nothing.
// Error: not_acceptable, naming the field.
[[nodiscard]] Result<Config> read_form(const xep_0004::Form& form, Config config);

}  // namespace hansa::rooms
