#include "xep-spec/xep_0313_archive.h"

#include <doctest/doctest.h>

#include "xmpp/parser.h"

namespace hansa::xep_0313 {
namespace {

Result<Query> parsed(const std::string& content) {
  const auto document =
      xmpp::parse_element("<query xmlns='urn:xmpp:mam:2' queryid='f'>" + content + "</query>");
  REQUIRE(document.ok());
  return parse((*document)->root());
}
std::string form(const std::string& fields) {
  return "<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE' type='hidden'><value>"
         "urn:xmpp:mam:2</value></field>" +
         fields + "</x>";
}
std::string field(const std::string& var, const std::string& value) {
  return "<field var='" + var + "'><value>" + value + "</value></field>";
}

}  // namespace

TEST_CASE("xep_0313: a query's form, page and order are read") {
  const auto query = parsed(
      form(field("start", "2010-06-07T00:00:00Z") + field("end", "2010-07-07T13:23:54.5Z") +
           field("with", "juliet@capulet.lit") + field("before-id", "b") + field("after-id", "a") +
           "<field var='ids'><value>1</value><value>2</value></field>") +
      "<set xmlns='http://jabber.org/protocol/rsm'><max>10</max></set><flip-page/>");
  REQUIRE(query.ok());
  CHECK(query->query_id == "f");
  CHECK(query->start->ms == 1'275'868'800'000);
  CHECK(query->end->ms == 1'278'509'034'500);
  CHECK(query->with == "juliet@capulet.lit");
  CHECK(query->before_id == "b");
  CHECK(query->after_id == "a");
  CHECK(query->ids == std::vector<std::string>{"1", "2"});
  CHECK(query->page->max == 10);
  CHECK(query->flip);
  const auto empty = parsed("");
  REQUIRE(empty.ok());
  CHECK(!empty->start);
  CHECK(!empty->page);
  CHECK(!empty->flip);
}

TEST_CASE("xep_0313: another form, another field, a stamp that is none are refused") {
  CHECK(parsed("<x xmlns='jabber:x:data' type='submit'/>").error().condition ==
        Condition::bad_request);
  CHECK(parsed("<x xmlns='jabber:x:data' type='form'/>").error().condition ==
        Condition::bad_request);
  CHECK(parsed(form(field("start", "noon"))).error().condition == Condition::bad_request);
  CHECK(parsed(form(field("free-text", "x"))).error().condition ==
        Condition::feature_not_implemented);
}

TEST_CASE("xep_0313: the end of an answer is read as it was written") {
  std::string out;
  xmpp::Writer writer(out);
  Fin fin;
  fin.complete = true;
  fin.page.first = "a";
  fin.page.last = "b";
  fin.page.count = 2;
  write(writer, fin);
  const auto document = xmpp::parse_element(out);
  REQUIRE(document.ok());
  const auto read = parse_fin((*document)->root());
  REQUIRE(read.has_value());
  CHECK(read->complete);
  CHECK(read->page.first == "a");
  CHECK(read->page.last == "b");
  CHECK(read->page.count == 2);
  const auto other = xmpp::parse_element("<fin xmlns='urn:xmpp:mam:1'/>");
  CHECK(!parse_fin((*other)->root()));
}

}  // namespace hansa::xep_0313
