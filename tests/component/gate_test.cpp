#include "component/gate.h"

#include <doctest/doctest.h>

#include "xmpp/parser.h"

using namespace hansa;
using namespace hansa::component;

namespace {

const std::vector<std::string> kOwn = {"rooms.a.example", "team.a.example"};
const Gate kGate("rooms.a.example", kOwn);

std::string told(const Verdict& verdict) {
  if (std::holds_alternative<Pass>(verdict)) return "pass";
  if (const auto* answer = std::get_if<Answer>(&verdict)) return answer->xml;
  return "drop: " + std::string(std::get<Drop>(verdict).why);
}

std::string judge(std::string_view xml, bool admits = true) {
  const auto document = xmpp::parse_element(xml, xmpp::ns::kClient);
  REQUIRE(document.ok());
  const auto stanza = xmpp::Stanza::parse(*document);
  if (stanza.ok()) return told(kGate.judge(*stanza, admits));
  return told(kGate.judge_refused((*document)->root(), stanza.error()));
}

}  // namespace

TEST_CASE("gate: what is from outside and to this domain passes") {
  CHECK(judge("<message from='u@a.example/x' to='r@rooms.a.example'/>") == "pass");
  CHECK(judge("<presence from='u@b.example/x' to='r@rooms.a.example/nick'/>") == "pass");
  CHECK(judge("<iq from='a.example' to='rooms.a.example' type='get' id='1'/>") == "pass");
}

TEST_CASE("gate: what claims to be from us is dropped, whichever of our domains") {
  CHECK(judge("<message from='r@rooms.a.example' to='r@rooms.a.example'/>").starts_with("drop"));
  CHECK(judge("<message from='s@team.a.example/x' to='r@rooms.a.example'/>").starts_with("drop"));
  CHECK(judge("<message from='u@team.a.example.evil' to='r@rooms.a.example'/>") == "pass");
}

TEST_CASE("gate: what is not to this domain, or from nobody, is dropped") {
  CHECK(judge("<message from='u@a.example' to='r@team.a.example'/>").starts_with("drop"));
  CHECK(judge("<message from='u@a.example' to='u@b.example'/>").starts_with("drop"));
  CHECK(judge("<message from='u@a.example'/>").starts_with("drop"));
  CHECK(judge("<message to='r@rooms.a.example'/>").starts_with("drop"));
}

TEST_CASE("gate: over the budget, new work is answered with resource-constraint (wait)") {
  for (const std::string_view stanza :
       {"<message from='u@a.example/x' to='r@rooms.a.example' type='groupchat' id='7'/>",
        "<iq from='u@a.example/x' to='rooms.a.example' type='set' id='7'/>",
        "<presence from='u@a.example/x' to='r@rooms.a.example/nick' id='7'/>"}) {
    CAPTURE(stanza);
    const std::string answer = judge(stanza, false);
    CHECK(answer.find("<resource-constraint ") != std::string::npos);
    CHECK(answer.find("type='wait'") != std::string::npos);
    CHECK(answer.find("to='u@a.example/x'") != std::string::npos);
    CHECK(answer.find("id='7'") != std::string::npos);
  }
}

TEST_CASE("gate: over the budget, answers, errors and unavailable presence are taken") {
  for (const std::string_view stanza :
       {"<iq from='u@a.example/x' to='rooms.a.example' type='result' id='7'/>",
        "<iq from='u@a.example/x' to='rooms.a.example' type='error' id='7'/>",
        "<message from='u@a.example/x' to='r@rooms.a.example' type='error'/>",
        "<presence from='u@a.example/x' to='r@rooms.a.example/nick' type='error'/>",
        "<presence from='u@a.example/x' to='r@rooms.a.example/nick' type='unavailable'/>"}) {
    CAPTURE(stanza);
    CHECK(judge(stanza, false) == "pass");
  }
}

TEST_CASE("gate: a to that does not prepare is answered, unless it is an answer itself") {
  const std::string answer =
      judge("<message from='u@a.example/x' to='@rooms.a.example' id='7'><body>x</body></message>");
  CHECK(answer.find("<jid-malformed ") != std::string::npos);
  CHECK(answer.find("from='rooms.a.example'") != std::string::npos);
  CHECK(answer.find("to='u@a.example/x'") != std::string::npos);
  CHECK(judge("<message from='u@a.example/x' to='@rooms.a.example' type='error'/>")
            .starts_with("drop"));
  CHECK(judge("<message from='@a.example' to='r@rooms.a.example'/>").starts_with("drop"));
  CHECK(judge("<message from='team.a.example' to='@rooms.a.example'/>").starts_with("drop"));
}

TEST_CASE("gate: what is over a limit is answered by whom it was for, unless it is an answer") {
  const auto refused = [](std::string_view xml) {
    const auto document = xmpp::parse_element(xml, xmpp::ns::kClient);
    REQUIRE(document.ok());
    const Error error(Condition::policy_violation, "Over the limit of nested elements: 64.");
    return told(kGate.judge_refused((*document)->root(), error));
  };
  const std::string answer =
      refused("<iq from='u@a.example/x' to='R@rooms.a.example/nick' type='set' id='7'/>");
  CHECK(answer.starts_with("<iq "));
  for (const std::string_view part :
       {"type='error'", "id='7'", "from='r@rooms.a.example/nick'", "to='u@a.example/x'",
        "<policy-violation ", "Over the limit of nested elements: 64."}) {
    CAPTURE(part);
    CHECK(answer.find(part) != std::string::npos);
  }
  for (const std::string_view xml :
       {"<message from='u@a.example/x' to='r@rooms.a.example' type='error' id='7'/>",
        "<iq from='u@a.example/x' to='r@rooms.a.example' type='result' id='7'/>",
        "<iq from='u@a.example/x' to='r@team.a.example' type='get' id='7'/>",
        "<message from='r@team.a.example' to='r@rooms.a.example'/>", "<message/>"}) {
    CAPTURE(xml);
    CHECK(refused(xml).starts_with("drop"));
  }
}
