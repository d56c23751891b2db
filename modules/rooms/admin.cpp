#include "modules/rooms/admin.h"

#include <variant>

#include "base/limits.h"
#include "modules/rooms/affiliations.h"
#include "modules/rooms/rights.h"
#include "modules/rooms/roles.h"
#include "modules/rooms/room_letters.h"
#include "xep-spec/act_as_rooms.h"

namespace hansa::rooms {
namespace {

using xep_0045::Item;

// Why nothing about members may be asked or changed here; nothing: go on.
std::optional<Error> closed(const engine::RoomTurn& turn, const xmpp::Jid& who) {
  if (!turn.room().exists() || room_of(turn).config().conversation ||
      is_locked_for(room_of(turn), who)) {
    return Error(Condition::item_not_found);
  }
  return std::nullopt;
}

std::string nick_of(const Room& room, const xmpp::Jid& who) {
  const Session* const session = room.session(who);
  return session == nullptr ? std::string() : session->nick;
}

// --- lists ---------------------------------------------------------------------------------------

// Lists show real addresses: to admins, to the roles that the room names, and to members where
// everybody sees them (§5.2.2, §9.5).
bool may_list(const Room& room, const xmpp::Jid& who, Affiliation list) {
  const Affiliation rank = room.affiliation(who);
  if (rank >= Affiliation::admin) return true;
  if (list == Affiliation::outcast) return false;
  const Session* const session = room.session(who);
  if (session != nullptr && room.config().member_list.has(session->role)) return true;
  return room.config().nonanonymous && rank >= Affiliation::member;
}

Result<std::vector<Item>> list_members(const Room& room, const xmpp::Jid& who,
                                       Affiliation affiliation) {
  if (!may_list(room, who, affiliation)) {
    return Error(Condition::forbidden, "You may not see that list.");
  }
  std::vector<Item> items;
  for (const auto& [bare, member] : room.members()) {
    if (member.affiliation != affiliation) continue;
    Item& item = items.emplace_back();
    item.affiliation = name_of(affiliation);
    item.jid = bare;
    item.nick = member.nick;
    if (member.kind != MemberKind::room) continue;
    xmpp::Writer writer(item.more);
    xep_act_as::write_kind_room(writer);
  }
  return items;
}

Result<std::vector<Item>> list_occupants(const Room& room, const xmpp::Jid& who, Role role) {
  const Session* const asker = room.session(who);
  const bool moderates = asker != nullptr && asker->role == Role::moderator &&
                         role != Role::moderator;  // §9.8: those are for admins to see
  if (!moderates && room.affiliation(who) < Affiliation::admin) {
    return Error(Condition::forbidden, "You may not see that list.");
  }
  std::vector<Item> items;
  for (const Session* const session : shown_sessions(room)) {
    if (session->role != role) continue;
    Item& item = items.emplace_back();
    item.affiliation = name_of(room.affiliation(*session));
    item.role = name_of(role);
    item.jid = session->jid.text();
    item.nick = session->nick;
  }
  return items;
}

// --- changes -------------------------------------------------------------------------------------

// All of a request are one batch.
constexpr std::size_t kMostItems = limits::kBatchEntries / 2;

struct Changes {
  std::vector<MemberChange> members;
  std::vector<RoleChange> roles;
};

std::optional<Error> read_member_change(const Room& room, const Item& item, Changes& out) {
  const auto affiliation = affiliation_named(item.affiliation);
  if (!affiliation) return Error(Condition::bad_request, "There is no such affiliation.");
  if (item.jid.empty() && item.nick.empty()) {
    return Error(Condition::bad_request, "An item names a person, by address or nickname.");
  }
  xmpp::Jid who;
  std::string nick;
  if (!item.nick.empty()) {
    Result<std::string> prepared = xmpp::prepare_nick(item.nick);
    if (!prepared) return prepared.error();
    nick = std::move(*prepared);
  }
  if (!item.jid.empty()) {
    const Result<xmpp::Jid> jid = xmpp::Jid::parse(item.jid);
    if (!jid) return jid.error();
    who = jid->bare();
  } else if (const Session* const session = shown_session(room.occupant(nick))) {
    who = session->jid.bare();  // as some clients do in rooms that show no addresses
  } else {
    return Error(Condition::item_not_found, "Nobody in the room has that nickname.");
  }
  MemberChange change{who, {}, item.reason};
  const auto known = room.members().find(who.text());
  if (known != room.members().end()) change.member = known->second;
  change.member.affiliation = *affiliation;
  change.member.changed = change.member.since = 0;
  if (!item.jid.empty() && !nick.empty()) change.member.nick = nick;
  if (*affiliation < Affiliation::member) change.member.nick.clear();  // §9.1
  out.members.push_back(std::move(change));
  return std::nullopt;
}

std::optional<Error> read_change(const Room& room, const Item& item, Changes& out) {
  if (item.reason.size() > limits::kReasonBytes) {
    return Error(Condition::not_acceptable, "That reason is too long.");
  }
  if (item.affiliation.empty() == item.role.empty()) {
    return Error(Condition::bad_request, "An item changes an affiliation or a role.");  // §17.4
  }
  if (item.role.empty()) return read_member_change(room, item, out);
  const auto role = role_named(item.role);
  if (!role || item.nick.empty()) {
    return Error(Condition::bad_request, "A role is changed by nickname.");
  }
  const Result<std::string> nick = xmpp::prepare_nick(item.nick);
  if (!nick) return nick.error();
  out.roles.push_back({*nick, *role, item.reason});
  return std::nullopt;
}

std::optional<Error> judge(const Context& context, const Room& room, const xmpp::Jid& actor,
                           const Changes& changes) {
  const std::size_t count = changes.members.size() + changes.roles.size();
  if (count == 0) return Error(Condition::bad_request, "Nothing is to be changed.");
  if (count > kMostItems) {
    return Error(Condition::not_acceptable,
                 "Change at most " + std::to_string(kMostItems) + " at a time.");
  }
  if (!changes.members.empty()) {
    if (room.affiliation(actor) < Affiliation::admin) {
      return Error(Condition::forbidden, "Only admins and owners may change the member list.");
    }
    if (const auto why = may_not_change(context, room, actor, changes.members)) return why;
  }
  if (changes.roles.empty()) return std::nullopt;
  return may_not_change(room, actor, changes.roles);
}

// §9.5: whoever may enter a members-only room from now on is told, if he is not there.
void invite_new_members(engine::RoomTurn& turn, const std::vector<MemberChange>& changes,
                        const xmpp::Jid& inviter) {
  if (!room_of(turn).config().members_only) return;
  for (const MemberChange& change : changes) {
    const bool is_new = change.before == Affiliation::none &&
                        change.member.affiliation >= Affiliation::member &&
                        change.member.kind == MemberKind::person;
    if (!is_new || room_of(turn).present(change.who)) continue;
    send_letter(turn, change.who.text(),
                "You are a member of " + display_name(turn.room()) + " now.",
                invitation_content(turn.room(), inviter.bare_text()));
  }
}

}  // namespace

void on_admin_get(const Context&, engine::RoomTurn& turn, const xmpp::Stanza& iq) {
  if (const auto why = closed(turn, iq.from)) return turn.refuse(*why);
  const auto asked = xep_0045::parse_admin(*iq.payload());
  if (!asked || asked->size() != 1) {
    return turn.refuse(Error(Condition::bad_request, "Ask for one list at a time."));
  }
  const auto affiliation = affiliation_named(asked->front().affiliation);
  const auto role = role_named(asked->front().role);
  if (!affiliation && !role) {
    return turn.refuse(Error(Condition::bad_request, "There is no such list."));
  }
  const Room& room = room_of(turn);
  const Result<std::vector<Item>> items = affiliation ? list_members(room, iq.from, *affiliation)
                                                      : list_occupants(room, iq.from, *role);
  if (!items) return turn.refuse(items.error());
  std::string content;
  xmpp::Writer writer(content);
  xep_0045::write_admin(writer, *items);
  turn.reply(content);
}

void on_admin_set(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& iq) {
  if (const auto why = closed(turn, iq.from)) return turn.refuse(*why);
  const auto items = xep_0045::parse_admin(*iq.payload());
  change_people(context, turn, iq.from, items.value_or(std::vector<Item>()), {});
}

void change_people(const Context& context, engine::RoomTurn& turn, const xmpp::Jid& who,
                   const std::vector<Item>& items, std::string_view answer) {
  const Room& room = room_of(turn);
  Changes changes;
  for (const Item& item : items) {
    if (const auto why = read_change(room, item, changes)) return turn.refuse(*why);
  }
  if (const auto why = judge(context, room, who, changes)) return turn.refuse(*why);
  // The change, the answer, then its news (§9.3).
  const std::string actor = nick_of(room, who);
  append_changes(turn, changes.members);
  if (changes.roles.empty()) turn.reply(answer);
  show_changes(context, turn, changes.members, actor);
  invite_new_members(turn, changes.members, who);
  if (!changes.roles.empty()) change_roles(context, turn, changes.roles, actor, answer);
}

}  // namespace hansa::rooms
