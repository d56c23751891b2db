#pragma once
// Hashes, HMAC and comparison of secrets; OpenSSL stands behind it. Cannot fail: an OpenSSL that
// lacks SHA-1 or SHA-256 ends the process.

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace hansa {

using Sha1 = std::array<std::uint8_t, 20>;
using Sha256 = std::array<std::uint8_t, 32>;

// SHA-1 is used only where a standard prescribes it (XEP-0114 handshake, XEP-0115).
[[nodiscard]] Sha1 sha1(std::string_view data);
[[nodiscard]] Sha256 sha256(std::string_view data);
[[nodiscard]] Sha256 hmac_sha256(std::string_view key, std::string_view data);

// Equal or not, in a time that depends on the lengths only.
[[nodiscard]] bool equal_constant_time(std::string_view a, std::string_view b);

}  // namespace hansa
