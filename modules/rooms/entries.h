#pragma once
// What the entries of rooms say, as bytes (engine/fields.h). A tag never changes its meaning: old
// logs are folded for ever (design §3). Real addresses of speakers stand in local parts only.

#include <string>
#include <string_view>
#include <utility>

#include "engine/entry.h"
#include "engine/fields.h"
#include "modules/rooms/rooms.h"

namespace hansa::rooms {

// created
[[nodiscard]] engine::SharedPart write_created(const xmpp::Jid& creator, const Config& config);
[[nodiscard]] xmpp::Jid read_creator(std::string_view bytes);
// settings, and the part of created that is the same
[[nodiscard]] engine::SharedPart write_settings(const Config& config);
[[nodiscard]] Config read_config(std::string_view bytes);

// member: an affiliation of none removes. `changed` and `since` follow from the entry's position
// and are written in records only.
[[nodiscard]] std::string write_member(std::string_view bare, const Member& member);
[[nodiscard]] std::pair<std::string, Member> read_member(std::string_view bytes);

// message, subject
[[nodiscard]] engine::SharedPart write_message(const Message& message);
[[nodiscard]] engine::LocalPart write_speaker(const Message& message);

// An address that we wrote ourselves; empty if it does not prepare any more.
[[nodiscard]] xmpp::Jid read_jid(std::string_view text);

}  // namespace hansa::rooms
