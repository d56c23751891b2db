#include "modules/rooms/mentions.h"

#include <set>

#include "base/limits.h"
#include "modules/rooms/delivery.h"
#include "modules/rooms/member_kinds.h"
#include "xep-spec/xep_0203_delay.h"
#include "xep-spec/xep_0297_forwarding.h"
#include "xep-spec/xep_0372_references.h"
#include "xep-spec/xep_0452_mention_notice.h"
#include "xmpp/parser.h"

namespace hansa::rooms {
namespace {

constexpr std::size_t kIdLength = 26;

// Bare JIDs of the members whom it mentions, by address or by reserved nickname.
std::set<std::string> mentioned(const engine::RoomState& state, const xmpp::Stanza& message) {
  const Room& room = state.get<Room>();
  std::set<std::string> bares;
  std::set<std::string, std::less<>> nicks;
  for (const std::string& uri : xep_0372::mentions(message.element())) {
    if (bares.size() + nicks.size() >= limits::kMentions) break;
    const Result<xmpp::Jid> jid = xmpp::Jid::parse(uri);
    if (!jid) continue;
    if (jid->bare_text() == state.address().text()) {
      nicks.emplace(jid->resource());
    } else {
      bares.emplace(jid->bare_text());
    }
  }
  if (nicks.empty()) return bares;
  for (const auto& [bare, member] : room.members()) {
    if (!member.nick.empty() && nicks.contains(member.nick)) bares.emplace(bare);
  }
  return bares;
}

bool is_away(const Room& room, const xmpp::Jid& who) {
  const auto found = room.members().find(who.text());
  return found != room.members().end() && found->second.affiliation >= Affiliation::member &&
         reach_of(found->second.kind) == Reach::directly && !room.present(who);
}

// The message as all get it, with <mentions/> around it.
std::string notice_of(const engine::RoomState& state, const engine::Entry& entry) {
  const engine::Encoded encoded = encode_message(state, entry, false);
  std::string xml = encoded.before;
  xml.append(state.address().text()).append(encoded.after);
  std::string content;
  const Result<xmpp::DocumentPtr> parsed = xmpp::parse_element(xml, xmpp::ns::kClient);
  if (!parsed) return content;
  xmpp::Writer writer(content);
  writer.open("mentions", xep_0452::kNs).open("forwarded", xep_0297::kNs);
  xep_0203::write(writer, {{}, entry.stamp});
  writer.element((*parsed)->root()).close().close();
  return content;
}

}  // namespace

void forward_mentions(engine::RoomTurn& turn, const xmpp::Stanza& message,
                      engine::Position position) {
  const Room& room = room_of(turn);
  if (!room.config().forward_mentions) return;
  const auto& tail = turn.room().tail();
  if (tail.empty() || tail.back()->position != position) return;
  std::string content;
  for (const std::string& bare : mentioned(turn.room(), message)) {
    const Result<xmpp::Jid> who = xmpp::Jid::parse(bare);
    if (!who || !is_away(room, *who)) continue;
    if (content.empty()) content = notice_of(turn.room(), *tail.back());
    const std::string id = random_token(turn.random(), kIdLength);
    std::string stanza;
    xmpp::write_stanza(stanza,
                       {.kind = xmpp::StanzaKind::message,
                        .type = {},
                        .from = turn.room().address().text(),
                        .to = bare,
                        .id = id,
                        .lang = {}},
                       content);
    turn.send(std::move(stanza));
  }
}

}  // namespace hansa::rooms
