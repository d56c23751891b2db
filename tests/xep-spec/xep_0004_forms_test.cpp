#include "xep-spec/xep_0004_forms.h"

#include <doctest/doctest.h>

#include "xmpp/ns.h"
#include "xmpp/parser.h"

using namespace hansa;
using namespace hansa::xep_0004;

TEST_CASE("xep-spec 0004: a form is read as it was written") {
  Form form{"form", "Title", "Do this", {}};
  form.fields = {hidden("FORM_TYPE", "urn:x"), text_field("t", "T", "text"),
                 boolean_field("b", "B", true),
                 list_field("l", "L", "one", {{"One", "one"}, {"Two", "two"}})};
  form.fields[1].required = true;
  std::string out;
  xmpp::Writer writer(out);
  write(writer, form);
  const auto document = xmpp::parse_element(out, xmpp::ns::kClient);
  REQUIRE(document.ok());
  const auto read = parse((*document)->root());
  REQUIRE(read);
  CHECK(read->form_type() == "urn:x");
  CHECK(read->value("b") == "1");
  CHECK(read->field("t")->required);
  CHECK(read->field("l")->options[1].value == "two");
  CHECK(!read->value("none"));
  std::string again;
  xmpp::Writer second(again);
  write(second, *read);
  CHECK(again == out);
}

TEST_CASE("xep-spec 0004: booleans are 0, 1, true and false, and nothing else") {
  CHECK(parse_boolean("1") == true);
  CHECK(parse_boolean("true") == true);
  CHECK(parse_boolean("0") == false);
  CHECK(parse_boolean("false") == false);
  CHECK(!parse_boolean("yes"));
  CHECK(!parse_boolean(""));
}
