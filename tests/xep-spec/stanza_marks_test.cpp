// The small elements that servers put on stanzas: XEP-0203, XEP-0249, XEP-0359, XEP-0421.

#include <doctest/doctest.h>

#include "xep-spec/xep_0203_delay.h"
#include "xep-spec/xep_0249_direct_invitation.h"
#include "xep-spec/xep_0359_stanza_ids.h"
#include "xep-spec/xep_0421_occupant_id.h"
#include "xmpp/ns.h"
#include "xmpp/parser.h"

using namespace hansa;

namespace {

xmpp::DocumentPtr element(std::string_view xml) {
  return xmpp::parse_element(xml, xmpp::ns::kClient).value();
}

template <typename Value>
xmpp::DocumentPtr written(const Value& value) {
  std::string out;
  xmpp::Writer writer(out);
  write(writer, value);
  return element(out);
}

}  // namespace

TEST_CASE("xep-spec 0203: a delay is read as it was written; without a stamp it is none") {
  const auto delay = xep_0203::parse(written(xep_0203::Delay{"room@a.example", {1500}})->root());
  REQUIRE(delay);
  CHECK(delay->from == "room@a.example");
  CHECK(delay->stamp == WallTime{1500});
  CHECK(!xep_0203::parse(element("<delay xmlns='urn:xmpp:delay' stamp='now'/>")->root()));
}

TEST_CASE("xep-spec 0249: a direct invitation names a room") {
  const auto room = xmpp::Jid::parse("room@a.example").value();
  const auto read = xep_0249::parse(written(xep_0249::Invitation{room, "secret", "come"})->root());
  REQUIRE(read);
  CHECK(read->room == room);
  CHECK(read->password == "secret");
  CHECK(read->reason == "come");
  CHECK(!xep_0249::parse(element("<x xmlns='jabber:x:conference' jid='@'/>")->root()));
}

TEST_CASE("xep-spec 0359, 0421: ids are read as they were written, and only under their names") {
  const auto id = xep_0359::parse(written(xep_0359::StanzaId{"1", "room@a.example"})->root());
  REQUIRE(id);
  CHECK(id->id == "1");
  CHECK(id->by == "room@a.example");
  CHECK(!xep_0359::parse(element("<origin-id xmlns='urn:xmpp:sid:0' id='1'/>")->root()));
  CHECK(xep_0359::origin_id(
            element("<message><origin-id xmlns='urn:xmpp:sid:0' id='o'/></message>")->root()) ==
        "o");
  CHECK(xep_0359::origin_id(element("<message/>")->root()).empty());
  const auto occupant = xep_0421::parse(written(xep_0421::OccupantId{"x"})->root());
  REQUIRE(occupant);
  CHECK(occupant->id == "x");
  CHECK(!xep_0421::parse(element("<occupant-id xmlns='urn:x' id='x'/>")->root()));
}
