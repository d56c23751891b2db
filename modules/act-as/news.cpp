#include "modules/act-as/news.h"

#include <algorithm>
#include <set>

#include "base/limits.h"
#include "engine/fields.h"
#include "modules/act-as/conversation.h"
#include "xep-spec/xep_0249_direct_invitation.h"

namespace hansa::act_as {
namespace {

constexpr std::string_view kGroup = "news";
constexpr std::string_view kLagNoteNews = "act-as/news-lag";
constexpr std::string_view kWakeNews = "act-as/news";
constexpr std::string_view kRecord = "act-as/news/";
constexpr std::size_t kTokenCharacters = 26;

std::string name_of(const engine::RoomState& room) {
  const std::string& name = room.get<rooms::Room>().config().name;
  return name.empty() ? std::string(room.address().local()) : name;
}

}  // namespace

// --- the acting room's state --------------------------------------------------------------------

engine::Position Acting::last_news(const xmpp::Jid& conversation) const {
  const auto place = last_news_->find(conversation.text());
  return place == last_news_->end() ? 0 : place->second;
}

void Acting::apply(const engine::Entry& entry) {
  if (entry.kind == engine::EntryKind::destroyed) {
    for (const auto& [conversation, position] : *last_news_) changed_.use()[conversation] = 0;
    last_news_.clear();
  }
  if (entry.kind != engine::EntryKind::conversation) return;
  const std::string conversation = read_news(entry).conversation.text();
  last_news_.use()[conversation] = changed_.use()[conversation] = entry.position;
}

void Acting::apply_note(std::string_view key, const std::optional<std::string>& value) {
  if (key == kLagNoteNews) lag_noted_ = value.has_value();
  if (!key.starts_with(kSubscriberNote)) return;
  std::string bare(key.substr(kSubscriberNote.size()));
  if (value) {
    subscribers_.use().insert(std::move(bare));
  } else {
    subscribers_.use().erase(bare);
  }
}

void Acting::collect_records(std::vector<storage::Change>& out) {
  for (const auto& [conversation, position] : *changed_) {
    std::optional<std::string> value;
    if (position != 0) value = engine::FieldWriter().put(1, position).take();
    out.push_back({std::string(kRecord) + conversation, std::move(value)});
  }
  changed_.clear();
}

void Acting::apply_record(std::string_view key, std::string_view value) {
  if (!key.starts_with(kRecord)) return;
  last_news_.use()[std::string(key.substr(kRecord.size()))] = engine::FieldReader(value).number(1);
}

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

void News::tell(engine::RoomTurn& turn, bool was_answered) {
  const Conversation& talk = turn.state<Conversation>();
  const rooms::Room& room = turn.state<rooms::Room>();
  Announcement news;
  news.conversation = turn.room().address();
  news.peer = talk.about().peer;
  news.first = talk.told() == 0;
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
  std::vector<std::string> to_tell;
  for (const auto& [bare, member] : room.members()) {
    if (member.kind != rooms::MemberKind::person) continue;
    if (member.affiliation < rooms::Affiliation::member || present.contains(bare)) continue;
    if (news.first || member.since > last || again.contains(bare)) to_tell.emplace_back(bare);
  }
  if (to_tell.empty() && !news.first) return;
  follow(turn);
  for (std::size_t from = 0; from == 0 || from < to_tell.size(); from += limits::kNewsRecipients) {
    const std::size_t end = std::min(from + limits::kNewsRecipients, to_tell.size());
    news.told.assign(to_tell.begin() + static_cast<std::ptrdiff_t>(from),
                     to_tell.begin() + static_cast<std::ptrdiff_t>(end));
    news.token = random_token(turn.random(), kTokenCharacters);
    turn.append(engine::EntryKind::conversation, write_shared(news), write_local(news));
  }
  Acting& acting = turn.state<Acting>();
  mark_lag(turn, kLagNoteNews, acting.lag_noted());
  if (!acting.lag_looked) turn.wake(std::string(kWakeNews), kLagLook);
  acting.lag_looked = true;
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
    return clear_lag(turn, kLagNoteNews, true);
  }
  acting.lag_looked = true;
  turn.wake(std::string(kWakeNews), kLagLook);
}

}  // namespace hansa::act_as
