// What was said in a peer's room while we were away, from its archive (XEP-0313): everything after
// the last id that we heard, in order, before anything that is said live.

#include "base/limits.h"
#include "modules/act-as/news.h"
#include "modules/act-as/peer_room.h"
#include "xep-spec/xep_0203_delay.h"
#include "xep-spec/xep_0297_forwarding.h"
#include "xep-spec/xep_0313_archive.h"
#include "xep-spec/xep_0359_stanza_ids.h"
#include "xmpp/parser.h"

namespace hansa::act_as {
namespace {

// The message of a result, as it would have come live: with the archive's id and stamp.
std::optional<xmpp::Stanza> forwarded(const xmpp::Stanza& stanza, const xmpp::Jid& peer) {
  const xmpp::Element* const result = stanza.child("result", xep_0313::kNs);
  const xmpp::Element* const box =
      result == nullptr ? nullptr : result->child("forwarded", xep_0297::kNs);
  const xmpp::Element* const message =
      box == nullptr ? nullptr : box->child("message", xmpp::ns::kClient);
  if (message == nullptr || message->attr("type") != "groupchat") return std::nullopt;
  const auto from = xmpp::Jid::parse(message->attr("from"));
  if (!from || from->bare() != peer) return std::nullopt;
  std::string content;
  xmpp::Writer writer(content);
  for (const xmpp::Element& child : message->children()) {
    if (!child.is("stanza-id", xep_0359::kNs)) writer.element(child);
  }
  xep_0359::write(writer, {std::string(result->attr("id")), peer.text()});
  if (const xmpp::Element* const delay = box->child("delay", xep_0203::kNs)) {
    writer.element(*delay);
  }
  std::string whole;
  const std::string from_text = from->text();
  const std::string to_text = stanza.to.text();
  xmpp::write_stanza(whole,
                     {.kind = xmpp::StanzaKind::message,
                      .type = "groupchat",
                      .from = from_text,
                      .to = to_text,
                      .id = message->attr("id"),
                      .lang = {}},
                     content);
  auto document = xmpp::parse_element(whole, xmpp::ns::kClient);
  if (!document) return std::nullopt;
  auto parsed = xmpp::Stanza::parse(std::move(*document));
  if (!parsed) return std::nullopt;
  return std::move(*parsed);
}

}  // namespace

void PeerRoom::fetch_missed(engine::RoomTurn& turn) {
  const Conversation& talk = turn.state<Conversation>();
  Tie& tie = turn.state<Tie>();
  Tie::Now& now = tie.now();
  now.replaying = true;
  now.archive_id = random_token(turn.random(), kStanzaIdCharacters);
  std::string content;
  xmpp::Writer writer(content);
  writer.open("query", xep_0313::kNs).attr("queryid", now.archive_id);
  xep_0059::Request page;
  page.max = limits::kMissedPage;
  page.after = tie.last();
  xep_0059::write(writer, page);
  writer.close();
  turn.send(from_identity(parts_, talk.about().acting,
                          {xmpp::StanzaKind::iq, "set", talk.about().peer.text(), now.archive_id},
                          content));
  turn.wake("act-as/missed/" + now.archive_id, Millis(limits::kReflection_ms));
}

void PeerRoom::on_missed(engine::RoomTurn& turn, const xmpp::Stanza& stanza) {
  const Tie& tie = turn.state<Tie>();
  const xmpp::Element* const result = stanza.child("result", xep_0313::kNs);
  if (!tie.now().replaying || result->attr("queryid") != tie.now().archive_id) return;
  const auto message = forwarded(stanza, turn.state<Conversation>().about().peer);
  if (message) hear(turn, *message);
}

// Without a stanza: no answer came.
void PeerRoom::on_missed_end(engine::RoomTurn& turn, const xmpp::Stanza& stanza) {
  Tie::Now& now = turn.state<Tie>().now();
  if (!now.replaying) return;
  std::optional<xep_0313::Fin> fin;
  if (stanza.document != nullptr && !stanza.is_error() && stanza.payload() != nullptr) {
    fin = xep_0313::parse_fin(*stanza.payload());
  }
  if (!fin) {
    // It has no archive for us, or does not know that id any more: the history instead.
    now = {};
    now.no_archive = true;
    turn.state<Conversation>().now().presence = Presence::in;
    stop(turn);
    return enter(turn);
  }
  if (fin->complete || fin->page.last.empty()) return end_missed(turn);
  turn.note(std::string(kLastNote), fin->page.last);
  fetch_missed(turn);
}

// What came live meanwhile is heard now, each in a turn of its own; what comes while that goes on
// waits as well.
void PeerRoom::end_missed(engine::RoomTurn& turn) {
  Tie::Now& now = turn.state<Tie>().now();
  now.archive_id.clear();
  const std::vector<xmpp::Stanza> held = std::exchange(now.held, {});
  if (held.empty()) {
    now.replaying = false;
    return complete(turn);
  }
  for (const xmpp::Stanza& stanza : held) turn.pass({std::string(kHeldTopic), stanza, {}, {}});
  turn.pass({std::string(kHeldTopic), {}, {}, {}});
}

void PeerRoom::on_held(engine::RoomTurn& turn, const engine::Passed& passed) {
  if (!turn.state<Tie>().now().replaying) return;
  if (passed.stanza.document == nullptr) return end_missed(turn);
  hear(turn, passed.stanza);
}

}  // namespace hansa::act_as
