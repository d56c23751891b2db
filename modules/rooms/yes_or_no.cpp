#include "modules/rooms/yes_or_no.h"

#include <algorithm>
#include <array>

#include "xmpp/jid.h"

namespace hansa::rooms {
namespace {

struct Words {
  std::string_view language;
  std::array<std::string_view, 3> yes;
  std::array<std::string_view, 3> no;
};
constexpr std::array<Words, kAnswerLanguages.size()> kWords = {{
    {"en", {"yes", "y", "ok"}, {"no", "n", "nope"}},
    {"de", {"ja", "j", "jawohl"}, {"nein", "n", "nee"}},
    {"es", {"sí", "si", "s"}, {"no", "n", "nunca"}},
    {"fr", {"oui", "o", "ouais"}, {"non", "n", "jamais"}},
    {"it", {"sì", "si", "s"}, {"no", "n", "mai"}},
    {"nl", {"ja", "j", "jawel"}, {"nee", "n", "neen"}},
    {"pl", {"tak", "t", "zgoda"}, {"nie", "n", "nigdy"}},
    {"pt", {"sim", "s", "claro"}, {"não", "nao", "n"}},
}};

bool has(const std::array<std::string_view, 3>& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

}  // namespace

std::optional<bool> yes_or_no(std::string_view text, std::span<const std::string> languages) {
  constexpr std::string_view kBetween = " \t\r\n.,;:!?\"()*_-";
  const std::size_t begin = text.find_first_not_of(kBetween);
  if (begin == std::string_view::npos) return std::nullopt;
  const std::size_t end = std::min(text.find_first_of(kBetween, begin), text.size());
  // Prepared as a localpart it is in small letters, whatever the script.
  const auto prepared = xmpp::Jid::make(text.substr(begin, end - begin), "word.invalid");
  if (!prepared) return std::nullopt;
  const std::string_view word = prepared->local();
  for (const Words& words : kWords) {
    if (std::ranges::find(languages, words.language) == languages.end()) continue;
    if (has(words.yes, word)) return true;
    if (has(words.no, word)) return false;
  }
  return std::nullopt;
}

}  // namespace hansa::rooms
