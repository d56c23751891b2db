// What other modules rely on (rooms.h): hooks, virtual occupants, notices, questions.

#include <doctest/doctest.h>

#include "tests/support/room_words.h"

using namespace hansa;
using namespace hansa::test;
using engine::RoomTurn;

namespace {

// Does what is asked by a message of type normal with that body in the thread.
struct Other : RoomFixture {
  using Work = std::function<void(rooms::Rooms&, RoomTurn&)>;
  Other()
      : RoomFixture({}, [this](rooms::Rooms& module, engine::Router& rows) {
          const Status added =
              rows.add(engine::Row{engine::Target::room, xmpp::StanzaKind::iq, "set", "do",
                                   "urn:example", ""},
                       engine::RoomHandler([this, &module](RoomTurn& turn, const xmpp::Stanza&) {
                         work(module, turn);
                         if (!turn.waiting()) turn.reply();
                       }));
          REQUIRE(added.ok());
        }) {
    start();
    joins(kAlice, "support@rooms.a.example/Alice");
  }
  void does(Work w, std::string_view room = kRoom) {
    work = std::move(w);
    says(ask("set", "root@a.example/x", "<do xmlns='urn:example'/>", room));
  }
  Work work;
};

const rooms::VirtualOccupant kPeer{"bob@b.example", "Bob (b.example)"};

}  // namespace

TEST_CASE("rooms: a virtual occupant is shown before it speaks first, and has an id of its own") {
  Other f;
  const auto speak = [](rooms::Rooms& module, RoomTurn& turn) {
    module.say_as(turn, kPeer, "p1", "<body>hello</body>", turn.now());
  };
  f.does(speak);
  CHECK(f.gets(kAlice, {shown("Bob (b.example)",
                              "<item affiliation='none' role='participant' "
                              "jid='!'/>"),
                        "<message id='p1' from='support@rooms.a.example/Bob (b.example)'>"
                        "<body>hello</body><occupant-id xmlns='urn:xmpp:occupant-id:0' id='*'/>"
                        "</message>"}) == "");
  f.does(speak);
  CHECK(f.gets(kAlice, {"<message id='p1'/>"}) == "");
  f.crash();
  f.start();
  f.forget();
  f.says(join(kAnn, "Ann", kNoHistory));
  CHECK(f.gets(kAnn, {shown("Alice", ""), shown("Bob (b.example)", ""), shown("Ann", ""),
                      kSubject}) == "");
  f.does([](rooms::Rooms& module, RoomTurn& turn) { module.remove_virtual(turn, kPeer.key); });
  CHECK(f.gets(kAnn, {gone("Bob (b.example)", "<item role='none'/>")}) == "");
}

TEST_CASE("rooms: a virtual occupant gives its nick to whoever comes in under it") {
  Other f;
  f.does([](rooms::Rooms& module, RoomTurn& turn) {
    module.say_as(turn, kPeer, "p1", "<body>hello</body>", turn.now());
  });
  f.forget();
  f.says(join("carol@a.example/x", "Bob (b.example)"));
  CHECK(f.gets(kAlice, {gone("Bob (b.example)",
                             "<item nick='Bob (b.example) (peer)'/><status code='303'/>"),
                        shown("Bob (b.example) (peer)", ""), shown("Bob (b.example)", "")}) == "");
}

TEST_CASE("rooms: what a virtual occupant said earlier carries the time when it was said") {
  Other f;
  f.does([](rooms::Rooms& module, RoomTurn& turn) {
    module.say_as(turn, kPeer, "p1", "<body>hello</body>", {turn.now().ms - 3'600'000});
    module.subject_as(turn, kPeer, "p2", "Their subject");
  });
  CHECK(f.gets(kAlice, {shown("Bob (b.example)", ""),
                        "<message id='p1'><delay xmlns='urn:xmpp:delay' "
                        "stamp='2023-11-14T21:13:20.000Z'/></message>",
                        "<message id='p2' from='support@rooms.a.example/Bob (b.example)'>"
                        "<subject>Their subject</subject></message>"}) == "");
}

TEST_CASE("rooms: a notice comes from the room; only a logged one is there for those who come") {
  Other f;
  f.does([](rooms::Rooms& module, RoomTurn& turn) {
    module.notice(turn, "passing", false);
    module.notice(turn, "staying", true);
  });
  CHECK(f.gets(kAlice,
               {"<message type='groupchat' from='support@rooms.a.example'>"
                "<body>passing</body></message>",
                "<message from='support@rooms.a.example'><body>staying</body></message>"}) == "");
  f.says(join(kAnn, "Ann"));
  CHECK(f.gets(kAnn, {shown("Alice", ""), shown("Ann", ""),
                      "<message from='support@rooms.a.example'><body>staying</body></message>",
                      kSubject}) == "");
}

TEST_CASE("rooms: a conversation is no room to those whom no hook lets in, as names with % are") {
  Other f;
  constexpr std::string_view talk_room = "support%bob\\40b.example@rooms.a.example";
  f.hooks.join.push_back([](RoomTurn& turn, const rooms::JoinRequest& request) {
    if (!turn.state<rooms::Room>().config().conversation) return rooms::Verdict::pass();
    if (request.who.bare_text() == "ann@a.example") {
      return rooms::Verdict::allow(rooms::Role::visitor, rooms::Affiliation::member);
    }
    return rooms::Verdict::pass();
  });
  const auto answers = [&](std::string_view room) {
    std::string all;
    const auto to_room = [&](std::string_view xml) {
      f.says(xml);
      for (std::string each : f.heard(kBob)) {
        // But for the address they are to be the same.
        for (auto at = each.find(room); at != std::string::npos; at = each.find(room)) {
          each.replace(at, room.size(), "ROOM");
        }
        all += each + "\n";
      }
    };
    to_room(joined({"<presence id='j' from='", kBob, "' to='", room,
                    "/B'><x xmlns='http://jabber.org/protocol/muc'/></presence>"}));
    to_room(joined({"<presence id='j' from='", kBob, "' to='", room, "/B'/>"}));
    to_room(joined({"<presence id='j' from='", kBob, "' to='", room,
                    "'><x xmlns='http://jabber.org/protocol/muc'/></presence>"}));
    for (const std::string_view type : {"groupchat", "chat", "normal"}) {
      for (const std::string_view nick : {"", "/B"}) {
        to_room(joined({"<message id='m' type='", type, "' from='", kBob, "' to='", room, nick,
                        "'><body>x</body></message>"}));
      }
    }
    for (const std::string_view payload :
         {"<query xmlns='http://jabber.org/protocol/disco#info'/>",
          "<query xmlns='http://jabber.org/protocol/disco#items'/>",
          "<query xmlns='http://jabber.org/protocol/disco#info' node='x-roomuser-item'/>",
          "<query xmlns='http://jabber.org/protocol/muc#owner'/>",
          "<query xmlns='http://jabber.org/protocol/muc#admin'><item affiliation='owner'/></query>",
          "<ping xmlns='urn:xmpp:ping'/>", "<vCard xmlns='vcard-temp'/>"}) {
      for (const std::string_view type : {"get", "set"}) {
        to_room(ask(type, kBob, payload, room));
        to_room(ask(type, kBob, payload, joined({room, "/B"})));
      }
    }
    return all;
  };
  f.does(
      [](rooms::Rooms& module, RoomTurn& turn) {
        rooms::Config config;
        config.conversation = true;
        config.listed = false;
        const auto acting = xmpp::Jid::parse(kRoom);
        module.create(turn, acting.value(), config, {});
      },
      talk_room);
  f.forget();
  f.says(joined({"<presence from='", kAnn, "' to='", talk_room,
                 "/Ann'><x xmlns='http://jabber.org/protocol/muc'/></presence>"}));
  CHECK(f.gets(kAnn, {"<presence><x xmlns='http://jabber.org/protocol/muc#user'>"
                      "<item affiliation='member' role='visitor'/><status code='110'/></x>"
                      "</presence>",
                      kSubject}) == "");
  f.says(joined({"<message type='groupchat' from='", kAnn, "' to='", talk_room,
                 "'><body>x</body></message>"}));
  CHECK(f.gets(kAnn, {error("message", "forbidden")}) == "");
  CHECK(answers(talk_room) == answers("support%carol\\40c.example@rooms.a.example"));
}

TEST_CASE("rooms: a right that changed elsewhere changes the role here, or puts out with 321") {
  Other f;
  f.joins(kAnn, "support@rooms.a.example/Ann");
  const auto set = [&](rooms::Role role, rooms::Affiliation affiliation) {
    f.does([=](rooms::Rooms& module, RoomTurn& turn) {
      const auto ann = xmpp::Jid::parse("ann@a.example");
      module.set_right(turn, ann.value(), role, affiliation);
    });
  };
  set(rooms::Role::visitor, rooms::Affiliation::member);
  CHECK(f.gets(kAlice, {shown("Ann", "<item affiliation='member' role='visitor'/>")}) == "");
  set(rooms::Role::visitor, rooms::Affiliation::member);
  CHECK(f.gets(kAlice, {}) == "");
  f.says(talk(kAnn, "m1", "x"));
  set(rooms::Role::none, rooms::Affiliation::none);
  CHECK(f.gets(kAlice, {gone("Ann", "<item affiliation='none'/><status code='321'/>")}) == "");
}

TEST_CASE("rooms: others ask what a room is, and what somebody is to it") {
  Other f;
  rooms::Info owner;
  rooms::Info stranger;
  bool none = true;
  f.does(
      [&](rooms::Rooms&, RoomTurn& turn) {
        const auto question = [](std::string_view room, std::string_view actor) {
          return engine::Question{xmpp::Jid::parse(room).value(), std::string(rooms::kAsk),
                                  xmpp::Jid::parse(actor).value()};
        };
        const auto* const a = turn.ask(question(kRoom, "alice@a.example"));
        const auto* const b = turn.ask(question(kRoom, "bob@b.example"));
        const auto* const c = turn.ask(question("none@rooms.a.example", "bob@b.example"));
        if (turn.waiting()) return;
        owner = rooms::read_info(*a);
        stranger = rooms::read_info(*b);
        none = c->exists;
      },
      "other@rooms.a.example");
  CHECK(owner.affiliation == rooms::Affiliation::owner);
  CHECK(owner.members == 1);
  CHECK(owner.occupants == 1);
  CHECK(owner.creator.text() == "alice@a.example");
  CHECK(stranger.affiliation == rooms::Affiliation::none);
  CHECK(stranger.listed);
  CHECK(!none);
}
