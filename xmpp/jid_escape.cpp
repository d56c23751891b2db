// XEP-0106: what a localpart may not hold, written so that it may.

#include <array>
#include <string>
#include <string_view>

#include "xmpp/jid.h"

namespace hansa::xmpp {
namespace {

// The ten sequences of XEP-0106, and what they stand for.
struct Escape {
  char character;
  std::string_view digits;
};
constexpr std::array<Escape, 10> kEscapes{{{' ', "20"},
                                           {'"', "22"},
                                           {'&', "26"},
                                           {'\'', "27"},
                                           {'/', "2f"},
                                           {':', "3a"},
                                           {'<', "3c"},
                                           {'>', "3e"},
                                           {'@', "40"},
                                           {'\\', "5c"}}};

// The escape that `digits` (what follows a backslash) begins with; null if none.
const Escape* escape_named(std::string_view digits) {
  for (const Escape& each : kEscapes) {
    if (digits.starts_with(each.digits)) return &each;
  }
  return nullptr;
}

const Escape* escape_of(char c) {
  for (const Escape& each : kEscapes) {
    if (each.character == c) return &each;
  }
  return nullptr;
}

// A backslash is escaped only where it would be read as an escape. Preparation makes capitals
// small, so that \2F is one too: left alone, "a\2Fb" would come back as "a/b".
bool reads_as_escape(std::string_view digits) {
  std::string lower(digits.substr(0, 2));
  for (char& c : lower) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  return escape_named(lower) != nullptr;
}

}  // namespace

std::string escape_local(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  const std::size_t last = text.find_last_not_of(' ');
  std::string out;
  out.reserve(text.size() + 8);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool outer_space = text[i] == ' ' && (i < first || i > last);
    const bool lone_backslash = text[i] == '\\' && !reads_as_escape(text.substr(i + 1));
    const Escape* const escape = outer_space || lone_backslash ? nullptr : escape_of(text[i]);
    if (escape == nullptr) {
      out += text[i];
    } else {
      out += '\\';
      out += escape->digits;
    }
  }
  return out;
}

std::string unescape_local(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const Escape* const escape = text[i] == '\\' ? escape_named(text.substr(i + 1)) : nullptr;
    const bool outer = i == 0 || i + 3 == text.size();
    if (escape == nullptr || (escape->character == ' ' && outer)) {
      out += text[i];
    } else {
      out += escape->character;
      i += 2;
    }
  }
  return out;
}

}  // namespace hansa::xmpp
