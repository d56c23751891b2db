#include "modules/rooms/applications.h"

#include <algorithm>

#include "base/limits.h"
#include "engine/fields.h"
#include "modules/rooms/affiliations.h"
#include "modules/rooms/entries.h"
#include "modules/rooms/notes.h"
#include "modules/rooms/questions.h"
#include "modules/rooms/room_requests.h"

namespace hansa::rooms {
namespace {

constexpr std::uint32_t kNick = 1;
constexpr std::uint32_t kText = 2;
constexpr std::uint32_t kToken = 3;
constexpr std::uint32_t kAsked = 4;
constexpr std::uint32_t kAnswered = 5;
constexpr std::uint32_t kKind = 6;  // of a room, this and the next
constexpr std::uint32_t kName = 7;
constexpr std::uint32_t kAsker = 8;
constexpr std::uint32_t kRequest = 9;
constexpr std::uint32_t kAccepted = 10;

WallTime due_of(const Application& application) {
  return {application.asked.ms + limits::kApplication_ms};
}

void note_application(engine::RoomTurn& turn, const std::string& bare, const Application& value) {
  turn.note(note_key(kApplicationNote, bare), write_application(value));
}

void forget(engine::RoomTurn& turn, const std::string& bare) {
  const auto known = room_of(turn).applications().find(bare);
  if (known == room_of(turn).applications().end()) return;
  turn.index(question_key(known->second.token), std::nullopt);
  turn.note(note_key(kApplicationNote, bare), std::nullopt);
}

void set_timer(engine::RoomTurn& turn) {
  std::optional<WallTime> due;
  for (const auto& [bare, application] : room_of(turn).applications()) {
    const WallTime own = due_of(application);
    if (!due || own < *due) due = own;
  }
  turn.timer(std::string(kApplicationTimer), due);
}

}  // namespace

std::string question_key(std::string_view token) { return "ask/" + std::string(token); }

std::string write_application(const Application& application) {
  engine::FieldWriter out;
  out.put_if(kNick, application.nick).put_if(kText, application.text);
  out.put(kToken, std::string_view(application.token));
  out.put(kAsked, static_cast<std::uint64_t>(application.asked.ms));
  if (application.answered) out.put(kAnswered, std::uint64_t{1});
  if (application.kind == MemberKind::room) {
    out.put(kKind, static_cast<std::uint64_t>(application.kind));
    out.put_if(kName, application.name).put_if(kAsker, application.asker);
    out.put_if(kRequest, application.request);
    out.put_unless_0(kAccepted, application.accepted ? 1 : 0);
  }
  return out.take();
}

Application read_application(std::string_view bytes) {
  const engine::FieldReader in(bytes);
  Application application;
  application.nick = in.text(kNick);
  application.text = in.text(kText);
  application.token = in.text(kToken);
  application.asked = {static_cast<std::int64_t>(in.number(kAsked))};
  application.answered = in.number(kAnswered) != 0;
  if (in.number(kKind) == static_cast<std::uint64_t>(MemberKind::room)) {
    application.kind = MemberKind::room;
  }
  application.name = in.text(kName);
  application.asker = in.text(kAsker);
  application.request = in.text(kRequest);
  application.accepted = in.number(kAccepted) != 0;
  return application;
}

Status apply(const Context& context, engine::RoomTurn& turn, const xmpp::Jid& who,
             Application application) {
  const std::string bare(who.bare_text());
  const auto& all = room_of(turn).applications();
  if (all.size() >= limits::kApplications && !all.contains(bare)) {
    return Error(Condition::resource_constraint,
                 "Too many requests wait for an answer in this room; please try again later.");
  }
  forget(turn, bare);
  application.token = random_token(turn.random(), kQuestionToken);
  application.asked = turn.now();
  note_application(turn, bare, application);
  turn.index(question_key(application.token), turn.room().address().text());
  set_timer(turn);
  ask_admins(context, turn, who.bare(), application);
  return Done{};
}

void withdraw(engine::RoomTurn& turn, const xmpp::Jid& who) {
  forget(turn, std::string(who.bare_text()));
  set_timer(turn);
}

Result<Decided> decide(const Context& context, engine::RoomTurn& turn, const xmpp::Jid& who,
                       const xmpp::Jid& applicant, bool yes) {
  const Room& room = room_of(turn);
  if (room.affiliation(who) < Affiliation::admin) {
    return Error(Condition::forbidden, "Only admins and owners decide who becomes a member.");
  }
  const auto known = room.applications().find(std::string(applicant.bare_text()));
  if (known == room.applications().end()) return Decided::unknown;
  if (known->second.answered) return Decided::already_answered;
  Application application = known->second;
  std::vector<MemberChange> changes;
  if (yes && room.affiliation(applicant) <= Affiliation::none) {
    MemberChange& change = changes.emplace_back();
    change.who = applicant.bare();
    change.member.affiliation = Affiliation::member;
    change.member.kind = application.kind;
    // Meanwhile somebody else may have got it.
    if (room.reserved_by(application.nick).empty()) change.member.nick = application.nick;
    if (const auto why = may_not_change(context, room, who, changes)) return *why;
  }
  application.answered = true;
  application.accepted = yes;
  note_application(turn, std::string(applicant.bare_text()), application);
  append_changes(turn, changes);
  show_changes(context, turn, changes, {});
  if (application.kind == MemberKind::room) {
    tell_room(turn, applicant.bare());
  } else {
    tell_applicant(turn, applicant.bare(), yes);
  }
  return yes ? Decided::accepted : Decided::refused;
}

void forget_applications(engine::RoomTurn& turn) {
  std::vector<std::string> all;
  for (const auto& [bare, application] : room_of(turn).applications()) all.push_back(bare);
  for (const std::string& bare : all) forget(turn, bare);
  if (!all.empty()) turn.timer(std::string(kApplicationTimer), std::nullopt);
}

std::string_view text_of(Decided decided) {
  switch (decided) {
    case Decided::accepted: return "Thank you. He is a member now, and is told so.";
    case Decided::refused: return "Thank you. He is told that he was not accepted.";
    case Decided::already_answered: return "This request was already answered.";
    case Decided::unknown: return "There is no such request any more.";
  }
  return {};
}

xmpp::Jid applicant_by_token(const Room& room, std::string_view token) {
  for (const auto& [bare, application] : room.applications()) {
    if (application.token == token) return read_jid(bare);
  }
  return {};
}

void expire(engine::RoomTurn& turn) {
  std::vector<std::pair<std::string, Application>> over;
  for (const auto& [bare, application] : room_of(turn).applications()) {
    if (due_of(application) <= turn.now()) over.emplace_back(bare, application);
  }
  for (const auto& [bare, application] : over) {
    forget(turn, bare);
    if (application.answered) continue;
    if (application.kind == MemberKind::room) {
      tell_room(turn, read_jid(bare));
    } else {
      tell_expired(turn, read_jid(bare));
    }
  }
  if (!room_of(turn).applications().empty()) set_timer(turn);
}

}  // namespace hansa::rooms
