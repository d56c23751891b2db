#pragma once
// Text forms of bytes: lower-case hexadecimal, base64 (to read), and lower-case base32 (RFC 4648 §6
// alphabet, no padding), the form of all our tokens.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace hansa {

[[nodiscard]] std::string hex(std::span<const std::uint8_t> bytes);
// Nothing if it is not lower-case hexadecimal digits, two for each byte.
[[nodiscard]] std::optional<std::string> unhex(std::string_view text);
// Control characters, spaces and % as %NN (two lower-case hexadecimal digits), the rest as it is.
[[nodiscard]] std::string percent_encode(std::string_view text);
// Nothing for a % without two digits behind it.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text);
// RFC 4648 §4, white space passed over, padding as it must be. Nothing for anything else.
[[nodiscard]] std::optional<std::string> unbase64(std::string_view text);
[[nodiscard]] std::string base32(std::span<const std::uint8_t> bytes);

}  // namespace hansa
