#include <doctest/doctest.h>

#include "tests/support/room_words.h"

using namespace hansa::test;

namespace {

struct Desk : RoomFixture {
  Desk() {
    start();
    joins(kAlice, "support@rooms.a.example/Alice");
  }
  void enters(std::string_view who, std::string_view nick) {
    joins(who, joined({"support@rooms.a.example/", nick}));
  }
  // What that person sees of the list that holds such items: `items` in it, in any order.
  std::string lists(std::string_view who, std::string_view item, std::string_view items) {
    says(ask("get", who, admin(item)));
    return gets(who,
                {joined({"<iq type='result'><query xmlns='http://jabber.org/protocol/muc#admin'>",
                         items, "</query></iq>"})});
  }
  void changes(std::string_view item) {
    says(ask("set", kAlice, admin(item)));
    forget();
  }
};

}  // namespace

TEST_CASE("rooms §8.3: a moderator gives voice: the answer, then the presence that shows it") {
  Desk f;
  f.says(ask("set", kAlice, settings("muc#roomconfig_moderatedroom", "1")));
  f.enters(kBob, "Bob");
  f.says(ask("set", kAlice,
             admin("<item nick='Bob' role='participant'><reason>go on</reason></item>")));
  const std::string news =
      shown("Bob", "<item role='participant' affiliation='none'><reason>go on</reason></item>");
  CHECK(f.gets(kAlice, {kResult, news}) == "");
  CHECK(f.gets(kBob, {news}) == "");
  f.says(ask("set", kBob, admin("<item nick='Bob' role='moderator'/>")));
  CHECK(f.gets(kBob, {error("iq", "forbidden")}) == "");
}

TEST_CASE("rooms §8.5: moderators see and change the voice list, one change with one item each") {
  Desk f;
  f.enters(kAnn, "Ann");
  f.enters(kBob, "Bob");
  CHECK(f.lists(
            kAlice, "<item role='participant'/>",
            "<item nick='Ann' role='participant' affiliation='none' jid='ann@a.example/phone'/>"
            "<item nick='Bob' role='participant' affiliation='none' jid='bob@b.example/home'/>") ==
        "");
  f.says(ask("get", kBob, admin("<item role='participant'/>")));
  CHECK(f.gets(kBob, {error("iq", "forbidden")}) == "");
  f.says(ask("set", kAlice,
             admin("<item nick='Ann' role='visitor'/><item nick='Bob' role='visitor'/>")));
  CHECK(f.gets(kAlice, {kResult, shown("Ann", "<item role='visitor'/>"),
                        shown("Bob", "<item role='visitor'/>")}) == "");
  f.says(ask("set", kAlice, admin("<item nick='Ann' role='speaker'/>")));
  CHECK(f.gets(kAlice, {error("iq", "bad-request")}) == "");
  f.says(ask("set", kAlice, admin("<item nick='Ann' role='visitor' affiliation='none'/>")));
  CHECK(f.gets(kAlice, {error("iq", "bad-request")}) == "");
}

TEST_CASE("rooms §8.2: the kicked one is told, then the moderator, then the rest") {
  Desk f;
  f.enters(kAnn, "Ann");
  f.enters(kBob, "Bob");
  f.forget();
  f.says(ask("set", kAlice, admin("<item nick='Bob' role='none'><reason>out</reason></item>")));
  const std::string kicked = gone("Bob",
                                  "<item affiliation='none' role='none'><actor nick='Alice'/>"
                                  "<reason>out</reason></item><status code='307'/>");
  CHECK(f.gets(kAlice, {kResult, kicked}) == "");
  CHECK(f.gets(kAnn, {kicked}) == "");
  CHECK(f.gets(kBob, {kicked}) == "");
  const std::string all = f.links.bytes;
  CHECK(all.find("to='bob@b.example/home'") < all.find("<iq"));
  CHECK(all.find("<iq") < all.find("to='ann@a.example/phone'"));
}

TEST_CASE("rooms §9.6, §9.8: admins make moderators, and see who is one") {
  Desk f;
  f.enters(kAnn, "Ann");
  f.enters(kBob, "Bob");
  f.says(ask("set", kAlice, admin("<item nick='Bob' role='moderator'/>")));
  CHECK(f.gets(kAlice, {kResult, shown("Bob", "<item role='moderator' affiliation='none'/>")}) ==
        "");
  CHECK(f.gets(kBob, {shown("Bob", "<item role='moderator'/>")}) == "");
  f.forget();
  CHECK(f.lists(kAlice, "<item role='moderator'/>",
                "<item nick='Alice' role='moderator' jid='*' affiliation='owner'/>"
                "<item nick='Bob' role='moderator' jid='*' affiliation='none'/>") == "");
  // A moderator who is no admin makes none.
  f.says(ask("set", kBob, admin("<item nick='Ann' role='moderator'/>")));
  CHECK(f.gets(kBob, {error("iq", "forbidden")}) == "");
  f.says(ask("get", kAnn, admin("<item role='moderator'/>")));
  CHECK(f.gets(kAnn, {error("iq", "forbidden")}) == "");
}

TEST_CASE("rooms §10.5, §10.8: owners see and change the lists of owners and of admins") {
  Desk f;
  f.changes("<item affiliation='owner' jid='ann@a.example/phone'/>");  // the bare address counts
  f.changes("<item affiliation='admin' jid='bob@b.example'/>");
  CHECK(f.lists(kAlice, "<item affiliation='owner'/>",
                "<item affiliation='owner' jid='alice@a.example' role='!'/>"
                "<item affiliation='owner' jid='ann@a.example' role='!'/>") == "");
  CHECK(f.lists(kAlice, "<item affiliation='admin'/>",
                "<item affiliation='admin' jid='bob@b.example'/>") == "");
  f.says(ask("get", "carol@c.example/x", admin("<item affiliation='owner'/>")));
  CHECK(f.gets("carol@c.example/x", {error("iq", "forbidden")}) == "");
  // Only owners change them.
  f.says(ask("set", kBob, admin("<item affiliation='admin' jid='carol@c.example'/>")));
  CHECK(f.gets(kBob, {error("iq", "forbidden")}) == "");
  f.says(ask("set", kBob, admin("<item affiliation='none' jid='ann@a.example'/>")));
  CHECK(f.gets(kBob, {error("iq", "forbidden")}) == "");
  f.says(ask("set", "carol@c.example/x", admin("<item affiliation='admin' jid='c@c.example'/>")));
  CHECK(f.gets("carol@c.example/x", {error("iq", "forbidden")}) == "");
}

TEST_CASE("rooms §10.7: who is admin no more is a participant, shown to all") {
  Desk f;
  f.enters(kBob, "Bob");
  f.changes("<item affiliation='admin' jid='bob@b.example'/>");
  f.says(ask("set", kAlice, admin("<item affiliation='member' jid='bob@b.example'/>")));
  CHECK(f.gets(kBob, {shown("Bob", "<item affiliation='member' role='participant'/>")}) == "");
  CHECK(f.gets(kAlice, {kResult, shown("Bob", "<item affiliation='member'/>")}) == "");
  f.says(ask("set", kBob, admin("<item affiliation='outcast' jid='x@c.example'/>")));
  CHECK(f.gets(kBob, {error("iq", "forbidden")}) == "");
}

TEST_CASE("rooms §9.2: a whole domain is banned, but for those whom the room knows") {
  Desk f;
  f.changes("<item affiliation='member' jid='friend@b.example'/>");
  f.enters(kBob, "Bob");
  f.enters("friend@b.example/x", "Friend");
  f.says(ask("set", kAlice, admin("<item affiliation='outcast' jid='b.example'/>")));
  CHECK(f.gets(kBob, {gone("Bob", "<item affiliation='outcast'/><status code='301'/>")}) == "");
  f.forget();
  f.says(join(kBob, "Bob"));
  CHECK(f.gets(kBob, {error("presence", "forbidden")}) == "");
  f.says(talk("friend@b.example/x", "m", "still here"));
  CHECK(f.gets(kAlice, {said("Friend", "still here")}) == "");
  f.changes("<item affiliation='none' jid='b.example'/>");
  f.enters(kBob, "Bob");
  f.says(talk(kBob, "m", "back"));
  CHECK(f.gets(kBob, {said("Bob", "back")}) == "");
  f.says(ask("set", kAlice, admin("<item affiliation='member' jid='b.example'/>")));
  CHECK(f.gets(kAlice, {said("Bob", "back"), error("iq", "jid-malformed")}) == "");
}

TEST_CASE("rooms §9.1: an admin bans nobody above him, nor himself") {
  Desk f;
  f.changes("<item affiliation='admin' jid='bob@b.example'/>");
  f.says(ask("set", kBob, admin("<item affiliation='outcast' jid='alice@a.example'/>")));
  CHECK(f.gets(kBob, {error("iq", "not-allowed")}) == "");
  f.says(ask("set", kBob, admin("<item affiliation='outcast' jid='bob@b.example'/>")));
  CHECK(f.gets(kBob, {error("iq", "conflict")}) == "");
  f.says(ask("set", kBob, admin("<item affiliation='outcast' jid='carol@c.example'/>")));
  CHECK(f.gets(kBob, {kResult}) == "");
}
