#include "base/crypto.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cstdlib>

namespace hansa {
namespace {

void digest(const EVP_MD* method, std::string_view data, std::uint8_t* out) {
  if (EVP_Digest(data.data(), data.size(), out, nullptr, method, nullptr) != 1) std::abort();
}

}  // namespace

Sha1 sha1(std::string_view data) {
  Sha1 out{};
  digest(EVP_sha1(), data, out.data());
  return out;
}

Sha256 sha256(std::string_view data) {
  Sha256 out{};
  digest(EVP_sha256(), data, out.data());
  return out;
}

Sha256 hmac_sha256(std::string_view key, std::string_view data) {
  Sha256 out{};
  unsigned length = 0;
  const auto* bytes = reinterpret_cast<const unsigned char*>(data.data());
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes, data.size(), out.data(),
           &length) == nullptr) {
    std::abort();
  }
  return out;
}

bool equal_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace hansa
