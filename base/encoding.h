#pragma once
// Text forms of bytes: lower-case hexadecimal, and lower-case base32 (RFC 4648 §6 alphabet, no
// padding), the form of all our tokens.

#include <cstdint>
#include <span>
#include <string>

namespace hansa {

[[nodiscard]] std::string hex(std::span<const std::uint8_t> bytes);
[[nodiscard]] std::string base32(std::span<const std::uint8_t> bytes);

}  // namespace hansa
