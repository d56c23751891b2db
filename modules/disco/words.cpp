#include "modules/disco/words.h"

#include "xmpp/jid.h"

namespace hansa::disco {
namespace {

constexpr std::string_view kSpaces = " \t\r\n";

// Localparts of addresses are compared in any case of any script (Nodeprep); so are words. One that
// cannot be a localpart is folded in ASCII alone.
std::string fold_word(std::string_view word) {
  if (const Result<xmpp::Jid> folded = xmpp::Jid::make(word, "x")) {
    return std::string(folded->local());
  }
  std::string out(word);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::string fold(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t start = text.find_first_not_of(kSpaces);
    if (start == std::string_view::npos) break;
    const std::size_t size = text.substr(start).find_first_of(kSpaces);
    if (!out.empty()) out += ' ';
    out += fold_word(text.substr(start, size));
    if (size == std::string_view::npos) break;
    text.remove_prefix(start + size);
  }
  return out;
}

}  // namespace

Words::Words(std::string_view terms) {
  bool quoted = false;
  std::string word;
  const auto end_word = [&] {
    if (std::string folded = fold(word); !folded.empty()) words_.push_back(std::move(folded));
    word.clear();
  };
  for (const char c : terms) {
    if (c == '"') {
      end_word();
      quoted = !quoted;
    } else if (!quoted && kSpaces.find(c) != std::string_view::npos) {
      end_word();
    } else {
      word += c;
    }
  }
  end_word();
}

bool Words::all_in(std::string_view text) const {
  const std::string folded = fold(text);
  for (const std::string& word : words_) {
    if (folded.find(word) == std::string::npos) return false;
  }
  return true;
}

}  // namespace hansa::disco
