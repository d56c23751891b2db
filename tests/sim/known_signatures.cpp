// A signature is checked by every party that gets it, again after each crash, and a key is derived
// at each start: a sixth of a history's time. Here what was signed is known to be good, and the
// rest is checked once; the answers follow from their bytes alone. The program is linked with
// --wrap for these functions (tests/CMakeLists.txt).

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/crypto.h"

// Their names as compilers write them.
#define HANSA_SEED ERKSt5arrayIhLm32EE
#define HANSA_TEXT St17basic_string_viewIcSt11char_traitsIcEE
#define HANSA_JOIN(a, b, c, d, e) a##b##c##d##e
#define HANSA_NAME(a, b, c, d, e) HANSA_JOIN(a, b, c, d, e)
#define HANSA_PUBLIC(prefix) HANSA_NAME(prefix, _ZN5hansa14ed25519_public, HANSA_SEED, , )
#define HANSA_SIGN(prefix) HANSA_NAME(prefix, _ZN5hansa12ed25519_sign, HANSA_SEED, HANSA_TEXT, )
#define HANSA_VERIFY(prefix) \
  HANSA_NAME(prefix, _ZN5hansa14ed25519_verify, HANSA_SEED, HANSA_TEXT, RKS0_IhLm64EE)

extern "C" hansa::Ed25519Key HANSA_PUBLIC(__real_)(const hansa::Ed25519Seed& seed);
extern "C" hansa::Ed25519Signature HANSA_SIGN(__real_)(const hansa::Ed25519Seed& seed,
                                                       std::string_view data);
extern "C" bool HANSA_VERIFY(__real_)(const hansa::Ed25519Key& key, std::string_view data,
                                      const hansa::Ed25519Signature& signature);

namespace {

// By key, signature and data.
std::unordered_map<std::string, bool> known;
constexpr std::size_t kMost = 4096;

std::string name_of(const hansa::Ed25519Key& key, std::string_view data,
                    const hansa::Ed25519Signature& signature) {
  std::string all(key.begin(), key.end());
  all.append(signature.begin(), signature.end());
  all += data;
  return all;
}

bool remember(std::string name, bool good) {
  if (known.size() >= kMost) known.clear();
  return known[std::move(name)] = good;
}

}  // namespace

extern "C" hansa::Ed25519Key HANSA_PUBLIC(__wrap_)(const hansa::Ed25519Seed& seed) {
  static std::map<hansa::Ed25519Seed, hansa::Ed25519Key> keys;  // the same ones in each history
  const auto [place, fresh] = keys.try_emplace(seed);
  if (fresh) place->second = HANSA_PUBLIC(__real_)(seed);
  return place->second;
}

extern "C" hansa::Ed25519Signature HANSA_SIGN(__wrap_)(const hansa::Ed25519Seed& seed,
                                                       std::string_view data) {
  const hansa::Ed25519Signature signature = HANSA_SIGN(__real_)(seed, data);
  remember(name_of(HANSA_PUBLIC(__wrap_)(seed), data, signature), true);
  return signature;
}

extern "C" bool HANSA_VERIFY(__wrap_)(const hansa::Ed25519Key& key, std::string_view data,
                                      const hansa::Ed25519Signature& signature) {
  std::string name = name_of(key, data, signature);
  if (const auto found = known.find(name); found != known.end()) return found->second;
  return remember(std::move(name), HANSA_VERIFY(__real_)(key, data, signature));
}
