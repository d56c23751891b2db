#pragma once
// The answer in somebody's own words to a question of ours (protocol §3): the first word of a chat
// message, in the languages that the node is configured to understand.

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace hansa::rooms {

// Language subtags (RFC 5646). No word says yes in one of them and no in another.
inline constexpr std::array<std::string_view, 8> kAnswerLanguages = {"en", "de", "es", "fr",
                                                                     "it", "nl", "pl", "pt"};
// Nothing: neither yes nor no in any of these languages.
[[nodiscard]] std::optional<bool> yes_or_no(std::string_view text,
                                            std::span<const std::string> languages);

}  // namespace hansa::rooms
