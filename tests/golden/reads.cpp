#include "tests/golden/reads.h"

#include <charconv>

namespace hansa::golden {

std::string escaped(std::string_view bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7f && c != '\\') {
      out += c;
    } else {
      out += {'\\', 'x', kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
  return out;
}

std::string unescaped(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    if (text.front() != '\\') {
      out += text.front();
      text.remove_prefix(1);
      continue;
    }
    sure(text.size() >= 4);
    unsigned byte = 0;
    std::from_chars(text.data() + 2, text.data() + 4, byte, 16);
    out += static_cast<char>(byte);
    text.remove_prefix(4);
  }
  return out;
}

std::vector<storage::LogKey> logs_of(storage::Store& store, const Step& step) {
  using Keys = Result<std::vector<storage::LogKey>>;
  std::vector<storage::LogKey> all;
  for (const char* role : kRoles) {
    auto keys = sure(answer<Keys>(step, [&](auto then) { store.list(role, "", kAll, then); }));
    all.insert(all.end(), keys.begin(), keys.end());
  }
  return all;
}

storage::Loaded load(storage::Store& store, const Step& step, const storage::LogKey& log) {
  using Answer = Result<storage::Loaded>;
  return sure(answer<Answer>(step, [&](auto then) { store.load(log, then); }));
}

std::vector<storage::Entry> entries_of(storage::Store& store, const Step& step,
                                       const storage::LogKey& log) {
  using Answer = Result<storage::Page>;
  auto page = sure(answer<Answer>(step, [&](auto then) { store.read(log, 1, kAll, then); }));
  sure(page.end || page.entries.empty());
  return page.entries;
}

std::vector<storage::KeyValue> addresses_of(storage::Store& store, const Step& step,
                                            const std::string& role) {
  using Pairs = Result<std::vector<storage::KeyValue>>;
  return sure(answer<Pairs>(step, [&](auto then) { store.addresses(role, "", kAll, then); }));
}

std::vector<storage::KeyValue> index_of(storage::Store& store, const Step& step,
                                        const std::string& role) {
  using Pairs = Result<std::vector<storage::KeyValue>>;
  return sure(
      answer<Pairs>(step, [&](auto then) { store.scan_index(role, "", "\x7f", kAll, then); }));
}

}  // namespace hansa::golden
