#include "xmpp/stanza.h"

#include <doctest/doctest.h>

#include <string>

#include "xmpp/parser.h"

using hansa::Condition;
using hansa::Error;
using hansa::Result;
using hansa::row_of;
using namespace hansa::xmpp;

namespace {

Result<Stanza> read(std::string_view text) {
  auto document = parse_element(text, ns::kClient);
  REQUIRE(document.ok());
  return Stanza::parse(*document);
}

}  // namespace

TEST_CASE("stanza: kind, type, id and prepared addresses") {
  const auto stanza = read(
      "<message from='Anna@A.example/Desk' to='room@Rooms.a.example' type='groupchat' id='m1'>"
      "<body>Hi &amp; bye</body><x xmlns='urn:x'/></message>");
  REQUIRE(stanza.ok());
  CHECK(stanza->kind == StanzaKind::message);
  CHECK(stanza->type == "groupchat");
  CHECK(stanza->id == "m1");
  CHECK(stanza->from.text() == "anna@a.example/Desk");
  CHECK(stanza->to.text() == "room@rooms.a.example");
  CHECK(stanza->body() == "Hi & bye");
  CHECK(stanza->child("x", "urn:x") != nullptr);
  CHECK_FALSE(stanza->is_error());
  CHECK_FALSE(stanza->is_request());
}

TEST_CASE("stanza: it outlives whoever read it") {
  auto copy = read("<iq type='get' id='1'><query xmlns='urn:q'/></iq>");
  REQUIRE(copy.ok());
  const Stanza stanza = *copy;
  copy = Error(Condition::gone);
  CHECK(stanza.id == "1");
  CHECK(stanza.payload()->is("query", "urn:q"));
}

TEST_CASE("stanza: each accepted form has a refused neighbour") {
  struct Row {
    std::string_view good;
    std::string_view bad;
    Condition condition;
  };
  const Row rows[] = {
      {"<presence/>", "<presence xmlns='urn:x'/>", Condition::bad_request},
      {"<message/>", "<massage/>", Condition::bad_request},
      {"<iq type='get' id='1'/>", "<iq type='get'/>", Condition::bad_request},
      {"<iq type='set' id='1'/>", "<iq type='set' id=''/>", Condition::bad_request},
      {"<iq type='result' id='1'/>", "<iq id='1'/>", Condition::bad_request},
      {"<iq type='error' id='1'/>", "<iq type='want' id='1'/>", Condition::bad_request},
      {"<message from='a.example'/>", "<message from=''/>", Condition::jid_malformed},
      {"<message to='a@a.example'/>", "<message to='@a.example'/>", Condition::jid_malformed},
      {"<presence to='a.example/x'/>", "<presence to='a.example/'/>", Condition::jid_malformed},
      {"<message type='odd'/>", "<message from='a b@c' type='odd'/>", Condition::jid_malformed},
  };
  for (const Row& row : rows) {
    CAPTURE(row.good);
    CHECK(read(row.good).ok());
    CAPTURE(row.bad);
    const auto bad = read(row.bad);
    REQUIRE_FALSE(bad.ok());
    CHECK(bad.error().condition == row.condition);
  }
}

TEST_CASE("stanza: a request is an iq get or set") {
  CHECK(read("<iq type='get' id='1'/>")->is_request());
  CHECK(read("<iq type='set' id='1'/>")->is_request());
  CHECK_FALSE(read("<iq type='result' id='1'/>")->is_request());
  CHECK_FALSE(read("<iq type='error' id='1'/>")->is_request());
  CHECK_FALSE(read("<message type='get' id='1'/>")->is_request());
  CHECK(read("<message type='error'/>")->is_error());
}

TEST_CASE("stanza: the body is the first body's text") {
  CHECK(read("<message/>")->body().empty());
  CHECK(read("<message><body/></message>")->body().empty());
  CHECK(read("<message><body xmlns='urn:x'>no</body></message>")->body().empty());
  CHECK(read("<message><body>1</body><body xml:lang='de'>2</body></message>")->body() == "1");
  CHECK(read("<message><body><b/>after</body></message>")->body() == "after");
}

TEST_CASE("stanza: an opening tag holds what is not empty") {
  std::string out;
  write_stanza(
      out, {.kind = StanzaKind::presence, .type = {}, .from = {}, .to = {}, .id = {}, .lang = {}},
      "");
  write_stanza(out,
               {.kind = StanzaKind::message,
                .type = "chat",
                .from = "a@b/'",
                .to = "c@d",
                .id = "1<2",
                .lang = "de"},
               "<body>x</body>");
  CHECK(out ==
        "<presence/><message from='a@b/&apos;' to='c@d' type='chat' id='1&lt;2' xml:lang='de'>"
        "<body>x</body></message>");
}

TEST_CASE("stanza: a result goes back to who asked") {
  const auto request = read("<iq type='get' id='q' from='a@b/c' to='room@d'/>");
  CHECK(iq_result(*request) == "<iq from='room@d' to='a@b/c' type='result' id='q'/>");
  CHECK(iq_result(*request, "<query xmlns='urn:q'/>") ==
        "<iq from='room@d' to='a@b/c' type='result' id='q'><query xmlns='urn:q'/></iq>");
}

TEST_CASE("stanza: an error says condition, type and a text that helps") {
  const auto message = read("<message type='groupchat' id='m' from='a@b/c' to='room@d'/>");
  CHECK(error_answer(*message, Error(Condition::not_acceptable, "Only <members> speak.")) ==
        "<message from='room@d' to='a@b/c' type='error' id='m'><error type='modify'>"
        "<not-acceptable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
        "<text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas' xml:lang='en'>"
        "Only &lt;members&gt; speak.</text></error></message>");
}

TEST_CASE("stanza: an error carries an echo before it and a detail in it") {
  const auto request = read("<iq type='get' id='q' from='a@b/c'/>");
  CHECK(error_answer(*request, Error(Condition::conflict), "<query xmlns='urn:q'/>",
                     "<why xmlns='urn:why'/>") ==
        "<iq to='a@b/c' type='error' id='q'><query xmlns='urn:q'/><error type='cancel'>"
        "<conflict xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
        "<text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas' xml:lang='en'>" +
            std::string(row_of(Condition::conflict).text) +
            "</text><why xmlns='urn:why'/></error></iq>");
}

TEST_CASE("stanza: every error that we write is read as the same") {
  const auto request = read("<iq type='set' id='q' from='a@b/c' to='d'/>");
  for (std::size_t i = 0; i < hansa::kConditionCount; ++i) {
    const Error written(static_cast<Condition>(i), "because");
    const auto answer = read(error_answer(*request, written));
    REQUIRE(answer.ok());
    CHECK(answer->is_error());
    CHECK(answer->from.text() == "d");
    const Error found = read_error(*answer);
    CHECK(found.condition == written.condition);
    CHECK(found.text == "because");
  }
}

TEST_CASE("stanza: an error of others is read as far as it goes") {
  const auto condition_of = [](std::string_view text) {
    const auto stanza = read(text);
    REQUIRE(stanza.ok());
    return read_error(*stanza).condition;
  };
  CHECK(condition_of("<message type='error'/>") == Condition::undefined_condition);
  CHECK(condition_of("<message type='error'><error/></message>") == Condition::undefined_condition);
  CHECK(condition_of("<message type='error'><error><x xmlns='urn:x'/><text "
                     "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>t</text><gone "
                     "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>") ==
        Condition::gone);
  CHECK(condition_of("<message type='error'><error><gone/></error></message>") ==
        Condition::undefined_condition);
}
