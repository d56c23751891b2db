#include "modules/rooms/registration.h"

#include <array>

#include "base/limits.h"
#include "modules/rooms/affiliations.h"
#include "modules/rooms/applications.h"
#include "modules/rooms/occupants.h"
#include "xep-spec/xep_0045_muc.h"
#include "xep-spec/xep_0077_registration.h"

namespace hansa::rooms {
namespace {

constexpr std::string_view kNickField = "muc#register_roomnick";
struct Line {
  std::string_view var;
  std::string_view label;
};
// What an applicant may say of himself, all of it if he likes (§15.5.1).
constexpr std::array<Line, 5> kLines = {{{"muc#register_first", "Given name"},
                                         {"muc#register_last", "Family name"},
                                         {"muc#register_url", "Your web page"},
                                         {"muc#register_email", "E-mail address"},
                                         {"muc#register_faqentry", "Why you would like to join"}}};

}  // namespace

std::optional<Error> may_not_apply(const Context& context, const engine::RoomTurn& turn,
                                   const xmpp::Jid& who) {
  const Room& room = room_of(turn);
  const Config& config = room.config();
  if (!turn.room().exists() || config.conversation || is_locked_for(room, who)) {
    return Error(Condition::item_not_found);
  }
  const Affiliation rank = room.affiliation(who);
  if (rank >= Affiliation::member) return std::nullopt;
  // As disco: a hidden room is not there for those who may not enter it (protocol §3).
  if (!config.listed && config.members_only && !context.is_admin(who)) {
    return Error(Condition::item_not_found);
  }
  if (rank == Affiliation::outcast) {
    return Error(Condition::not_allowed, "You are banned from this room.");
  }
  if (!config.registration) {
    return Error(Condition::not_allowed, "This room takes no requests; its members are invited.");
  }
  if (who.local().empty()) return Error(Condition::not_allowed);
  return std::nullopt;
}

namespace {

xep_0004::Form question(const engine::RoomState& state, const std::string& nick) {
  using namespace xep_0004;
  Form form{"form",
            "Join " + state.address().text(),
            "Its owners and admins decide, and you are told.",
            {}};
  form.fields.push_back(hidden("FORM_TYPE", xep_0045::kFormRegister));
  form.fields.push_back(text_field(kNickField, "Wanted nickname", nick));
  for (const Line& line : kLines) form.fields.push_back(text_field(line.var, line.label, {}));
  return form;
}

std::string said_of_himself(const xep_0004::Form& form) {
  std::string text;
  for (const Line& line : kLines) {
    const auto value = form.value(line.var);
    if (!value || value->empty()) continue;
    text += text.empty() ? "" : "; ";
    text += std::string(line.label) + ": " + std::string(*value);
  }
  return text;
}

// A nick that he may have; empty if he wants none.
Result<std::string> wanted_nick(const Room& room, const xmpp::Jid& who, std::string_view wanted) {
  if (wanted.empty()) return std::string();
  Result<std::string> nick = xmpp::prepare_nick(wanted);
  if (!nick || nick->size() > limits::kNickBytes) {
    return Error(Condition::not_acceptable, "That nickname cannot be used.");
  }
  const std::string_view reserved = room.reserved_by(*nick);
  const Session* const other = shown_session(room.occupant(*nick));
  const bool taken = (!reserved.empty() && reserved != who.bare_text()) ||
                     (other != nullptr && other->jid.bare_text() != who.bare_text());
  if (taken) return Error(Condition::conflict, "Somebody else has that nickname.");
  return nick;
}

void change_affiliation(const Context& context, engine::RoomTurn& turn, const xmpp::Jid& who,
                        Affiliation affiliation, std::string nick) {
  std::vector<MemberChange> changes(1);
  changes[0].who = who.bare();
  changes[0].member = room_of(turn).members().find(who.bare_text())->second;
  changes[0].member.affiliation = affiliation;
  changes[0].member.nick = std::move(nick);
  changes[0].member.changed = changes[0].member.since = 0;
  append_changes(turn, changes);
  turn.reply();
  show_changes(context, turn, changes, {});
}

void remove(const Context& context, engine::RoomTurn& turn, const xmpp::Jid& who) {
  const Affiliation rank = room_of(turn).affiliation(who);
  if (rank > Affiliation::member) {
    return turn.refuse(Error(Condition::not_allowed,
                             "Owners and admins resign by changing the list, not like this."));
  }
  withdraw(turn, who);
  if (rank < Affiliation::member) return turn.reply();
  change_affiliation(context, turn, who, Affiliation::none, {});
}

}  // namespace

void on_register_get(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& iq) {
  if (const auto why = may_not_apply(context, turn, iq.from)) return turn.refuse(*why);
  const Room& room = room_of(turn);
  xep_0077::Registration answer;
  const auto member = room.members().find(iq.from.bare_text());
  if (room.affiliation(iq.from) >= Affiliation::member) {
    answer.registered = true;
    answer.username = member->second.nick;
    return turn.reply(xmpp::written(answer));
  }
  const auto pending = room.applications().find(std::string(iq.from.bare_text()));
  const bool waits = pending != room.applications().end() && !pending->second.answered;
  if (waits) answer.instructions = "Your request waits for an answer. You may change it.";
  answer.form = question(turn.room(), waits ? pending->second.nick : std::string());
  turn.reply(xmpp::written(answer));
}

void on_register_set(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& iq) {
  const auto request = xep_0077::parse(*iq.payload());
  if (request && request->remove && turn.room().exists()) {
    if (!is_locked_for(room_of(turn), iq.from) && !room_of(turn).config().conversation) {
      return remove(context, turn, iq.from);
    }
  }
  if (const auto why = may_not_apply(context, turn, iq.from)) return turn.refuse(*why);
  const bool valid = request && request->form && request->form->type == "submit" &&
                     request->form->form_type() == xep_0045::kFormRegister;
  if (!valid) {
    return turn.refuse(Error(Condition::bad_request, "Please fill in the form of this room."));
  }
  const xep_0004::Form& form = *request->form;
  const Room& room = room_of(turn);
  const Result<std::string> nick = wanted_nick(room, iq.from, form.value(kNickField).value_or(""));
  if (!nick) return turn.refuse(nick.error());
  const Affiliation rank = room.affiliation(iq.from);
  if (rank >= Affiliation::member) {
    return change_affiliation(context, turn, iq.from, rank, *nick);
  }
  std::string text = said_of_himself(form);
  if (text.size() > limits::kReasonBytes) {
    return turn.refuse(Error(Condition::not_acceptable, "Please say it in fewer words."));
  }
  Application application;
  application.nick = *nick;
  application.text = std::move(text);
  const Status stored = apply(context, turn, iq.from, std::move(application));
  if (!stored) return turn.refuse(stored.error());
  turn.reply();
}

}  // namespace hansa::rooms
