#include "base/crypto.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <string>

#include "base/encoding.h"

using namespace hansa;

TEST_CASE("crypto: SHA-1 and SHA-256, the vectors of FIPS 180-2") {
  CHECK(hex(sha1("abc")) == "a9993e364706816aba3e25717850c26c9cd0d89d");
  CHECK(hex(sha1("")) == "da39a3ee5e6b4b0d3255bfef95601890afd80709");
  CHECK(hex(sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(hex(sha256(std::string(1'000'000, 'a'))) ==
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("crypto: the handshake of XEP-0114 §3") {
  CHECK(hex(sha1("3BF96D32"
                 "test")) == "aaee83c26aeeafcbabeabfcbcd50df997e0a2a1e");
}

TEST_CASE("crypto: HMAC-SHA-256, the vectors of RFC 4231") {
  CHECK(hex(hmac_sha256(std::string(20, '\x0b'), "Hi There")) ==
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  CHECK(hex(hmac_sha256("Jefe", "what do ya want for nothing?")) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(hex(hmac_sha256(std::string(131, '\xaa'),
                        "Test Using Larger Than Block-Size Key - Hash Key First")) ==
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST_CASE("crypto: secrets are equal or not, to the last byte") {
  CHECK(equal_constant_time("", ""));
  CHECK(equal_constant_time("secret", "secret"));
  CHECK_FALSE(equal_constant_time("secret", "secreT"));
  CHECK_FALSE(equal_constant_time("secret", "secret "));
  CHECK_FALSE(equal_constant_time("secret", ""));
  CHECK_FALSE(equal_constant_time(std::string("a\0b", 3), std::string("a\0c", 3)));
}

namespace {

template <std::size_t N>
std::array<std::uint8_t, N> from_hex(std::string_view text) {
  std::array<std::uint8_t, N> out{};
  const auto bytes = unhex(text);
  REQUIRE(bytes.has_value());
  REQUIRE(bytes->size() == N);
  std::copy(bytes->begin(), bytes->end(), out.begin());
  return out;
}

}  // namespace

TEST_CASE("crypto: SHAKE128, the vectors of FIPS 202") {
  std::array<std::uint8_t, 32> out{};
  shake128("", out);
  CHECK(hex(out) == "7f9c2ba4e88f827d616045507605853ed73b8093f6efbc88eb1a6eacfa66ef26");
  std::array<std::uint8_t, 8> less{};
  shake128("", less);
  CHECK(hex(less) == "7f9c2ba4e88f827d");
}

TEST_CASE("crypto: Ed25519, the vectors of RFC 8032 §7.1, and their refused neighbours") {
  struct Vector {
    std::string_view seed, key, message, signature;
  };
  const Vector vectors[] = {
      {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
       "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
       "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf"
       "9b46bd25bf5f0595bbe24655141438e7a100b"},
      {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
       "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
       "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f"
       "11d8c387b2eaeb4302aeeb00d291612bb0c00"},
      {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
       "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
       "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984"
       "dc6594a7c15e9716ed28dc027beceea1ec40a"},
  };
  for (const Vector& v : vectors) {
    CAPTURE(v.message);
    const auto seed = from_hex<32>(v.seed);
    const std::string message = unhex(v.message).value();
    const Ed25519Key key = ed25519_public(seed);
    CHECK(hex(key) == v.key);
    const Ed25519Signature signature = ed25519_sign(seed, message);
    CHECK(hex(signature) == v.signature);
    CHECK(ed25519_verify(key, message, signature));

    CHECK_FALSE(ed25519_verify(key, message + "x", signature));
    Ed25519Signature other = signature;
    other[0] ^= 1;
    CHECK_FALSE(ed25519_verify(key, message, other));
    other = signature;
    other[63] ^= 0x80;  // S not below the group's order
    CHECK_FALSE(ed25519_verify(key, message, other));
    Ed25519Key another = key;
    another[31] ^= 1;
    CHECK_FALSE(ed25519_verify(another, message, signature));
  }
  CHECK_FALSE(ed25519_verify(from_hex<32>(std::string(64, 'f')), "", Ed25519Signature{}));
}
