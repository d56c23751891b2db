#include <doctest/doctest.h>

#include <string>

#include "base/random.h"
#include "xmpp/jid.h"

using hansa::xmpp::escape_local;
using hansa::xmpp::Jid;
using hansa::xmpp::unescape_local;

TEST_CASE("escaping: the examples of XEP-0106") {
  struct Row {
    std::string_view plain;
    std::string_view escaped;
  };
  const Row rows[] = {
      {"space cadet", "space\\20cadet"},
      {"call me \"ishmael\"", "call\\20me\\20\\22ishmael\\22"},
      {"at&t guy", "at\\26t\\20guy"},
      {"d'artagnan", "d\\27artagnan"},
      {"/.fanboy", "\\2f.fanboy"},
      {"::foo::", "\\3a\\3afoo\\3a\\3a"},
      {"<foo>", "\\3cfoo\\3e"},
      {"user@host", "user\\40host"},
      {"c:\\net", "c\\3a\\net"},
      {"c:\\\\net", "c\\3a\\\\net"},
      {"c:\\cool stuff", "c\\3a\\cool\\20stuff"},
      {"c:\\5commas", "c\\3a\\5c5commas"},
      {"treasure at \\20 ", "treasure\\20at\\20\\5c20 "},
      {"\\2plus\\2is\\4", "\\2plus\\2is\\4"},
      {"foo\\bar", "foo\\bar"},
      {"foob\\41r", "foob\\41r"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.plain);
    CHECK(escape_local(row.plain) == row.escaped);
    CHECK(unescape_local(row.escaped) == row.plain);
  }
}

TEST_CASE("escaping: only the ten sequences are unescaped") {
  for (const std::string_view text : {"a\\21b", "a\\2Fb", "a\\5Cb", "a\\", "a\\2", "a\\00b"}) {
    CAPTURE(text);
    CHECK(unescape_local(text) == text);
  }
  CHECK(unescape_local("a\\2fb") == "a/b");
  CHECK(unescape_local("a\\5c2fb") == "a\\2fb");  // once, not twice
}

TEST_CASE("escaping: spaces at the ends are no escapes, and do not prepare") {
  CHECK(unescape_local("\\20a\\20b\\20") == "\\20a b\\20");
  CHECK(escape_local(" a b ") == " a\\20b ");
  CHECK_FALSE(Jid::make(escape_local(" a"), "a.example").ok());
  CHECK_FALSE(Jid::make(escape_local("a "), "a.example").ok());
  CHECK(Jid::make(escape_local("a b"), "a.example").ok());
}

TEST_CASE("escaping: what preparation makes small does not become another text") {
  const Jid jid = *Jid::make(escape_local("a\\2Fb"), "a.example");
  CHECK(unescape_local(jid.local()) == "a\\2fb");
}

TEST_CASE("escaping: any text comes back") {
  hansa::SeededRandom random(7);
  constexpr std::string_view kLetters = "\\\\\\2235acef470 @/'<>:&\"x";
  for (int round = 0; round < 5000; ++round) {
    std::string text = "x";
    const std::size_t length = random.below(12);
    for (std::size_t i = 0; i < length; ++i) text += kLetters[random.below(kLetters.size())];
    text += 'x';
    CAPTURE(text);
    const std::string escaped = escape_local(text);
    CHECK(unescape_local(escaped) == text);
    CHECK(escaped.find_first_of(" @/'<>:&\"") == std::string::npos);
    CHECK(Jid::make(escaped, "a.example").ok());
  }
}
