#pragma once
// Three nodes of rooms that act, their hosts and people: rooms that are members of rooms, of other
// nodes and of their own, at random. Room r<i> lives on the i-th node in turn; a person made it and
// is in it, and in every conversation that it has; his clerk is a member, who may speak as it until
// that is taken from him. Hosts route in order from each domain to each other one; a partition
// answers for a while in a node's stead, or says nothing.

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "tests/sim/acting/node.h"
#include "tests/sim/coverage.h"
#include "tests/sim/judge.h"
#include "tests/sim/schedule.h"
#include "tests/sim/xml.h"

namespace hansa::sim::acting {

using Edge = std::pair<std::size_t, std::size_t>;  // member, host: r<member> is in r<host>

// What is judged while it happens; the rest at the end (history.cpp).
inline constexpr auto kOnce = "a message enters a room at most once";
inline constexpr auto kRight = "no act of one whose right was taken succeeds";
inline constexpr auto kNames = "nothing of a member leaves his node";

// People are numbered: who made room r<i> is i, his clerk is i + kClerks.
inline constexpr std::size_t kClerks = 1000;

struct Said {
  std::size_t by = 0;
  std::string where;        // a room of ours, or a conversation
  bool seen = false;        // by him who said it: the room has it
  bool told = false;        // him: that it did not come to the other room
  bool forbidden = false;   // he had been told before that he may not
  std::set<Edge> due;       // memberships that must carry it
  std::size_t crossed = 0;  // stanzas between rooms with it
};

struct World {
  World(std::uint64_t seed, bool verbose, std::string_view planted);
  ~World();
  // Until that time has passed, or an invariant is broken (false).
  bool run(Millis time);

  [[nodiscard]] static std::string local(std::size_t i) { return "r" + std::to_string(i); }
  [[nodiscard]] std::string room(std::size_t i) const;
  [[nodiscard]] std::string identity(std::size_t i) const;
  [[nodiscard]] std::string talk(const Edge& edge) const;
  // What nobody outside may see of a person: ze0n<i>, clerks ze0nc<i>, his resource de0sk<i>, nick
  // qu0ill<i>, and ids own-….
  [[nodiscard]] std::string bare(std::size_t person) const;
  [[nodiscard]] std::string full(std::size_t person) const;

  void founds(std::size_t i);
  void enters(std::size_t person, const std::string& where);
  void opens(const Edge& edge);
  void leaves(const Edge& edge);
  void revokes(std::size_t i);  // his clerk is no member any more
  std::string speaks(std::size_t person, const std::string& where, std::set<Edge> due);
  std::string speaks_at_home(std::size_t i);
  void part(std::size_t a, std::size_t b, Millis time, bool silent);
  void mend();
  [[nodiscard]] bool carried(const Edge& edge, const std::string& body) const;
  [[nodiscard]] std::uint64_t troubles() const;

  Schedule schedule;
  std::string_view planted;
  Judge judge{schedule};
  Coverage coverage;
  std::vector<std::unique_ptr<Node>> nodes;
  std::size_t rooms = 0;
  std::set<Edge> edges;              // seen to carry
  std::set<Edge> gone;               // told to end: nothing is due any more
  std::set<Edge> clerked;            // the clerk went into that conversation
  std::set<std::size_t> revoked;     // rooms whose clerk may act no more, as their owners were told
  std::map<std::string, Said> said;  // by body
  std::map<std::tuple<std::size_t, std::string, std::string>, std::set<std::string>>
      heard;  // person, room, body → stanza ids
  std::uint64_t opened = 0;
  std::uint64_t crossed = 0;  // stanzas with what people said, between rooms

 private:
  struct Wall {
    MonoTime until{0};
    bool silent = false;
  };
  void says(const std::string& xml);
  void route(const xmpp::DocumentPtr& document);
  void deliver(const xmpp::DocumentPtr& document);
  void bounces(const xmpp::Stanza& stanza);
  void to_person(const xmpp::Stanza& stanza);
  void check_crossing(const xmpp::Stanza& stanza, const std::string& text);
  void count(const xmpp::Stanza& stanza);
  void hears(std::size_t person, const std::string& from, const xmpp::Stanza& stanza);
  [[nodiscard]] std::size_t index_of(std::string_view domain) const;  // nodes.size(): of none

  std::map<std::pair<std::string, std::string>, MonoTime> in_order_;
  std::map<std::pair<std::size_t, std::size_t>, Wall> walls_;
  std::uint64_t words_ = 0;
  std::uint64_t lost_ = 0;
};

}  // namespace hansa::sim::acting
