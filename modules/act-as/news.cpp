#include "modules/act-as/news.h"

#include <algorithm>
#include <set>

#include "base/limits.h"
#include "engine/fields.h"
#include "modules/act-as/conversation.h"
#include "modules/act-as/talks.h"
#include "xep-spec/xep_0249_direct_invitation.h"

namespace hansa::act_as {
namespace {

constexpr std::string_view kGroup = "news";
constexpr std::string_view kWakeNews = "act-as/news";
constexpr std::size_t kTokenCharacters = 26;

std::string name_of(const engine::RoomState& room) {
  const std::string& name = room.get<rooms::Room>().config().name;
  return name.empty() ? std::string(room.address().local()) : name;
}

}  // namespace

// --- invitations --------------------------------------------------------------------------------

std::optional<engine::Encoded> InvitationDelivery::encode(const engine::RoomState& room,
                                                          const engine::Entry& entry, bool) const {
  if (entry.kind != engine::EntryKind::conversation || entry.erased) return {};
  const Announcement news = read_news(entry);
  if (news.told.empty()) return {};
  const std::string reason = news.peer.text() + " and " + name_of(room) + " are in conversation.";
  std::string content;
  xmpp::Writer writer(content);
  xep_0249::write(writer, {news.conversation, {}, reason});
  writer.leaf("body", xmpp::ns::kClient,
              reason + " Join " + news.conversation.text() + " to take part.");
  std::string sender;
  xmpp::append_escaped(sender, room.address().text());
  engine::Encoded out;
  for (const std::string& member : news.told) {
    // The follower's address is the sender's of the last one; of those before it is written here.
    if (!out.after.empty()) out.before += sender + out.after;
    out.before += "<message from='";
    out.after = "' to='";
    xmpp::append_escaped(out.after, member);
    out.after += "' id='" + derived_id(news.token, member) + "'>" + content + "</message>";
  }
  return out;
}

// --- telling ------------------------------------------------------------------------------------

void News::tell(engine::RoomTurn& turn, bool was_answered, bool joined) {
  reopen(turn);
  const Conversation& talk = turn.state<Conversation>();
  if (talk.muted()) return;
  const rooms::Room& room = turn.state<rooms::Room>();
  Announcement news;
  news.conversation = turn.room().address();
  news.peer = talk.about().peer;
  news.first = talk.told() == 0 || joined;
  std::set<std::string> present;
  for (const auto& [full, session] : room.sessions()) present.emplace(session.jid.bare_text());
  if (!news.first) {
    // Whoever was in since he was last told, and is not now.
    for (const auto& [bare, position] : room.cursors()) {
      if (position >= talk.told() && !present.contains(bare)) news.again.push_back(bare);
    }
    if (news.again.empty() && !was_answered) return;
  }
  news.present.assign(present.begin(), present.end());
  turn.letter(talk.about().acting, std::string(kNewsLetter), write_letter(news));
  turn.note(std::string(kToldNote),
            engine::FieldWriter().put(1, turn.room().last_position()).take());
}

void News::on_letter(engine::RoomTurn& turn, const engine::Letter& letter) {
  if (!turn.room().exists()) return;
  Announcement news = read_letter(letter.bytes);
  const rooms::Room& room = turn.state<rooms::Room>();
  if (news.conversation != letter.from || room.config().conversation) return;
  const engine::Position last = turn.state<Acting>().last_news(news.conversation);
  const std::set<std::string, std::less<>> present(news.present.begin(), news.present.end());
  const std::set<std::string, std::less<>> again(news.again.begin(), news.again.end());
  const rooms::Outward outward = room.config().outward;
  std::vector<std::string> to_tell;
  for (const auto& [bare, member] : room.members()) {
    if (!outward.invite) break;
    if (member.kind != rooms::MemberKind::person) continue;
    if (member.affiliation < rooms::Affiliation::member || present.contains(bare)) continue;
    if (news.first || member.since > last || again.contains(bare)) to_tell.emplace_back(bare);
  }
  if (to_tell.empty() && outward.invite && !news.first) return;
  follow(turn);
  for (std::size_t from = 0; from == 0 || from < to_tell.size(); from += limits::kNewsRecipients) {
    const std::size_t end = std::min(from + limits::kNewsRecipients, to_tell.size());
    news.told.assign(to_tell.begin() + static_cast<std::ptrdiff_t>(from),
                     to_tell.begin() + static_cast<std::ptrdiff_t>(end));
    news.token = random_token(turn.random(), kTokenCharacters);
    turn.append(engine::EntryKind::conversation, write_shared(news), write_local(news));
  }
  Acting& acting = turn.state<Acting>();
  mark_lag(turn, kNewsLagNote, acting.lag_noted());
  if (!acting.lag_looked) turn.wake(std::string(kWakeNews), kLagLook);
  acting.lag_looked = true;
  if (!outward.announce) return;
  parts_.rooms.notice(turn,
                      news.peer.text() + " and " + name_of(turn.room()) +
                          " are in conversation: join " + news.conversation.text(),
                      false);
}

void News::follow(engine::RoomTurn& turn) {
  const std::string address = turn.room().address().text();
  const engine::Position confirmed = turn.group(
      {std::string(kGroup), parts_.domains.rooms, &invitations_, engine::ConfirmedBy::host});
  if (turn.confirmed(kGroup, address) == 0) turn.follow(kGroup, address, confirmed + 1, false);
}

void News::resume(engine::RoomTurn& turn) {
  Acting& acting = turn.state<Acting>();
  if (!acting.any()) return;
  follow(turn);
  if (acting.lag_noted()) turn.wake(std::string(kWakeNews), kLagLook);
}

void News::on_wake(engine::RoomTurn& turn) {
  Acting& acting = turn.state<Acting>();
  acting.lag_looked = false;
  if (!acting.lag_noted()) return;
  if (turn.confirmed(kGroup, turn.room().address().text()) >= turn.room().last_position()) {
    return clear_lag(turn, kNewsLagNote, true);
  }
  acting.lag_looked = true;
  turn.wake(std::string(kWakeNews), kLagLook);
}

}  // namespace hansa::act_as
