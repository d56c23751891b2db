#pragma once
// Hashes, HMAC and comparison of secrets; OpenSSL stands behind it. Cannot fail: an OpenSSL that
// lacks one of them ends the process.

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

// Fills `out` with the expansion of `data` (SHAKE128, FIPS 202).
void shake128(std::string_view data, std::span<std::uint8_t> out);

// Ed25519 (RFC 8032). A seed is the 32 bytes that a private key is made of: any random ones.
using Ed25519Seed = std::array<std::uint8_t, 32>;
using Ed25519Key = std::array<std::uint8_t, 32>;
using Ed25519Signature = std::array<std::uint8_t, 64>;
[[nodiscard]] Ed25519Key ed25519_public(const Ed25519Seed& seed);
[[nodiscard]] Ed25519Signature ed25519_sign(const Ed25519Seed& seed, std::string_view data);
// False for a key that is no point of the curve, too.
[[nodiscard]] bool ed25519_verify(const Ed25519Key& key, std::string_view data,
                                  const Ed25519Signature& signature);

// Equal or not, in a time that depends on the lengths only.
[[nodiscard]] bool equal_constant_time(std::string_view a, std::string_view b);

}  // namespace hansa
