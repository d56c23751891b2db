// A peer's room that cannot be reached: what members are told of it. A service that comes and goes
// does not fill the conversation: it is said once in a while.

#include "base/limits.h"
#include "modules/act-as/peer_room.h"

namespace hansa::act_as {
namespace {

constexpr Millis kBetween{limits::kRejoinMax_ms};  // a host that restarts all night says it 6 times

}  // namespace

void PeerRoom::tell_lost(engine::RoomTurn& turn) {
  const Conversation& talk = turn.state<Conversation>();
  Exchange& now = turn.state<Conversation>().now();
  if (now.lost_told || (now.lost_at && turn.mono() - *now.lost_at < kBetween)) return;
  now.lost_told = true;
  now.lost_at = turn.mono();
  parts_.rooms.notice(turn,
                      talk.about().peer.text() +
                          " cannot be reached at the moment. What is said here waits until this "
                          "room is in there again.",
                      true);
}

// `first`: members are told that it is in.
void PeerRoom::tell_back(engine::RoomTurn& turn, bool first) {
  const Conversation& talk = turn.state<Conversation>();
  Exchange& now = turn.state<Conversation>().now();
  if (now.lost_told && !first) {
    parts_.rooms.notice(turn, "This room is in " + talk.about().peer.text() + " again.", true);
  }
  now.lost_told = now.waits_told = false;
}

// Something was said half a minute ago, and it is not in: only for those who are here to read it.
void PeerRoom::tell_waiting(engine::RoomTurn& turn) {
  Conversation& talk = turn.state<Conversation>();
  Exchange& now = talk.now();
  if (now.waits_told) return;
  // After a load it is not known since when: from now on.
  for (Conversation::Pending& one : talk.pending()) {
    if (one.since == MonoTime{}) one.since = turn.mono();
  }
  const Millis waited = turn.mono() - talk.pending().front().since;
  if (waited < Millis(limits::kReflection_ms)) {
    turn.wake("act-as/reflect", Millis(limits::kReflection_ms) - waited);
    return;
  }
  now.waits_told = true;
  parts_.rooms.notice(turn,
                      "This room is not in " + talk.about().peer.text() +
                          " at the moment: what was said here waits.",
                      false);
}

}  // namespace hansa::act_as
