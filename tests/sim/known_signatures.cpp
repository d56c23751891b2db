// A signature is checked by every party that gets it, again after each crash: a tenth and more of a
// history's time. Here each is checked once; the answer follows from its bytes alone. The program
// is linked with --wrap for this one function (tests/CMakeLists.txt).

#include <string>
#include <string_view>
#include <unordered_map>

#include "base/crypto.h"

// Its name as compilers write it.
#define HANSA_VERIFY(prefix) HANSA_JOIN(prefix, 14ed25519_verify, ERKSt5arrayIhLm32EE)
#define HANSA_JOIN(prefix, name, key) \
  prefix##_ZN5hansa##name##key##St17basic_string_viewIcSt11char_traitsIcEERKS0_IhLm64EE

extern "C" bool HANSA_VERIFY(__real_)(const hansa::Ed25519Key& key, std::string_view data,
                                      const hansa::Ed25519Signature& signature);

extern "C" bool HANSA_VERIFY(__wrap_)(const hansa::Ed25519Key& key, std::string_view data,
                                      const hansa::Ed25519Signature& signature) {
  constexpr std::size_t kMost = 4096;
  static std::unordered_map<std::string, bool> known;
  std::string all(key.begin(), key.end());
  all.append(signature.begin(), signature.end());
  all += data;
  if (const auto found = known.find(all); found != known.end()) return found->second;
  if (known.size() >= kMost) known.clear();
  return known[std::move(all)] = HANSA_VERIFY(__real_)(key, data, signature);
}
