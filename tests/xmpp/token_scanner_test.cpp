#include "xmpp/token_scanner.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using hansa::xmpp::TokenScanner;
using Verdict = TokenScanner::Verdict;

namespace {

Verdict judge(std::string_view tail, bool first = false) {
  return TokenScanner().start(tail, first);
}

}  // namespace

TEST_CASE("token: a tag is waited for until its end, outside of quotes") {
  for (const std::string_view tail :
       {"<", "<a", "</a", "<a b='>", "<a b=\">'", "<a b='>' c=\"/>"}) {
    CAPTURE(tail);
    CHECK(judge(tail) == Verdict::wait);
  }
  for (const std::string_view tail : {"<a>", "</a>", "<a b='>'>", "<a b=\"'\">", "<>"}) {
    CAPTURE(tail);
    CHECK(judge(tail) == Verdict::parse);
  }
}

TEST_CASE("token: a second < is never waited past") {
  for (const std::string_view tail : {"<a <", "<a b='<", "<<", "&am<"}) {
    CAPTURE(tail);
    CHECK(judge(tail) == Verdict::parse);
  }
}

TEST_CASE("token: the state goes on over pieces") {
  TokenScanner scanner;
  CHECK_FALSE(scanner.is_open());
  CHECK(scanner.start("<a b=", false) == Verdict::wait);
  CHECK(scanner.is_open());
  CHECK(scanner.more("'x>") == Verdict::wait);
  CHECK(scanner.more("y'") == Verdict::wait);
  CHECK(scanner.more("/") == Verdict::wait);
  CHECK(scanner.more(">") == Verdict::parse);
  scanner.reset();
  CHECK_FALSE(scanner.is_open());
}

TEST_CASE("token: comments, document types and instructions are refused at their first bytes") {
  for (const std::string_view tail : {"<!-", "<!D", "<!x", "<?"}) {
    CAPTURE(tail);
    CHECK(judge(tail) == Verdict::refuse);
  }
  CHECK(judge("<!") == Verdict::wait);
  CHECK(judge("<![") == Verdict::parse);  // CDATA
}

TEST_CASE("token: a declaration is waited for at the start only, and not for ever") {
  CHECK(judge("<?xml version='1.0'", true) == Verdict::wait);
  CHECK(judge("<?xml version='1.0'?>", true) == Verdict::parse);
  CHECK(judge("<?xml version='1.0'", false) == Verdict::refuse);
  CHECK(judge("<?xml" + std::string(300, ' '), true) == Verdict::refuse);
}

TEST_CASE("token: a reference is waited for while it can be one") {
  CHECK(judge("&") == Verdict::wait);
  CHECK(judge("&#x2") == Verdict::wait);
  CHECK(judge("&amp;") == Verdict::parse);
  CHECK(judge("& ") == Verdict::parse);
}

TEST_CASE("token: a piece of a character is given at once") {
  CHECK(judge("\xC3") == Verdict::parse);
  CHECK(judge("]]") == Verdict::parse);
}
