#include "modules/rooms/configure.h"

#include <algorithm>
#include <set>

#include "modules/rooms/affiliations.h"
#include "modules/rooms/entries.h"
#include "modules/rooms/rights.h"
#include "modules/rooms/speech.h"
#include "modules/rooms/views.h"

namespace hansa::rooms {
namespace {

// What the full lists of a form (§10.2: not the difference) change.
std::vector<MemberChange> member_changes(const Room& room, const Submitted& submitted) {
  std::vector<MemberChange> changes;
  const auto add = [&](const xmpp::Jid& who, Affiliation affiliation) {
    if (room.affiliation(who) == affiliation) return;
    MemberChange& change = changes.emplace_back();
    change.who = who;
    const auto known = room.members().find(who.text());
    if (known != room.members().end()) change.member = known->second;
    change.member.affiliation = affiliation;
    change.member.changed = change.member.since = 0;
  };
  const auto list = [&](const std::optional<std::vector<xmpp::Jid>>& people, Affiliation rank,
                        const std::optional<std::vector<xmpp::Jid>>& above) {
    if (!people) return;
    const auto is_in = [](const std::vector<xmpp::Jid>& some, std::string_view bare) {
      return std::any_of(some.begin(), some.end(),
                         [&](const xmpp::Jid& each) { return each.text() == bare; });
    };
    for (const auto& [bare, member] : room.members()) {
      if (member.affiliation != rank || is_in(*people, bare)) continue;
      if (above && is_in(*above, bare)) continue;  // the other list has him
      if (rank == Affiliation::owner && submitted.admins && is_in(*submitted.admins, bare))
        continue;
      add(read_jid(bare), Affiliation::member);
    }
    for (const xmpp::Jid& who : *people) {
      if (above ? !is_in(*above, who.text()) : true) add(who, rank);
    }
  };
  list(submitted.owners, Affiliation::owner, std::nullopt);
  list(submitted.admins, Affiliation::admin, submitted.owners);
  return changes;
}

// What occupants have to know of a change (§10.2.1).
std::vector<int> codes_of(const Config& before, const Config& after) {
  using namespace xep_0045::status;
  std::vector<int> codes;
  if (before.nonanonymous != after.nonanonymous) {
    codes.push_back(after.nonanonymous ? kNowNonanonymous : kNowSemianonymous);
  }
  if (before.logging != after.logging) {
    codes.push_back(after.logging ? kLoggingEnabled : kLoggingDisabled);
  }
  Config same = after;
  same.nonanonymous = before.nonanonymous;
  same.logging = before.logging;
  if (write_settings(same).bytes != write_settings(before).bytes) codes.push_back(kConfigChanged);
  return codes;
}

void tell_codes(engine::RoomTurn& turn, std::vector<int> codes) {
  if (codes.empty()) return;
  Message message;
  message.from_room = true;
  xep_0045::User user;
  user.status = std::move(codes);
  xmpp::Writer writer(message.content);
  xep_0045::write(writer, user);
  say_live(turn, std::move(message));
}

// Those without an affiliation who may be in no longer (322), or whose role changes (§5.1.2).
void adapt_occupants(const Context& context, engine::RoomTurn& turn, const Config& before) {
  const Config after = room_of(turn).config();
  std::set<std::string> nicks;
  for (const auto& [full, session] : room_of(turn).sessions()) {
    if (room_of(turn).affiliation(session) == Affiliation::none) nicks.insert(session.nick);
  }
  for (const std::string& nick : nicks) {
    std::vector<Session> sessions = copies(room_of(turn).occupant(nick));
    if (after.members_only && !before.members_only) {
      end_sessions(context, turn, sessions, {.status = {xep_0045::status::kNowMembersOnly}});
      continue;
    }
    const bool moderator = sessions.front().role == Role::moderator;
    if (after.moderated == before.moderated || moderator) continue;
    change_role(context, turn, sessions, default_role(after, Affiliation::none), {});
  }
}

Config unlocked(Config config) {
  config.locked = false;
  return config;
}

}  // namespace

std::optional<Error> may_not_configure(const Context& context, const engine::RoomTurn& turn,
                                       const xmpp::Jid& actor, const Submitted& submitted) {
  const Room& room = room_of(turn);
  const std::vector<MemberChange> changes = member_changes(room, submitted);
  if (changes.empty()) return std::nullopt;
  if (room.affiliation(actor) != Affiliation::owner) {
    return Error(Condition::forbidden, "Only an owner may change who owns the room.");
  }
  return may_not_change(context, room, actor, changes);
}

void configure(const Context& context, engine::RoomTurn& turn, const xmpp::Jid& actor,
               const Submitted& submitted, std::string_view answer) {
  const Config before = room_of(turn).config();
  const Config after = unlocked(submitted.config);
  std::vector<MemberChange> changes = member_changes(room_of(turn), submitted);
  const engine::SharedPart settings = write_settings(after);
  if (settings.bytes != write_settings(before).bytes) {
    turn.append(engine::EntryKind::settings, settings);
    keep_listing(turn);
    for (const auto& hook : context.hooks.configured) hook(turn, before);
  }
  append_changes(turn, changes);
  turn.reply(answer);
  // Whoever configures a new room is alone in it, and knows.
  if (!before.locked) tell_codes(turn, codes_of(before, after));
  const Session* const session = room_of(turn).session(actor);
  show_changes(context, turn, changes, session == nullptr ? std::string() : session->nick);
  adapt_occupants(context, turn, before);
  adapt_views(context, turn, before);
}

}  // namespace hansa::rooms
