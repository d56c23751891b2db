#include "modules/rooms/invitations.h"

#include <algorithm>

#include "base/limits.h"
#include "modules/rooms/affiliations.h"
#include "modules/rooms/notes.h"
#include "modules/rooms/occupants.h"
#include "modules/rooms/questions.h"
#include "modules/rooms/voice.h"

namespace hansa::rooms {
namespace {

constexpr std::size_t kInvitations = 20;  // of one message
constexpr std::size_t kKeptId = 256;      // bytes; a longer one is not known again

std::string invited_key(std::string_view invitee, std::string_view inviter) {
  return note_key(kInvitedNote, std::string(invitee).append("/").append(inviter));
}

// Copies: what is done with them changes the room.
std::vector<std::pair<std::string, Invited>> inviters_of(const Room& room, const xmpp::Jid& who) {
  const std::string prefix = std::string(who.bare_text()) + "/";
  const auto& all = room.extras().invited();
  std::vector<std::pair<std::string, Invited>> out;
  for (auto one = all.lower_bound(prefix); one != all.end() && one->first.starts_with(prefix);
       ++one) {
    out.emplace_back(one->first.substr(prefix.size()), one->second);
  }
  return out;
}

bool was_invited(const Room& room, const xmpp::Jid& who, const xmpp::Jid& by) {
  const std::string key = invited_key(who.bare_text(), by.bare_text());
  return room.extras().invited().contains(key.substr(kInvitedNote.size()));
}

void note_invited(engine::RoomTurn& turn, const xmpp::Jid& who, const xmpp::Jid& by,
                  std::string_view id) {
  const bool kept = id.size() <= kKeptId;
  turn.note(invited_key(who.bare_text(), by.bare_text()),
            write_invited({turn.now(), kept ? std::string(id) : std::string()}));
  const auto& invited = room_of(turn).extras().invited();
  if (invited.size() <= limits::kInvited) return;
  const auto oldest =
      std::min_element(invited.begin(), invited.end(),
                       [](const auto& a, const auto& b) { return a.second.when < b.second.when; });
  turn.note(note_key(kInvitedNote, std::string(oldest->first)), std::nullopt);
}

std::optional<Error> may_not_invite(const Room& room, const Session& inviter) {
  const Affiliation rank = room.affiliation(inviter);
  if (rank >= Affiliation::admin) return std::nullopt;
  const Config& config = room.config();
  const bool speaks = inviter.role >= Role::participant;
  // Who is invited into a members-only room becomes a member: that is for its admins (§7.8.2).
  const bool allowed = config.members_only
                           ? config.members_invite && speaks && rank >= Affiliation::member
                           : inviter.role == Role::moderator || (config.allow_invites && speaks);
  if (allowed) return std::nullopt;
  return Error(Condition::forbidden, "You may not invite others to this room.");
}

// From the room, under the id of what it is about.
std::string about(const engine::RoomTurn& turn, const xmpp::Stanza& message, const xmpp::Jid& to,
                  std::string_view type, std::string_view content) {
  std::string stanza;
  xmpp::write_stanza(stanza,
                     {.kind = xmpp::StanzaKind::message,
                      .type = type,
                      .from = turn.room().address().text(),
                      .to = to.text(),
                      .id = message.id,
                      .lang = {}},
                     content);
  return stanza;
}

std::string invitation(const engine::RoomTurn& turn, const xmpp::Stanza& message,
                       const xmpp::Jid& to, const xep_0045::User& user) {
  return about(turn, message, to, {}, xmpp::written(user));
}

void invite(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& message,
            const std::vector<xep_0045::Invite>& invites) {
  const Room& room = room_of(turn);
  const Session* const inviter = room.session(message.from);
  if (inviter == nullptr) {
    return turn.refuse(Error(Condition::not_acceptable, "Only those who are in may invite."));
  }
  if (const auto why = may_not_invite(room, *inviter)) return turn.refuse(*why);
  std::vector<std::string> out;
  std::vector<xmpp::Jid> invited;
  std::vector<MemberChange> members;
  const bool sees_banned = room.affiliation(*inviter) >= Affiliation::admin;
  for (xep_0045::Invite each : invites) {
    const Result<xmpp::Jid> to = xmpp::Jid::parse(each.to);
    const bool bad = !to || to->local().empty() || each.reason.size() > limits::kReasonBytes;
    if (bad) return turn.refuse(Error(Condition::jid_malformed, "Invite a user: user@domain."));
    if (room.affiliation(*to) == Affiliation::outcast) {
      if (!sees_banned) continue;  // who is banned is not for others to find out
      return turn.refuse(Error(Condition::forbidden, "That user is banned from this room."));
    }
    if (room.config().members_only && room.affiliation(*to) == Affiliation::none) {
      MemberChange& change = members.emplace_back();
      change.who = to->bare();
      change.member.affiliation = Affiliation::member;
    }
    each.to.clear();
    each.from = inviter->jid.bare_text();
    xep_0045::User user;
    user.invites.push_back(std::move(each));
    user.password = room.config().password;
    out.push_back(invitation(turn, message, *to, user));
    invited.push_back(to->bare());
  }
  if (const auto why = may_not_change(context, room, {}, members)) return turn.refuse(*why);
  const xmpp::Jid by = inviter->jid;
  append_changes(turn, members);
  for (const xmpp::Jid& who : invited) note_invited(turn, who, by, message.id);
  for (std::string& stanza : out) turn.send(std::move(stanza));
  show_changes(context, turn, members, {});
}

// Passed on from one who was invited to the one who did: others hear nothing either way, or it
// would be a way to write to anybody in the room's name, and to find out who belongs to it.
void decline(engine::RoomTurn& turn, const xmpp::Stanza& message, xep_0045::Invite decline) {
  Result<xmpp::Jid> to = xmpp::Jid::parse(decline.to);
  if (!to || decline.reason.size() > limits::kReasonBytes) {
    return turn.refuse(Error(Condition::bad_request));
  }
  const Room& room = room_of(turn);
  if (to->bare() == turn.room().address()) {  // the inviter by his occupant address
    const Session* const inviter = shown_session(room.occupant(to->resource()));
    if (inviter == nullptr) return;
    to = inviter->jid;
  }
  if (!was_invited(room, message.from, *to)) return;
  turn.note(invited_key(message.from.bare_text(), to->bare_text()), std::nullopt);
  if (room.affiliation(*to) < Affiliation::member && !room.present(*to)) return;
  decline.to.clear();
  decline.from = message.from.bare_text();
  xep_0045::User user;
  user.decline = std::move(decline);
  turn.send(invitation(turn, message, to->bare(), user));
}

// Forms that the room has sent, or offers.
bool on_form(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& message,
             const xmpp::Element& x) {
  const auto form = xep_0004::parse(x);
  if (!form) return false;
  if (form->form_type() == xep_0045::kFormRequest) {
    return on_voice_form(context, turn, message, *form), true;
  }
  if (form->form_type() == xep_0045::kFormRegister) {
    return on_approval(context, turn, message, *form), true;
  }
  return false;
}

}  // namespace

void forget_invited(engine::RoomTurn& turn, const xmpp::Jid& who) {
  for (const auto& [inviter, invited] : inviters_of(room_of(turn), who)) {
    turn.note(invited_key(who.bare_text(), inviter), std::nullopt);
  }
}

// §7.8.2: no such user, or not there to be reached. A host passes no error on to a bare address.
void return_invitation(engine::RoomTurn& turn, const xmpp::Stanza& error) {
  for (const auto& [inviter, invited] : inviters_of(room_of(turn), error.from)) {
    if (invited.id.empty() || invited.id != error.id) continue;
    turn.note(invited_key(error.from.bare_text(), inviter), std::nullopt);
    std::string content;
    xmpp::Writer writer(content);
    xep_0045::User user;
    user.invites.emplace_back().to = error.from.bare_text();
    xep_0045::write(writer, user);
    xmpp::write_error(writer, Error(Condition::item_not_found, "Your invitation did not arrive."));
    const auto by = xmpp::Jid::parse(inviter);
    if (!by) continue;
    for (const Session* const session : sessions_of(room_of(turn), *by)) {
      turn.send(about(turn, error, session->jid, "error", content));
    }
  }
}

void on_room_message(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& message) {
  const Room& room = room_of(turn);
  const bool hidden = room.config().conversation && room.session(message.from) == nullptr;
  if (!turn.room().exists() || hidden || is_locked_for(room, message.from)) {
    return turn.refuse(Error(Condition::item_not_found));
  }
  if (const xmpp::Element* const form = message.child("x", xep_0004::kNs)) {
    if (on_form(context, turn, message, *form)) return;
  }
  const xmpp::Element* const x = message.child("x", xep_0045::kNsUser);
  const auto user = x == nullptr ? std::nullopt : xep_0045::parse_user(*x);
  if (user && user->decline) return decline(turn, message, *user->decline);
  if (user && !user->invites.empty()) {
    if (room.config().conversation || user->invites.size() > kInvitations) {
      return turn.refuse(Error(Condition::not_allowed, "Nobody can be invited like that."));
    }
    return invite(context, turn, message, user->invites);
  }
  turn.refuse(Error(Condition::bad_request, "Messages to a room are of type groupchat."));  // §17.2
}

}  // namespace hansa::rooms
