#include "component/component.h"

#include <doctest/doctest.h>

#include "tests/component/fake_host.h"

using namespace hansa;
using namespace hansa::component;
using namespace hansa::component::testing;

namespace {

constexpr std::string_view kMessage =
    "<message from='u@a.example/x' to='r@rooms.a.example'><body>hi</body></message>";

}  // namespace

TEST_CASE("component: connects, reads, writes") {
  Bench bench;
  HostStream host = bench.open();
  REQUIRE(host.peer.is_open());
  host.peer.say(kMessage);
  CHECK(bench.owner.wait("read <message from='u@a.example/x'"));
  CHECK(bench.send("<message id='out'/>") == Sent::taken);
  CHECK(host.peer.hear_until("/>") == "<message id='out'/>");
  const LinkStatus status = bench.component->status().front();
  CHECK(status.up);
  CHECK(status.domain == kDomain);
}

TEST_CASE("component: a refused secret is told once, with what to do, and tried again") {
  Bench bench;
  for (int i = 0; i < 3; ++i) {
    HostStream host = bench.accept();
    CHECK_FALSE(host.open("another"));
  }
  CHECK(bench.owner.logged("refused the secret") == 1);
  CHECK(bench.owner.logged("; next try in 0.2 s") == 1);
  CHECK_FALSE(bench.component->status().front().up);
  HostStream host = bench.open();
  CHECK(host.peer.is_open());
  CHECK(bench.owner.wait_logged("connected to the host"));
}

TEST_CASE("component: nobody listens: told once, found when somebody does") {
  Options options;
  options.port = net::testing::closed_port();
  Bench bench(options);
  REQUIRE(bench.owner.wait_logged("cannot be reached: Connection refused"));
  on(bench.loop, [] {});
  CHECK(bench.owner.logged("cannot be reached") == 1);
}

TEST_CASE("component: a lost link comes back as another one; the old one takes nothing more") {
  Bench bench;
  HostStream first = bench.open();
  const LinkId old = bench.link();
  first.peer.end();
  CHECK(bench.owner.wait("down 1: rooms.a.example: the host at 127.0.0.1:"));
  HostStream second = bench.accept();
  REQUIRE(second.open("secret"));
  REQUIRE(bench.owner.wait("up 2"));
  CHECK(bench.component->send(old, net::buffer("<message id='late'/>")) == Sent::gone);
  CHECK(bench.send("<message id='new'/>") == Sent::taken);
  CHECK(second.peer.hear_until("/>") == "<message id='new'/>");
}

TEST_CASE("component: the host's error reaches the operator's log") {
  Bench bench;
  HostStream host = bench.open();
  host.peer.say(
      "<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
      "</stream:error></stream:stream>");
  CHECK(bench.owner.wait("down 1: rooms.a.example: the host at"));
  CHECK(bench.owner.wait_logged("gave this name to another connection"));
  CHECK_FALSE(host.peer.hear_until("</stream:stream>").empty());
}

TEST_CASE("component: what was sent is confirmed once the ping came back") {
  Bench bench;
  HostStream host = bench.open();
  CHECK(bench.send("<message id='m1'/>", 7) == Sent::taken);
  const std::string id = host.route_ping();
  CHECK(id.size() == 16);
  CHECK(bench.owner.wait("confirmed 7"));
  CHECK(bench.owner.logged("dropped") == 0);
}

TEST_CASE("component: bounces that came before the ping are told before its confirmation") {
  Bench bench;
  HostStream host = bench.open();
  CHECK(bench.send("<message id='m1'/>", 7) == Sent::taken);
  const std::string sent = host.peer.hear_until("</iq>");
  host.peer.say("<message from='u@a.example' to='r@rooms.a.example' type='error' id='m1'/>" +
                sent.substr(sent.find("<iq ")));
  REQUIRE(bench.owner.wait("confirmed 7"));
  const std::vector<std::string> lines = bench.owner.told.get().lines;
  REQUIRE(lines.size() == 3);
  CHECK(lines[1].starts_with("read <message"));
}

TEST_CASE("component: a link that falls before the ping came back confirms nothing") {
  Bench bench;
  HostStream host = bench.open();
  CHECK(bench.send("<message id='m1'/>", 7) == Sent::taken);
  CHECK_FALSE(host.peer.hear_until("</iq>").empty());
  host.peer.reset();
  REQUIRE(bench.owner.wait("down 1"));
  CHECK(WatchedOwner::count(bench.owner.told.get().lines, "confirmed") == 0);
}

TEST_CASE("component: a ping that somebody else makes is dropped and logged") {
  Bench bench;
  HostStream host = bench.open();
  host.peer.say(
      "<iq from='rooms.a.example' to='rooms.a.example' type='get' id='guess'>"
      "<ping xmlns='urn:xmpp:ping'/></iq>");
  CHECK(bench.owner.wait_logged("claims to be from one of our own domains"));
  host.peer.say(kMessage);
  CHECK(bench.owner.wait("read"));
  CHECK(bench.owner.told.get().lines.size() == 2);
}

TEST_CASE("component: a host that routes no pings is told, and the link stays") {
  Options options;
  options.timing.ping_answer = Millis(100);
  Bench bench(options);
  HostStream host = bench.open();
  CHECK(bench.send("<message id='m1'/>", 7) == Sent::taken);
  while (bench.owner.logged("does not route our pings") == 0) {
    host.peer.say(" ");
    (void)host.peer.hear(10);
  }
  CHECK(bench.component->status().front().up);
}

TEST_CASE("component: a host that is silent though pinged is given up") {
  Options options;
  options.timing.ping_answer = Millis(100);
  Bench bench(options);
  HostStream host = bench.open();
  CHECK(bench.send("<message id='m1'/>", 7) == Sent::taken);
  CHECK(bench.owner.wait_logged("no sign of life for 0.1 s"));
  CHECK(bench.owner.wait("down 1"));
  CHECK(bench.accept().peer.is_open());  // it tries again
}

TEST_CASE("component: over the budget requests are refused here and answers are taken") {
  Bench bench;
  HostStream host = bench.open();
  bench.owner.admitting = false;
  host.peer.say(
      "<iq from='u@a.example/x' to='rooms.a.example' type='get' id='q1'/>"
      "<iq from='u@a.example/x' to='rooms.a.example' type='result' id='r1'/>");
  const std::string answer = host.peer.hear_until("</iq>");
  CHECK(answer.find("id='q1'") != std::string::npos);
  CHECK(answer.find("<resource-constraint ") != std::string::npos);
  REQUIRE(bench.owner.wait("read"));
  CHECK(bench.owner.told.get().lines.back().find("id='r1'") != std::string::npos);
}

TEST_CASE("component: a host that does not read fills the queue, and drained follows") {
  Options options;
  options.bounds.queue_bytes = 16 * 1024 * 1024;
  options.bounds.high_water = 1024 * 1024;
  Bench bench(options);
  HostStream host = bench.open();
  std::size_t taken = 0;
  const std::string piece(256 * 1024, ' ');
  Sent last = Sent::taken;
  while (last == Sent::taken) {
    last = bench.send(piece);
    if (last == Sent::taken) ++taken;
  }
  CHECK(last == Sent::full);
  CHECK(bench.component->queued(bench.link()) > options.bounds.high_water);
  // Still read from, all the while.
  host.peer.say("<iq from='u@a.example/x' to='rooms.a.example' type='result' id='r1'/>");
  CHECK(bench.owner.wait("read"));
  for (std::size_t read = 0; read < taken * piece.size();) {
    const std::string more = host.peer.hear();
    REQUIRE_FALSE(more.empty());
    read += more.size();
  }
  CHECK(bench.owner.wait("drained"));
  CHECK(bench.send(piece) == Sent::taken);
}

TEST_CASE("component: stop writes what is queued, closes the stream, and connects no more") {
  Bench bench;
  HostStream host = bench.open();
  const std::string big = "<message><body>" + std::string(2'000'000, 'x') + "</body></message>";
  CHECK(bench.send(big) == Sent::taken);
  Watched<bool> stopped;
  bench.component->stop([&] { stopped.change([](bool& is) { is = true; }); });
  const std::string heard = host.peer.hear_until("</stream:stream>");
  CHECK(heard.size() == big.size() + std::string_view("</stream:stream>").size());
  host.peer.say("</stream:stream>");
  host.peer.end();
  CHECK(stopped.wait([](bool is) { return is; }));
  CHECK(bench.owner.wait("down 1: we stop"));
  CHECK_FALSE(bench.listener.accept(300).is_open());
}

TEST_CASE("component: stop while it waits for the next try is at once") {
  Options options;
  options.port = net::testing::closed_port();
  Bench bench(options);
  REQUIRE(bench.owner.wait_logged("cannot be reached"));
  Watched<bool> stopped;
  bench.component->stop([&] { stopped.change([](bool& is) { is = true; }); });
  CHECK(stopped.wait([](bool is) { return is; }));
}

TEST_CASE(
    "component: broken XML from the host ends the link with a stream error, then it is back") {
  Bench bench;
  HostStream host = bench.open();
  host.peer.say("<message><body></message>");
  CHECK_FALSE(host.peer.hear_until("</stream:stream>").empty());
  host.peer.end();
  CHECK(bench.owner.wait("down 1"));
  CHECK(bench.open().peer.is_open());
}
