#include "tests/sim/hosts/talk.h"

#include <array>

namespace hansa::sim::hosts {
namespace {

const std::string kActAs = "urn:xmpp:act-as:0";

template <typename T>
auto& any(World& w, T& people) {
  return *people[w.schedule.below(people.size())];
}

std::string room_of_ours(World& w) {
  const std::array rooms = {kSupport, kHall, w.with_bob, w.with_bob, w.with_lobby};
  return rooms[w.schedule.below(rooms.size())];
}

void says(World& w) {
  Person& person = any(w, w.ours);
  const std::string room = room_of_ours(w);
  if (person.is_in(room)) person.say(room, w.next_word("m"));
}

void says_much(World& w) {
  Person& person = any(w, w.ours);
  const std::string room = room_of_ours(w);
  for (int i = 0; i < 12 && person.is_in(room); ++i) person.say(room, w.next_word("m"));
}

void writes_to_us(World& w) {
  Person& bob = *w.others[0];
  if (bob.online()) bob.say(kIdentity, w.next_word("o"));
}

void says_in_lobby(World& w) {
  Person& person = any(w, w.others);
  if (person.is_in(kLobby)) person.say(kLobby, w.next_word("f"));
}

void comes_and_goes(World& w) {
  Person& person = any(w, w.ours);
  const std::string room = room_of_ours(w);
  if (person.put_out().contains(room)) return;
  if (person.is_in(room)) {
    person.leave(room);
  } else {
    person.join(room, w.schedule.chance(0.1));
  }
}

void changes_client(World& w) {
  Person& person = w.schedule.chance(0.8) ? any(w, w.ours) : any(w, w.others);
  if (!person.online()) return person.login();
  if (w.schedule.chance(0.5)) return person.logout();
  person.vanish();
}

void comes_online(World& w) {
  any(w, w.ours).login();
  any(w, w.others).login();
}

void asks(World& w) {
  Person& person = any(w, w.ours);
  const std::string disco = "<query xmlns='" + std::string(kDiscoNs) + "'/>";
  const std::string ping = "<ping xmlns='" + std::string(kPingNs) + "'/>";
  const std::string room = room_of_ours(w);
  switch (w.schedule.below(5)) {
    case 0: person.ask(kSupport, "get", disco); return;
    case 1: person.ask(kRooms, "get", ping); return;
    case 2: person.ask(room + "/" + person.nick(room), "get", ping); return;
    case 3: person.ask(kTeam, "get", "<identities xmlns='" + kActAs + "'/>"); return;
    default: person.ask(kHall, "get", "<nothing xmlns='urn:example:nothing'/>");
  }
}

void changes_members(World& w) {
  Person& alice = *w.ours[0];
  constexpr std::array<std::string_view, 4> kHallWords = {"outcast", "none", "member", "none"};
  const std::string_view word = kHallWords[w.schedule.below(kHallWords.size())];
  set_affiliation(w, alice, kHall, "annegret@a.example", word);
  if (word != "outcast") w.ours[1]->forgive(kHall);
}

// People who never come, each of his own, or one of before again. Who may not is refused.
void lists_a_guest(World& w) {
  constexpr std::array<std::string_view, 5> kWords = {"member", "member", "admin", "outcast",
                                                      "none"};
  const bool before = w.guests > 0 && w.schedule.chance(0.3);
  const std::uint64_t number = before ? w.schedule.below(w.guests) : w.guests++;
  Person& actor = w.schedule.chance(0.7) ? *w.ours[0] : any(w, w.ours);
  const std::string room = number % 2 == 0 ? kHall : kSupport;
  set_affiliation(w, actor, room, "guest" + std::to_string(number) + "@a.example",
                  kWords[w.schedule.below(kWords.size())]);
}

void set_role(Person& actor, const std::string& room, const std::string& nick,
              std::string_view role) {
  actor.ask(room, "set",
            "<query xmlns='http://jabber.org/protocol/muc#admin'><item nick='" + nick + "' role='" +
                std::string(role) + "'/></query>");
}

void kicks(World& w) {
  Person& out = any(w, w.ours);
  if (&out == w.ours[0].get()) return;
  w.watch.may_be_kicked(out.bare(), kHall);
  set_role(*w.ours[0], kHall, out.nick(kHall), "none");
  if (w.schedule.chance(0.5)) out.forgive(kHall);
}

void changes_role(World& w) {
  constexpr std::array<std::string_view, 3> kRoles = {"moderator", "participant", "visitor"};
  const Person& whose = any(w, w.ours);
  set_role(*w.ours[0], kHall, whose.nick(kHall), kRoles[w.schedule.below(kRoles.size())]);
}

void changes_nick(World& w) {
  Person& person = any(w, w.ours);
  const std::string room = room_of_ours(w);
  person.rename(room, person.own_nick() + (w.schedule.chance(0.3) ? "" : w.schedule.token(2)));
}

void reads_archive(World& w) {
  w.ours[w.schedule.chance(0.5) ? 0 : 3]->read_archive(room_of_ours(w));
}

constexpr std::array kTalk = {&says,
                              &says,
                              &says,
                              &says,
                              &says,
                              &says_much,
                              &writes_to_us,
                              &writes_to_us,
                              &says_in_lobby,
                              &says_in_lobby,
                              &comes_and_goes,
                              &comes_and_goes,
                              &changes_client,
                              &comes_online,
                              &comes_online,
                              &asks,
                              &changes_members,
                              &changes_members,
                              &changes_role,
                              &changes_nick,
                              &reads_archive,
                              &kicks};

bool until(World& w, const std::function<bool()>& done) {
  for (int i = 0; i < 600 && !done(); ++i) {
    if (!w.run(Millis(200))) return false;
  }
  w.judge.check(done(), "a whole world does what it is asked", "while it begins");
  return !w.judge.violation();
}

std::string open_with(Person& person, const std::string& peer) {
  return person.ask(kIdentity, "set", "<open xmlns='" + kActAs + "' peer='" + peer + "'/>");
}

}  // namespace

void set_affiliation(World& w, Person& actor, const std::string& room, const std::string& bare,
                     std::string_view affiliation) {
  const std::string id =
      actor.ask(room, "set",
                "<query xmlns='http://jabber.org/protocol/muc#admin'><item jid='" + bare +
                    "' affiliation='" + std::string(affiliation) + "'/></query>");
  if (actor.online()) w.changes.asks(id, room, bare, affiliation);
}

bool begin(World& w) {
  w.node.start();
  if (!until(w, [&] { return w.node.links_up(); })) return false;
  for (auto& person : w.ours) person->login();
  for (auto& person : w.others) person->login();
  Person& alice = *w.ours[0];
  for (const std::size_t careful : {0, 3}) {
    for (const std::string& room : {kSupport, kHall}) w.ours[careful]->keep_members(room);
  }
  alice.join(kSupport);
  alice.join(kHall);
  for (auto& person : w.others) person->join(kLobby);
  if (!until(w, [&] { return alice.is_in(kSupport) && alice.is_in(kHall); })) return false;
  // A new room is locked until its owner takes its settings (XEP-0045 §10.1).
  const std::string instant =
      "<query xmlns='http://jabber.org/protocol/muc#owner'>"
      "<x xmlns='jabber:x:data' type='submit'/></query>";
  const std::string support = alice.ask(kSupport, "set", instant);
  const std::string hall = alice.ask(kHall, "set", instant);
  const auto open = [&] {
    return alice.answer(support) != nullptr && alice.answer(hall) != nullptr;
  };
  if (!until(w, open)) return false;
  set_affiliation(w, alice, kSupport, "annegret@a.example", "member");
  set_affiliation(w, alice, kSupport, "carol@a.example", "member");
  w.run(Millis(1000));
  const std::string bob = open_with(alice, kBob);
  const std::string lobby = open_with(alice, kLobby);
  const auto answered = [&] {
    return alice.answer(bob) != nullptr && alice.answer(lobby) != nullptr;
  };
  if (!until(w, answered)) return false;
  w.schedule.note("opened: " + *alice.answer(bob) + *alice.answer(lobby));
  for (auto& person : w.ours) {
    for (const std::string& room : {kSupport, kHall, w.with_bob, w.with_lobby}) {
      if (w.schedule.chance(0.8)) person->join(room);
    }
  }
  return w.run(Millis(1000));
}

void talk(World& world) {
  kTalk[world.schedule.below(kTalk.size())](world);
  if (world.with_guests && world.schedule.chance(0.15)) lists_a_guest(world);
}

}  // namespace hansa::sim::hosts
