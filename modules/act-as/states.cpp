#include "modules/act-as/states.h"

#include <array>

#include "base/limits.h"
#include "modules/act-as/references.h"
#include "xep-spec/xep_0085_chat_states.h"
#include "xep-spec/xep_0184_receipts.h"
#include "xep-spec/xep_0333_markers.h"
#include "xmpp/parser.h"

namespace hansa::act_as {
namespace {

constexpr std::array<std::string_view, 5> kStates = {"active", "composing", "paused", "inactive",
                                                     "gone"};
constexpr std::string_view kStateWake = "act-as/state";
constexpr std::size_t kHeldMarkers = 8;
constexpr std::string_view kMarkerWake = "act-as/marker";

// Empty: there is none.
std::string_view state_in(const xmpp::Element& message) {
  for (const std::string_view state : kStates) {
    if (message.child(state, xep_0085::kNs) != nullptr) return state;
  }
  return {};
}

std::string element(std::string_view name, std::string_view ns, std::string_view id = {}) {
  std::string out;
  xmpp::Writer(out).open(name, ns).attr_if("id", id).close();
  return out;
}

// XEP-0333 §3: what does not ask for markers gets none.
bool is_markable(const rooms::Message& said) {
  if (said.content.find(xep_0333::kNs) == std::string::npos || said.id.empty()) return false;
  const auto document =
      xmpp::parse_element("<message>" + said.content + "</message>", xmpp::ns::kClient);
  return document && (*document)->root().child("markable", xep_0333::kNs) != nullptr;
}

// Our settings and what the peer's client is known to take.
bool may_leave(const Conversation& talk) {
  return talk.opened() && talk.peer_kind() == PeerKind::person && !talk.blocked();
}

}  // namespace

void States::heard(engine::RoomTurn& turn, const xmpp::Stanza& stanza,
                   const rooms::VirtualOccupant& who) const {
  Conversation& talk = turn.state<Conversation>();
  if (!talk.opened() || talk.peer_kind() != PeerKind::person) return;
  std::string content;
  if (const std::string_view state = state_in(stanza.element()); !state.empty()) {
    talk.now().peer_states = true;
    content += element(state, xep_0085::kNs);
  }
  if (const xmpp::Element* const marker = stanza.child("displayed", xep_0333::kNs)) {
    const auto to = inward(turn.room(), {})(Reference::marker, marker->attr("id"));
    if (to) content += element("displayed", xep_0333::kNs, to->id);
  }
  if (const xmpp::Element* const receipt = stanza.child("received", xep_0184::kNs)) {
    const auto to = inward(turn.room(), {})(Reference::receipt, receipt->attr("id"));
    if (to) content += element("received", xep_0184::kNs, to->id);
  }
  if (content.empty()) return;
  parts_.rooms.pass_as(turn, who, std::move(content));
}

void States::send(engine::RoomTurn& turn, std::string_view content) const {
  const Opened& about = turn.state<Conversation>().about();
  turn.send(from_identity(parts_, about.acting,
                          {xmpp::StanzaKind::message, "chat", about.peer.text(),
                           random_token(turn.random(), kStanzaIdCharacters)},
                          content));
}

void States::settle(engine::RoomTurn& turn) const {
  Exchange& now = turn.state<Conversation>().now();
  if (now.composing == now.composing_sent) return;
  const Millis held = turn.mono() - now.state_since;
  if (now.state_told && held.count() < limits::kStateHeld_ms) {
    if (!now.state_looked) turn.wake(std::string(kStateWake), Millis(limits::kStateHeld_ms) - held);
    now.state_looked = true;
    return;
  }
  now.composing_sent = now.composing;
  now.state_told = true;
  now.state_since = turn.mono();
  send(turn, element(now.composing ? "composing" : "paused", xep_0085::kNs));
  // Nobody says that he has stopped by closing his client.
  if (now.composing && !now.state_looked) {
    now.state_looked = true;
    turn.wake(std::string(kStateWake), Millis(limits::kStateHeld_ms));
  }
}

void States::passing(engine::RoomTurn& turn, const xmpp::Stanza& stanza) const {
  Conversation& talk = turn.state<Conversation>();
  Exchange& now = talk.now();
  // A client that never sent one may not know them (XEP-0085 §5.1).
  if (!now.states || !now.peer_states || !may_leave(talk)) return;
  const std::string_view state = state_in(stanza.element());
  if (state.empty()) return;
  now.composing = state == "composing";
  if (now.composing) now.composed = turn.mono();
  settle(turn);
}

void States::accepted(engine::RoomTurn& turn, const rooms::Message& message) const {
  Conversation& talk = turn.state<Conversation>();
  if (!talk.now().states || !may_leave(talk)) return;
  if (!message.internal) {
    // What is said ends the state at the peer's client.
    talk.now().composing = talk.now().composing_sent = false;
    return;
  }
  if (message.content.find(xep_0333::kNs) == std::string::npos) return;
  const auto document =
      xmpp::parse_element("<message>" + message.content + "</message>", xmpp::ns::kClient);
  if (!document) return;
  const xmpp::Element* const marker = (*document)->root().child("displayed", xep_0333::kNs);
  if (marker == nullptr) return;
  const std::string_view id = marker->attr("id");
  engine::Position position = 0;  // of the last that asked for it, up to the one that is named
  std::string last;
  for (const engine::EntryPtr& entry : turn.room().tail()) {
    if (entry->kind != engine::EntryKind::message || entry->erased) continue;
    const rooms::Message said = rooms::read_message(*entry);
    if (!said.from_peer) continue;
    if (is_markable(said)) {
      position = entry->position;
      last = said.id;
    }
    if (said.stanza_id == id || said.id == id) return hold_marker(turn, position, last);
  }
}

void States::hold_marker(engine::RoomTurn& turn, engine::Position position,
                         const std::string& id) const {
  Exchange& now = turn.state<Conversation>().now();
  if (position <= now.displayed) return;  // it stands for all before it
  now.displayed = position;
  // Each is held for its time. If there are many, the newest wait together.
  if (now.markers.size() >= kHeldMarkers) now.markers.pop_back();
  now.markers.push_back({id, turn.mono()});
  if (!now.marker_looked) turn.wake(std::string(kMarkerWake), Millis(limits::kStateHeld_ms));
  now.marker_looked = true;
}

void States::send_markers(engine::RoomTurn& turn) const {
  Conversation& talk = turn.state<Conversation>();
  Exchange& now = talk.now();
  now.marker_looked = false;
  if (!may_leave(talk)) return now.markers.clear();
  std::string due;
  while (!now.markers.empty() &&
         turn.mono() - now.markers.front().since >= Millis(limits::kStateHeld_ms)) {
    due = now.markers.front().id;
    now.markers.erase(now.markers.begin());
  }
  if (!due.empty()) send(turn, element("displayed", xep_0333::kNs, due));
  if (now.markers.empty()) return;
  now.marker_looked = true;
  turn.wake(std::string(kMarkerWake),
            Millis(limits::kStateHeld_ms) - (turn.mono() - now.markers.front().since));
}

void States::on_wake(engine::RoomTurn& turn, std::string_view name) const {
  Conversation& talk = turn.state<Conversation>();
  Exchange& now = talk.now();
  if (name == "marker") return send_markers(turn);
  now.state_looked = false;
  if (!may_leave(talk)) return;
  const Millis silent = turn.mono() - now.composed;
  if (now.composing && silent.count() >= limits::kStateHeld_ms) now.composing = false;
  if (now.composing == now.composing_sent && now.composing) {
    now.state_looked = true;
    turn.wake(std::string(kStateWake), Millis(limits::kStateHeld_ms) - silent);
    return;
  }
  settle(turn);
}

}  // namespace hansa::act_as
