#pragma once
// A short life of a node, played through the real modules: every kind of entry and note that they
// write is in its logs. Time and chance are given: it is the same at every run of one build.

#include "tests/support/acting_fixture.h"

namespace hansa::golden {

// What is said in it, for a node that goes on from there.
inline constexpr std::string_view kRoom = "support@rooms.a.example";
inline constexpr std::string_view kGone = "gone@rooms.a.example";
inline constexpr std::string_view kPerson = "support%bob\\40b.example@rooms.a.example";
inline constexpr std::string_view kLobby = "support%lobby\\40muc.b.example@rooms.a.example";

// A node with one more row: <erase xmlns='golden' position=…/> and <drop …/> for the engine's own.
class Node : public test::ActingFixture {
 public:
  Node();
};

// The node ends in a crash, with people in its rooms; its logs are in node.store.
void play(Node& node);

}  // namespace hansa::golden
