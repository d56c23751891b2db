// The answer to a question in chat, in the words of somebody who read it (protocol §3).

#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "modules/rooms/yes_or_no.h"

using hansa::rooms::yes_or_no;

namespace {

const std::vector<std::string> kEnglish = {"en"};
const std::vector<std::string> kGerman = {"en", "de"};
const std::vector<std::string> kAll(hansa::rooms::kAnswerLanguages.begin(),
                                    hansa::rooms::kAnswerLanguages.end());

}  // namespace

TEST_CASE("answers: the first word decides, however it is written") {
  for (const char* text : {"yes", "Yes", "YES!", "  yes, of course, no doubt", "\"yes\"", "*yes*",
                           "y", "ok", "yes.\nno"}) {
    CAPTURE(text);
    CHECK(yes_or_no(text, kEnglish) == true);
  }
  for (const char* text : {"no", "No, yes would be wrong", "n", "...no"}) {
    CAPTURE(text);
    CHECK(yes_or_no(text, kEnglish) == false);
  }
  for (const char* text :
       {"", " ", "?!", "yesterday", "nothing", "oh yes", "yes\x01", "@", "ja", "нет"}) {
    CAPTURE(text);
    CHECK(yes_or_no(text, kEnglish) == std::nullopt);
  }
  CHECK(yes_or_no(std::string(100'000, 'y'), kEnglish) == std::nullopt);
}

TEST_CASE("answers: only the languages that are configured") {
  CHECK(yes_or_no("Ja, gern", kGerman) == true);
  CHECK(yes_or_no("NEIN", kGerman) == false);
  CHECK(yes_or_no("yes", kGerman) == true);
  CHECK(yes_or_no("oui", kGerman) == std::nullopt);
  CHECK(yes_or_no("SÍ", kAll) == true);
  CHECK(yes_or_no("NÃO", kAll) == false);
  CHECK(yes_or_no("yes", {}) == std::nullopt);
}

TEST_CASE("answers: no word says yes in one language and no in another") {
  for (const char* word : {"yes", "y", "ok", "ja", "j", "si", "s", "oui", "o", "tak", "t", "sim"}) {
    CAPTURE(word);
    CHECK(yes_or_no(word, kAll) == true);
  }
  for (const char* word : {"no", "n", "nein", "nee", "non", "nie", "mai"}) {
    CAPTURE(word);
    CHECK(yes_or_no(word, kAll) == false);
  }
}
