#include "xmpp/jid.h"

#include <doctest/doctest.h>

#include <string>
#include <unordered_set>

#include "base/limits.h"

using hansa::Condition;
using hansa::xmpp::Jid;
using hansa::xmpp::prepare_nick;

namespace {

struct Good {
  std::string_view text;
  std::string_view prepared;
};

void check_good(const Good& row) {
  CAPTURE(row.text);
  const auto jid = Jid::parse(row.text);
  REQUIRE(jid.ok());
  CHECK(jid->text() == row.prepared);
  const auto again = Jid::parse(jid->text());
  REQUIRE(again.ok());
  CHECK(*again == *jid);
}

void check_bad(std::string_view text) {
  CAPTURE(text);
  const auto jid = Jid::parse(text);
  REQUIRE_FALSE(jid.ok());
  CHECK(jid.error().condition == Condition::jid_malformed);
}

}  // namespace

TEST_CASE("jid: a full address has three parts") {
  const auto jid = Jid::parse("anna@a.example/desk/left@home");
  REQUIRE(jid.ok());
  CHECK(jid->local() == "anna");
  CHECK(jid->domain() == "a.example");
  CHECK(jid->resource() == "desk/left@home");
  CHECK(jid->bare().text() == "anna@a.example");
  CHECK(jid->bare_text() == "anna@a.example");
  CHECK_FALSE(jid->is_bare());
  CHECK_FALSE(jid->is_domain());
  CHECK(jid->bare().is_bare());
  CHECK(jid->bare().resource().empty());
}

TEST_CASE("jid: a domain alone is an address, with a resource it is not bare") {
  const auto domain = Jid::parse("rooms.a.example");
  REQUIRE(domain.ok());
  CHECK(domain->is_domain());
  CHECK(domain->local().empty());
  const auto full = Jid::parse("rooms.a.example/x");
  REQUIRE(full.ok());
  CHECK_FALSE(full->is_domain());
  CHECK(full->domain() == "rooms.a.example");
  CHECK(full->resource() == "x");
}

TEST_CASE("jid: the empty address equals only itself") {
  CHECK(Jid().empty());
  CHECK(Jid() == Jid());
  CHECK_FALSE(Jid() == *Jid::parse("a.example"));
  CHECK_FALSE(Jid().with_resource("x").ok());
}

TEST_CASE("jid: a good address prepares, its bad neighbour does not") {
  struct Row {
    Good good;
    std::string_view bad;
  };
  const Row rows[] = {
      {{"Anna@A.Example/Desk", "anna@a.example/Desk"}, "anna@@a.example"},
      {{"a\\20b@a.example", "a\\20b@a.example"}, "a b@a.example"},
      {{"a.example", "a.example"}, "@a.example"},
      {{"a@a.example", "a@a.example"}, "a@"},
      {{"a@a.example/ ", "a@a.example/ "}, "a@a.example/"},
      {{"a.example.", "a.example"}, "a.example.."},
      {{"a-b.example", "a-b.example"}, "a..example"},
      {{"a_b.example", "a_b.example"}, "a+b.example"},
      {{"x@127.0.0.1", "x@127.0.0.1"}, ".example"},
      {{"x@[::1]", "x@[::1]"}, "x@[::1"},
      {{"x@[2001:DB8::1]/r", "x@[2001:db8::1]/r"}, "x@[2001:db8::g]/r"},
      {{"[::ffff:1.2.3.4]", "[::ffff:1.2.3.4]"}, "[1.2.3.4]"},
      {{"a+b~c!#$%^*(){}|;,.?=-_`@a.example", "a+b~c!#$%^*(){}|;,.?=-_`@a.example"},
       "a\"b@a.example"},
      {{"a@b.example/\"&'/:<>@", "a@b.example/\"&'/:<>@"}, "a@b.example/\x7f"},
      {{"a@b.example/tab", "a@b.example/tab"}, "a@b.example/t\tab"},
  };
  for (const Row& row : rows) {
    check_good(row.good);
    check_bad(row.bad);
  }
}

TEST_CASE("jid: none of the eight forbidden characters stands in a localpart") {
  for (const char c : std::string_view(" \"&'/:<>@")) {
    CAPTURE(c);
    CHECK_FALSE(Jid::make(std::string("a") + c + "b", "a.example").ok());
    // Other scripts take the other way, and must come to the same end.
    CHECK_FALSE(Jid::make(std::string("ä") + c + "b", "a.example").ok());
  }
}

TEST_CASE("jid: control characters stand nowhere") {
  for (int c = 0; c <= 0x20; ++c) {
    CAPTURE(c);
    const std::string part = std::string("a") + static_cast<char>(c) + "b";
    CHECK_FALSE(Jid::make(part, "a.example").ok());
    CHECK_FALSE(Jid::make("a", part).ok());
    CHECK(Jid::make("a", "a.example", part).ok() == (c == 0x20));
    CHECK_FALSE(Jid::make("ä" + part, "a.example").ok());
  }
}

TEST_CASE("jid: other scripts are prepared as hosts do") {
  const Good rows[] = {
      {"ÄNNE@BÜCHER.example/Ünder", "änne@bücher.example/Ünder"},
      {"stra\xC3\x9F"
       "e@a.example",
       "strasse@a.example"},                             // ß folds to ss
      {"\xE2\x84\xAB@a.example", "\xC3\xA5@a.example"},  // Å, the unit, to å
      {"\xCF\x83@a.example", "\xCF\x83@a.example"},      // σ
      {"a\xC2\xAD"
       "b@a.example",
       "ab@a.example"},                                                  // soft hyphen: nothing
      {"a@a.example/\xEF\xBC\xA1", "a@a.example/A"},                     // full-width A
      {"a@a.example/\xF0\x9F\x8D\x8B", "a@a.example/\xF0\x9F\x8D\x8B"},  // newer than Unicode 3.2
      {"a@\xE4\xBE\x8B\xE3\x81\x88.example", "a@\xE4\xBE\x8B\xE3\x81\x88.example"},
      {"a@xn--bcher-kva.example", "a@xn--bcher-kva.example"},
  };
  for (const Good& row : rows) check_good(row);
}

TEST_CASE("jid: what preparation would turn into a forbidden character is refused") {
  check_bad("a\xE2\x84\x80@b.example");  // ℀ becomes a/c
  check_bad(
      "a@b\xEF\xBC\x8F"
      "c.example");  // full-width solidus
  check_bad(
      "a\xEF\xBC\xA0"
      "c@b.example");  // full-width @
  check_bad(
      "a@b\xE3\x80\x82"
      "example");                     // ideographic full stop
  check_bad("a@\xC2\xAD");            // soft hyphen: an empty domain
  check_bad("\xC2\xAD@a.example");    // an empty localpart
  check_bad("a@a.example/\xC2\xAD");  // an empty resource
  check_bad(
      "\xD7\x90"
      "a@a.example");  // both directions in one part
}

TEST_CASE("jid: bytes that are not UTF-8 are refused") {
  for (const std::string_view bytes :
       {"\xFF", "\xC3", "\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\x80"}) {
    check_bad(std::string(bytes) + "@a.example");
    check_bad("a@" + std::string(bytes));
    check_bad("a@a.example/" + std::string(bytes));
  }
}

TEST_CASE("jid: each part holds 1023 bytes and no more") {
  const std::string full(hansa::limits::kJidPartBytes, 'a');
  const std::string over = full + 'a';
  CHECK(Jid::make(full, "a.example", full).ok());
  CHECK_FALSE(Jid::make(over, "a.example").ok());
  CHECK_FALSE(Jid::make("a", "a.example", over).ok());
  std::string domain;
  while (domain.size() < 1022) domain += "a.";
  domain.resize(1023, 'b');
  CHECK(Jid::make("a", domain).ok());
  CHECK_FALSE(Jid::make("a", domain + "b").ok());
  // 350 times U+FDFA (3 bytes) grows to 33 bytes each.
  std::string growing;
  for (int i = 0; i < 100; ++i) growing += "\xEF\xB7\xBA";
  CHECK_FALSE(Jid::make("a", "a.example", growing).ok());
}

TEST_CASE("jid: a label holds 63 bytes, in the form that DNS carries") {
  const std::string label(63, 'a');
  CHECK(Jid::make("", label + ".example").ok());
  CHECK_FALSE(Jid::make("", label + "a.example").ok());
  CHECK_FALSE(Jid::make("", "x." + label + "a").ok());
  std::string wide;
  for (int i = 0; i < 24; ++i) wide += "\xD0\xB6";
  CHECK(Jid::make("", wide + ".example").ok());
  for (int i = 0; i < 60; ++i) wide += "\xD0\xB6";
  CHECK_FALSE(Jid::make("", wide + ".example").ok());
}

TEST_CASE("jid: with_resource prepares the resource and refuses an empty one") {
  const Jid room = *Jid::parse("room@a.example/old");
  CHECK(room.with_resource("Anna")->text() == "room@a.example/Anna");
  CHECK(room.with_resource("A/B")->resource() == "A/B");
  CHECK_FALSE(room.with_resource("").ok());
  CHECK_FALSE(room.with_resource("a\nb").ok());
}

TEST_CASE("jid: make leaves out what is empty, and refuses an empty domain") {
  CHECK(Jid::make("", "a.example")->text() == "a.example");
  CHECK(Jid::make("", "a.example", "r")->text() == "a.example/r");
  CHECK_FALSE(Jid::make("a", "").ok());
}

TEST_CASE("jid: equal addresses are equal keys") {
  std::unordered_set<Jid> set;
  set.insert(*Jid::parse("Anna@a.example"));
  CHECK(set.contains(*Jid::parse("anna@A.EXAMPLE")));
  CHECK_FALSE(set.contains(*Jid::parse("anna@a.example/x")));
  CHECK(*Jid::parse("a@a.example") < *Jid::parse("b@a.example"));
}

TEST_CASE("nick: it is prepared as a resource, and must show something") {
  CHECK(*prepare_nick("Anna Blume") == "Anna Blume");
  CHECK(*prepare_nick("\xEF\xBC\xA1") == "A");
  for (const std::string_view bad : {"", " ", "   ", "\xC2\xAD", "\xC2\xA0", "a\tb"}) {
    CAPTURE(bad);
    REQUIRE_FALSE(prepare_nick(bad).ok());
    CHECK(prepare_nick(bad).error().condition == Condition::jid_malformed);
  }
}
