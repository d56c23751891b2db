#include "tests/golden/play.h"
#include "tests/support/federation_words.h"

namespace hansa::golden {

void play_shared(test::Federation& all) {
  const std::string alice = "alice@a.example";
  all.create(alice, "tea");
  all.set(alice, "tea", "ann@a.example", "admin");
  all.set(alice, "tea", "bob@b.example", "member");
  all.say(alice, "tea", "Welcome to all");
  all.say("bob@b.example", "tea", "Thank you");
  const storage::Image old = all.backup(test::kHub);
  all.set(alice, "tea", "bert@b.example", "member");
  all.set(alice, "tea", "eve@b.example", "outcast");
  all.say("bob@b.example", "tea", "Said before the hub was lost");
  all.cut(all.link('b'));
  all.say("bob@b.example", "tea", "Said while cut off");
  all.say(alice, "tea", "Bob is away");
  all.restore(test::kHub, old);
  all.connect_all();
  all.advance(Millis(60'000));
  all.set(alice, "tea", "bert@b.example", "none");
  all.say(alice, "tea", "Here we are again");
  all.advance(Millis(60'000));
  if (!all.same("tea")) std::abort();
  all.crash_all();
}

void play_erased(test::Federation& all) {
  const std::string alice = "alice@a.example";
  const auto erase_newest = [&all, &alice] {
    all.says(alice, "<iq type='set' id='e' from='" + alice +
                        "/x' to='tea@shared.example'><moderate id='" +
                        test::said(all, test::kHub).back().id +
                        "' xmlns='urn:xmpp:message-moderate:1'>"
                        "<retract xmlns='urn:xmpp:message-retract:1'/></moderate></iq>");
  };
  all.create(alice, "tea");
  all.set(alice, "tea", "bob@b.example", "member");
  all.say("bob@b.example", "tea", "Said before anybody of c was in");
  all.set(alice, "tea", "carol@c.example", "member");
  erase_newest();
  all.say("bob@b.example", "tea", "Said to all, and taken back");
  erase_newest();
  all.say(alice, "tea", "That stays");
  if (!all.same("tea")) std::abort();
  all.crash_all();
}

void play_lost(test::Federation& all) {
  const std::string alice = "alice@a.example";
  const std::string bob = "bob@b.example";
  all.create(alice, "tea");
  const storage::Image old = all.backup(test::kHub);
  for (const char* text : {"Said and lost", "Said and lost, too"}) all.say(alice, "tea", text);
  all.set(alice, "tea", bob, "owner");
  all.set(bob, "tea", alice, "none");
  all.restore(test::kHub, old);
  all.connect(all.link('b'));
  all.advance(Millis(60'000));
  all.say(bob, "tea", "Alone in here");
  all.crash_all();
}

void play_cut_off(test::Federation& all) {
  const std::string alice = "alice@a.example";
  const std::string bob = "bob@b.example";
  const auto whispers = [&all](const std::string& from, const std::string& to) {
    all.says(from, "<message type='chat' id='w' from='" + from + "/x' to='tea@shared.example/" +
                       to + "'><body>Between us</body></message>");
  };
  all.create(alice, "tea");
  all.set(alice, "tea", bob, "member");
  whispers(alice, bob);
  all.advance(Millis(5'000));
  all.cut(all.link('b'));
  all.say(bob, "tea", "Said while cut off");
  whispers(bob, alice);
  all.advance(Millis(5'000));
  all.crash_all();
}

void play_behind(test::Federation& all) {
  const std::string alice = "alice@a.example";
  const std::string bob = "bob@b.example";
  all.create(alice, "tea");
  all.set(alice, "tea", bob, "member");
  all.say(alice, "tea", "Welcome to all");
  all.say(bob, "tea", "Thank you");
  all.loses = [](const test::Frame& frame) { return frame.element().name() == "entry"; };
  all.restore(all.link('b'), {});
  all.connect_all();
  all.advance(Millis(5'000));
  all.crash_all();
}

void play_begins_anew(test::Federation& all) {
  const std::string alice = "alice@a.example";
  all.create(alice, "tea");
  all.set(alice, "tea", "bob@b.example", "member");
  all.say(alice, "tea", "Welcome to all");
  all.loses = [](const test::Frame& frame) { return frame.element().attr("again") == "true"; };
  test::fork(all, all.link('b'));
  all.crash_all();
}

void play_welcomed_again(test::Federation& all) {
  const std::string alice = "alice@a.example";
  const std::string bob = "bob@b.example";
  all.create(alice, "tea");
  all.set(alice, "tea", bob, "member");
  all.say(alice, "tea", "Welcome to all");
  all.say(bob, "tea", "Thank you");
  all.restore(all.link('b'), {});
  all.connect_all();
  all.say(bob, "tea", "Here I am again");
  all.advance(Millis(5'000));
  if (!all.same("tea")) std::abort();
  all.crash_all();
}

}  // namespace hansa::golden
