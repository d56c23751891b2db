#include "base/crypto.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include <cstdlib>
#include <memory>
#include <string>

namespace hansa {
namespace {

// One for each thread: to make one costs as much as the hash of a short text.
EVP_MD_CTX* context_of_thread() {
  struct Free {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  thread_local const std::unique_ptr<EVP_MD_CTX, Free> context(EVP_MD_CTX_new());
  if (context == nullptr) std::abort();
  return context.get();
}

void digest(const EVP_MD* method, std::string_view data, std::uint8_t* out) {
  EVP_MD_CTX* context = context_of_thread();
  const bool done = EVP_DigestInit_ex(context, method, nullptr) == 1 &&
                    EVP_DigestUpdate(context, data.data(), data.size()) == 1 &&
                    EVP_DigestFinal_ex(context, out, nullptr) == 1;
  if (!done) std::abort();
}

// EVP_sha256() is looked up by name at every use, which costs as much as the hash of a message.
const EVP_MD* fetched(const char* name) {
  const EVP_MD* found = EVP_MD_fetch(nullptr, name, nullptr);
  if (found == nullptr) std::abort();
  return found;
}

const EVP_MD* fetched_sha256() {
  static const EVP_MD* const method = fetched("SHA256");
  return method;
}

const EVP_MD* fetched_shake128() {
  static const EVP_MD* const method = fetched("SHAKE128");
  return method;
}

class PrivateKey {
 public:
  explicit PrivateKey(const Ed25519Seed& seed)
      : key_(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size())) {
    if (key_ == nullptr) std::abort();
  }
  ~PrivateKey() { EVP_PKEY_free(key_); }
  PrivateKey(const PrivateKey&) = delete;
  PrivateKey& operator=(const PrivateKey&) = delete;
  [[nodiscard]] EVP_PKEY* get() const { return key_; }

 private:
  EVP_PKEY* key_;
};

}  // namespace

Sha1 sha1(std::string_view data) {
  Sha1 out{};
  digest(EVP_sha1(), data, out.data());
  return out;
}

Sha256 sha256(std::string_view data) {
  Sha256 out{};
  digest(fetched_sha256(), data, out.data());
  return out;
}

// RFC 2104, over our sha256: OpenSSL's looks up both methods by name.
Sha256 hmac_sha256(std::string_view key, std::string_view data) {
  constexpr std::size_t kBlock = 64;
  Sha256 hashed{};
  if (key.size() > kBlock) {
    hashed = sha256(key);
    key = {reinterpret_cast<const char*>(hashed.data()), hashed.size()};
  }
  std::string inner(kBlock, '\x36');
  std::string outer(kBlock, '\x5c');
  for (std::size_t i = 0; i < key.size(); ++i) {
    inner[i] = static_cast<char>(inner[i] ^ key[i]);
    outer[i] = static_cast<char>(outer[i] ^ key[i]);
  }
  inner += data;
  const Sha256 first = sha256(inner);
  outer.append(reinterpret_cast<const char*>(first.data()), first.size());
  const Sha256 mac = sha256(outer);
  OPENSSL_cleanse(inner.data(), inner.size());
  OPENSSL_cleanse(outer.data(), outer.size());
  OPENSSL_cleanse(hashed.data(), hashed.size());
  return mac;
}

void shake128(std::string_view data, std::span<std::uint8_t> out) {
  EVP_MD_CTX* context = context_of_thread();
  const bool done = EVP_DigestInit_ex(context, fetched_shake128(), nullptr) == 1 &&
                    EVP_DigestUpdate(context, data.data(), data.size()) == 1 &&
                    EVP_DigestFinalXOF(context, out.data(), out.size()) == 1;
  if (!done) std::abort();
}

Ed25519Key ed25519_public(const Ed25519Seed& seed) {
  const PrivateKey key(seed);
  Ed25519Key out{};
  std::size_t size = out.size();
  if (EVP_PKEY_get_raw_public_key(key.get(), out.data(), &size) != 1) std::abort();
  return out;
}

Ed25519Signature ed25519_sign(const Ed25519Seed& seed, std::string_view data) {
  const PrivateKey key(seed);
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  Ed25519Signature out{};
  std::size_t size = out.size();
  const auto* bytes = reinterpret_cast<const unsigned char*>(data.data());
  const bool done = context != nullptr &&
                    EVP_DigestSignInit(context, nullptr, nullptr, nullptr, key.get()) == 1 &&
                    EVP_DigestSign(context, out.data(), &size, bytes, data.size()) == 1;
  EVP_MD_CTX_free(context);
  if (!done) std::abort();
  return out;
}

bool ed25519_verify(const Ed25519Key& key, std::string_view data,
                    const Ed25519Signature& signature) {
  EVP_PKEY* open = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.data(), key.size());
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  const auto* bytes = reinterpret_cast<const unsigned char*>(data.data());
  const bool good =
      open != nullptr && context != nullptr &&
      EVP_DigestVerifyInit(context, nullptr, nullptr, nullptr, open) == 1 &&
      EVP_DigestVerify(context, signature.data(), signature.size(), bytes, data.size()) == 1;
  EVP_MD_CTX_free(context);
  EVP_PKEY_free(open);
  ERR_clear_error();  // what OpenSSL says of a bad one is nobody's business later
  return good;
}

bool equal_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace hansa
