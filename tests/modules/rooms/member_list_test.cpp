#include "modules/rooms/member_list.h"

#include <doctest/doctest.h>

#include <map>
#include <string>

#include "base/random.h"

using namespace hansa;
using namespace hansa::rooms;

namespace {

bool same(const Member& a, const Member& b) {
  return a.kind == b.kind && a.affiliation == b.affiliation && a.nick == b.nick &&
         a.changed == b.changed && a.since == b.since;
}

}  // namespace

TEST_CASE("rooms: a member list behaves as a map, whatever is done to it") {
  SeededRandom random(1);
  MemberList list;
  std::map<std::string, Member> model;
  for (std::uint64_t step = 1; step <= 30'000; ++step) {
    const std::string bare = "m" + std::to_string(random.below(3'000)) + "@a.example";
    if (random.below(4) == 0) {
      list.erase(bare);
      model.erase(bare);
    } else {
      Member member;
      member.kind = static_cast<MemberKind>(1 + random.below(3));
      member.affiliation = static_cast<Affiliation>(random.below(5));
      if (random.below(2) == 0) member.nick = "nick " + std::to_string(step);
      member.changed = step;
      member.since = random.below(step);
      list.set(bare, member);
      model[bare] = member;
    }
    REQUIRE(list.size() == model.size());
    const std::string other = "m" + std::to_string(random.below(3'000)) + "@a.example";
    REQUIRE(list.contains(other) == model.contains(other));
    if (model.contains(other)) REQUIRE(same(list.find(other)->second, model[other]));
    if (step % 1'000 != 0) continue;
    auto expected = model.begin();
    for (const auto& [name, member] : list) {
      REQUIRE(name == expected->first);
      REQUIRE(same(member, expected->second));
      ++expected;
    }
    REQUIRE(expected == model.end());
  }
  list.clear();
  CHECK(list.empty());
  CHECK(list.begin() == list.end());
  CHECK(list.find("m1@a.example") == list.end());
}

TEST_CASE("rooms: a member list that is read in order has every member once") {
  MemberList list;
  for (int n = 10'000; n < 12'000; ++n) list.set(std::to_string(n), {});
  for (int n = 11'999; n >= 10'000; --n) list.set(std::to_string(n), {});
  CHECK(list.size() == 2'000);
  int next = 10'000;
  for (const auto& [name, member] : list) CHECK(name == std::to_string(next++));
}
