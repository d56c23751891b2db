// One message in a room that 100 rooms of another node are members of, with 100 people in each:
// what crosses between the two nodes, and how long all 10,000 copies take beside a message in one
// room with 10,000 people in it, on the same wires. bench/README.md.
//
//   bench_act_as [--rooms N] [--people N]

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/nodes.h"

namespace hansa::bench {
namespace {

using test::Nodes;

constexpr int kRounds = 5;

const std::string kOwner = "owner@b.example/1";
const std::string kHall = Nodes::room("hall", "b");

struct Crossed {
  std::size_t stanzas = 0;
  std::size_t bytes = 0;
};

class Hall : public Nodes {
 public:
  explicit Hall(std::size_t reduced) : Nodes({"a", "b"}) {
    for (auto& [name, party] : parties) party->settings.reduced_presence = reduced;
    lose = [this](const xmpp::Element& stanza) {
      ++between.stanzas;
      between.bytes += xmpp::to_xml(stanza).size();
      return false;
    };
    found(kOwner, kHall);
  }
  // Milliseconds until every copy is written, the best of some rounds; `between` is of the last.
  double takes(std::size_t copies) {
    double best = 1e9;
    for (int round = 0; round < kRounds; ++round) {
      heard.clear();
      between = {};
      const std::string body = "round " + std::to_string(round);
      const auto start = std::chrono::steady_clock::now();
      speaks(kOwner, kHall, body);
      const std::chrono::duration<double, std::milli> took =
          std::chrono::steady_clock::now() - start;
      std::size_t came = 0;
      for (const auto& [who, stanzas] : heard) {
        came += static_cast<std::size_t>(
            std::count_if(stanzas.begin(), stanzas.end(), [&](const xmpp::DocumentPtr& one) {
              const xmpp::Element* const said = one->root().child("body", xmpp::ns::kClient);
              return said != nullptr && said->text() == body;
            }));
      }
      if (came != copies + 1) {  // the owner has one, too
        std::fprintf(stderr, "%zu copies came instead of %zu\n", came, copies + 1);
        std::exit(1);
      }
      best = std::min(best, took.count());
    }
    return best;
  }
  Crossed between;
};

void compare(std::size_t rooms, std::size_t people) {
  const std::size_t all = rooms * people;
  Hall guilds(people / 2);
  for (std::size_t n = 0; n < rooms; ++n) {
    const std::string name = "guild" + std::to_string(n);
    const std::string head = "head" + std::to_string(n) + "@a.example/1";
    guilds.found(head, Nodes::room(name, "a"));
    guilds.opens(head, Nodes::identity(name, "a"), kHall);
    if (!guilds.answers("owner@b.example")) std::abort();
    const auto peer = xmpp::Jid::parse(kHall).value();
    const std::string inside = guilds.node("a").addressing.conversation(name, peer).text();
    for (std::size_t one = 0; one < people; ++one) {
      const std::string who = "p" + std::to_string(one) + "-" + std::to_string(n) + "@a.example";
      guilds.says("<iq type='set' id='m' from='" + head + "' to='" + Nodes::room(name, "a") +
                  "'><query xmlns='http://jabber.org/protocol/muc#admin'><item jid='" + who +
                  "' affiliation='member'/></query></iq>");
      guilds.enters(who + "/1", inside);
      guilds.heard.clear();
    }
  }
  const double through = guilds.takes(all);

  Hall plain(people / 2);
  for (std::size_t one = 1; one < all; ++one) {  // with the owner
    plain.enters("p" + std::to_string(one) + "@a.example/1", kHall);
    plain.heard.clear();
  }
  const double direct = plain.takes(all - 1);

  std::printf("%zu rooms with %zu people each, on another node: %zu stanzas cross for a message, "
              "%zu bytes (%.0f a room)\n",
              rooms, people, guilds.between.stanzas, guilds.between.bytes,
              static_cast<double>(guilds.between.bytes) / static_cast<double>(rooms));
  std::printf("all %zu copies: %.1f ms; in one room with all of them: %.1f ms; ratio %.2f\n", all,
              through, direct, through / direct);
}

}  // namespace
}  // namespace hansa::bench

int main(int count, char** arguments) {
  std::size_t rooms = 100;
  std::size_t people = 100;
  for (int at = 1; at + 1 < count; at += 2) {
    const std::string_view name = arguments[at];
    const std::size_t value = std::stoul(arguments[at + 1]);
    if (name == "--rooms") rooms = value;
    if (name == "--people") people = value;
  }
  hansa::bench::compare(rooms, people);
}
