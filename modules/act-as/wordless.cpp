#include "modules/act-as/wordless.h"

#include <algorithm>

#include "base/limits.h"
#include "modules/act-as/conversation.h"
#include "xep-spec/xep_0045_muc.h"
#include "xep-spec/xep_0085_chat_states.h"
#include "xep-spec/xep_0184_receipts.h"
#include "xep-spec/xep_0249_direct_invitation.h"
#include "xep-spec/xep_0333_markers.h"
#include "xep-spec/xep_0353_jingle_messages.h"

namespace hansa::act_as {
namespace {

// Conversations that the people of one domain may begin with one room: at once, and for ever. Each
// is a room on this node and a letter to each member; a busy shop has fewer new customers.
constexpr double kBegunAtOnce = 50;
constexpr double kBegunPerMinute = 10;
constexpr std::size_t kBegunKept = 4096;  // domains of which it is known

std::string because(const std::string& reason) {
  const std::string line = one_line(reason);
  return line.empty() ? std::string() : " («" + line + "»)";
}

std::string to_enter(const xmpp::Jid& room) {
  return " To enter, open a conversation with " + room.text() + ".";
}

bool is_state_or_receipt(const xmpp::Stanza& stanza) {
  const auto children = stanza.element().children();
  return std::any_of(children.begin(), children.end(), [](const xmpp::Element& child) {
    return child.ns() == xep_0085::kNs || child.is("displayed", xep_0333::kNs) ||
           child.is("received", xep_0184::kNs);
  });
}

}  // namespace

bool Wordless::may_begin(engine::RoomTurn& turn, const xmpp::Jid& acting, const xmpp::Jid& from) {
  const std::string key = acting.text() + "\n" + std::string(from.domain());
  const auto now = turn.mono();
  const auto filled = [&](const Begun& one) {
    const auto passed = static_cast<double>((now - one.at).count());
    return std::min(kBegunAtOnce, one.left + passed * kBegunPerMinute / 60'000.0);
  };
  if (begun_.size() >= kBegunKept) {
    std::erase_if(begun_, [&](const auto& one) { return filled(one.second) >= kBegunAtOnce; });
  }
  Begun& begun = begun_.try_emplace(key, Begun{kBegunAtOnce, now}).first->second;
  begun.left = filled(begun);
  begun.at = now;
  if (begun.left < 1) {
    turn.refuse(Error(Condition::resource_constraint,
                      "Too many people of " + std::string(from.domain()) +
                          " have written here for the first time; please try again in a while."));
    return false;
  }
  begun.left -= 1;
  return true;
}

void Wordless::begin(engine::RoomTurn& turn, const xmpp::Stanza& stanza, const Right& right,
                     PeerKind kind) {
  if (turn.state<Conversation>().opened()) return;
  Opened opened;
  opened.acting = room_of(parts_.domains, stanza.to);
  opened.peer = stanza.from.bare();
  opened.version = right.version;
  opening_.create(turn, std::move(opened), right.info, kind);
}

bool Wordless::heard(engine::RoomTurn& turn, const xmpp::Stanza& stanza, const Right& right,
                     std::string_view nick) {
  const bool opened = turn.state<Conversation>().opened();
  const auto answer = [&](const std::string& content) {
    turn.send(from_identity(parts_, room_of(parts_.domains, stanza.to),
                            {xmpp::StanzaKind::message, std::string(stanza.type),
                             stanza.from.text(), random_token(turn.random(), kStanzaIdCharacters)},
                            content));
  };
  if (const xmpp::Element* const x = stanza.child("x", xep_0249::kNs)) {
    const auto invitation = xep_0249::parse(*x);
    if (!invitation ||
        (!opened && !may_begin(turn, room_of(parts_.domains, stanza.to), stanza.from)))
      return true;
    begin(turn, stanza, right, PeerKind::person);
    const xmpp::Jid room = invitation->room.bare();
    parts_.rooms.notice(turn,
                        std::string(nick) + " invites this room to " + room.text() +
                            because(invitation->reason) + "." + to_enter(room),
                        true);
    news_.tell(turn, true);
    return true;
  }
  if (const auto call = xep_0353::proposed(stanza.element())) {
    std::string content;
    xmpp::Writer writer(content);
    xep_0353::write_reject(writer, *call);
    answer(content);
    if (!opened) return true;
    parts_.rooms.notice(
        turn, std::string(nick) + " tried to call. Calls are not taken here; he was told so.",
        true);
    news_.tell(turn, true);
    return true;
  }
  const bool waits = xep_0184::requested(stanza.element()) && !stanza.id.empty();
  if (!waits || is_state_or_receipt(stanza)) return false;
  turn.refuse(Error(Condition::not_acceptable,
                    "Nobody here can read this kind of message; please send it as text."));
  return true;
}

void Wordless::invited(engine::RoomTurn& turn, const xmpp::Stanza& stanza, const Right& right) {
  const xmpp::Element* const x = stanza.child("x", xep_0045::kNsUser);
  const auto user = x == nullptr ? std::nullopt : xep_0045::parse_user(*x);
  if (!user || user->invites.empty() ||
      !may_begin(turn, room_of(parts_.domains, stanza.to), stanza.from))
    return;
  const auto& invite = user->invites.front();
  begin(turn, stanza, right, PeerKind::unknown);
  const std::string by = read_jid(invite.from).bare().text();
  parts_.rooms.notice(turn,
                      stanza.from.bare().text() + " invites this room" +
                          (by.empty() ? std::string() : ", it says for " + by) +
                          because(invite.reason) + "." + to_enter(stanza.from.bare()),
                      true);
  news_.tell(turn, true);
}

}  // namespace hansa::act_as
