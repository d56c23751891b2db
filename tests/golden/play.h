#pragma once
// A short life of a node, played through the real modules: every kind of entry and note that they
// write is in its logs. Time and chance are given: it is the same at every run of one build.

#include "storage/simulated_store.h"
#include "tests/support/acting_fixture.h"
#include "tests/support/federation.h"

namespace hansa::golden {

// What is said in it, for a node that goes on from there.
inline constexpr std::string_view kRoom = "support@rooms.a.example";
inline constexpr std::string_view kGone = "gone@rooms.a.example";
inline constexpr std::string_view kPerson = "support%bob\\40b.example@rooms.a.example";
inline constexpr std::string_view kLobby = "support%lobby\\40muc.b.example@rooms.a.example";

// A node with rows for the engine's own: <erase xmlns='golden' position=…/>, <drop …/>, <retain/>,
// <timer/>.
class Node : public test::ActingFixture {
 public:
  Node();
};

// The node ends in a crash, with people in its rooms; its logs are in node.store.
void play(Node& node);

// The same, with what rooms have beside XEP-0045.
void play_companions(Node& node);

// The same, with rooms that are members of rooms, on both sides.
void play_member_rooms(Node& node);

// The same, with who may act as a room, and what members make of a conversation.
void play_acting(Node& node);

// The same, with peers of whom it is not clear at first what they are, and who take things back.
void play_peers(Node& node);

// The same, with rooms in the node's list, and people who were invited and have not come.
void play_listed(Node& node);

// The same, with subscribers of an identity's presence, some of whom are blocked.
void play_subscribed(Node& node);

// The same, with a conversation whose settings are in a note.
void play_conversation(Node& node);

// The same, with what was said erased at its age, and all that is older dropped.
void play_retained(Node& node);

// The node dies while a letter is not handled, a payload not erased, a timer not due; of the rooms
// kRoom and kGone (which does not end here) one holds an entry that this version does not know.
void play_waiting(Node& node);

// A shared room on a hub and two nodes: one was cut off meanwhile, and the hub was put back to an
// older backup. All parties end in a crash; their logs are on their disks.
void play_shared(test::Federation& all);
// The same room at the node of b, which is cut off: what its people say has no order yet, and what
// they say to one person alone has not left.
void play_cut_off(test::Federation& all);
// The same room at the node of b, which lost it: it is welcomed anew, has the list, and waits for
// the history.
void play_behind(test::Federation& all);
// The same, which has another history than the hub and is to begin anew.
void play_begins_anew(test::Federation& all);
// The same, and it has come: what stands in it is without order again at the next welcome.
void play_welcomed_again(test::Federation& all);
// The same at the node of c, which came in between what was said and that it was erased.
void play_erased(test::Federation& all);
// A hub that was put back, when what it lost is at the node of a alone, which is out of the room.
void play_lost(test::Federation& all);
inline constexpr storage::Faults kNoFaults{Millis(0), Millis(0), Millis(0), Millis(0), 0,    0,
                                           0,         0,         0,         0,         false};

}  // namespace hansa::golden
