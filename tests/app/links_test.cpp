#include "app/links.h"

#include <doctest/doctest.h>

#include <vector>

namespace hansa::app {
namespace {

using component::LinkId;
using component::Mark;
using component::Sent;

struct Host {
  Sent answer = Sent::taken;
  std::string taken;
  std::vector<Mark> marks;
  ComponentLinks links{{[this](LinkId, const net::Buffer& bytes, Mark mark) {
                          if (answer == Sent::taken) {
                            taken += *bytes;
                            if (mark != 0) marks.push_back(mark);
                          }
                          return answer;
                        },
                        [this](LinkId) { return taken.size(); }}};
};

constexpr LinkId kFirst{0, 1};
constexpr LinkId kSecond{0, 2};
constexpr std::string_view kRooms = "rooms.a.example";

TEST_CASE("links: what is written while the link is down is dropped") {
  Host host;
  host.links.write(kRooms, "<a/>");
  host.links.confirm(kRooms, 1);
  CHECK(host.taken.empty());
  CHECK(host.links.queued(kRooms) == 0);
  host.links.up(kRooms, kFirst);
  host.links.write(kRooms, "<b/>");
  CHECK(host.taken == "<b/>");
  CHECK(host.links.links_up() == 1);
}

TEST_CASE("links: a mark follows what was written before it") {
  Host host;
  host.links.up(kRooms, kFirst);
  host.links.write(kRooms, "<a/>");
  host.links.confirm(kRooms, 7);
  CHECK(host.taken == "<a/> ");
  CHECK(host.marks == std::vector<Mark>{7});
}

TEST_CASE("links: what a full queue does not take waits in order, and counts as queued") {
  Host host;
  host.links.up(kRooms, kFirst);
  host.answer = Sent::full;
  host.links.write(kRooms, "<a/>");
  host.links.confirm(kRooms, 1);
  host.answer = Sent::taken;
  host.links.write(kRooms, "<b/>");
  CHECK(host.taken.empty());
  CHECK(host.links.queued(kRooms) == 9);
  host.links.drained(kRooms, kFirst);
  CHECK(host.taken == "<a/> <b/>");
  CHECK(host.marks == std::vector<Mark>{1});
  CHECK(host.links.queued(kRooms) == host.taken.size());
  host.links.write(kRooms, "<c/>");
  CHECK(host.taken == "<a/> <b/><c/>");
}

TEST_CASE("links: the next link gets nothing of the one before it") {
  Host host;
  host.links.up(kRooms, kFirst);
  host.answer = Sent::full;
  host.links.write(kRooms, "<old/>");
  host.answer = Sent::taken;
  CHECK(host.links.down(kRooms, kFirst));
  host.links.up(kRooms, kSecond);
  host.links.drained(kRooms, kSecond);
  CHECK(host.taken.empty());
  CHECK_FALSE(host.links.down(kRooms, kFirst));  // news of the old one come late
  host.links.drained(kRooms, kFirst);
  CHECK(host.links.is_present(kRooms, kSecond));
}

}  // namespace
}  // namespace hansa::app
