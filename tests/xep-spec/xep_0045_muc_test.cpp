#include "xep-spec/xep_0045_muc.h"

#include <doctest/doctest.h>

#include "xmpp/ns.h"
#include "xmpp/parser.h"

using namespace hansa;
using namespace hansa::xep_0045;

namespace {

xmpp::DocumentPtr parse(std::string_view xml) {
  return xmpp::parse_element(xml, xmpp::ns::kClient).value();
}

}  // namespace

TEST_CASE("xep-spec 0045 §7.2: a join has a password and limits of history; bad ones are absent") {
  const auto x = [](std::string_view inner) {
    return "<presence><x xmlns='http://jabber.org/protocol/muc'>" + std::string(inner) +
           "</x></presence>";
  };
  CHECK(!parse_join(parse("<presence/>")->root()));
  const auto plain = parse_join(parse(x(""))->root());
  REQUIRE(plain);
  CHECK(!plain->history);
  const auto full =
      parse_join(parse(x("<password>p</password><history maxchars='1' maxstanzas='2' seconds='3' "
                         "since='1970-01-01T00:00:04Z'/>"))
                     ->root());
  REQUIRE(full);
  CHECK(full->password == "p");
  REQUIRE(full->history);
  CHECK(full->history->maxchars == 1);
  CHECK(full->history->maxstanzas == 2);
  CHECK(full->history->seconds == 3);
  CHECK(full->history->since == WallTime{4000});
  const auto bad =
      parse_join(parse(x("<history maxchars='-1' seconds='many' since='x'/>"))->root());
  REQUIRE(bad);
  CHECK(!bad->history);
}

TEST_CASE("xep-spec 0045: what is written of muc#user is read again") {
  User user;
  user.item = Item{"owner", "moderator", "a@a.example/x", "Ann", "Bob", "why"};
  user.status = {110, 201};
  user.invites.push_back({"to@a.example", "from@a.example", "come", true, "thread"});
  user.decline = Invite{"to@a.example", "", "busy", false, ""};
  user.destroy = Destroy{"other@a.example", "secret", "over"};
  user.password = "p";
  std::string out;
  xmpp::Writer writer(out);
  write(writer, user);
  const auto document = parse(out);
  const auto read = parse_user(document->root());
  REQUIRE(read);
  CHECK(read->item->actor == "Bob");
  CHECK(read->status == user.status);
  CHECK(read->invites[0].continues);
  CHECK(read->invites[0].thread == "thread");
  CHECK(read->decline->reason == "busy");
  CHECK(read->destroy->password == "secret");
  std::string again;
  xmpp::Writer second(again);
  write(second, *read);
  CHECK(again == out);
  CHECK(!parse_user(parse("<x xmlns='http://jabber.org/protocol/muc'/>")->root()));
}

TEST_CASE("xep-spec 0045: items of an admin request; other payloads are none") {
  const auto items = parse_admin(
      parse("<query xmlns='http://jabber.org/protocol/muc#admin'><item nick='a' role='none'>"
            "<reason>r</reason></item><other xmlns='urn:x'/></query>")
          ->root());
  REQUIRE(items);
  REQUIRE(items->size() == 1);
  CHECK(items->front().reason == "r");
  CHECK(!parse_admin(parse("<query xmlns='http://jabber.org/protocol/muc#owner'/>")->root()));
}
