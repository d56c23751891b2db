#include "modules/rooms/room_requests.h"

#include <algorithm>

#include "base/limits.h"
#include "modules/rooms/affiliations.h"
#include "modules/rooms/applications.h"
#include "modules/rooms/member_rooms.h"
#include "modules/rooms/registration.h"
#include "modules/rooms/room_letters.h"
#include "modules/rooms/vouching.h"
#include "xep-spec/act_as_rooms.h"

namespace hansa::rooms {
namespace {

using xep_act_as::Standing;

Standing standing(const Room& room, const xmpp::Jid& identity, std::string_view id) {
  if (room.rooms().contains(identity.bare_text())) return Standing::member;
  const auto known = room.applications().find(std::string(identity.bare_text()));
  if (known == room.applications().end() || known->second.kind != MemberKind::room) {
    return Standing::none;
  }
  const Application& application = known->second;
  if (!id.empty() && application.request != id) return Standing::none;
  if (!application.answered) return Standing::pending;
  return application.accepted ? Standing::none : Standing::declined;  // accepted, and removed since
}

std::string answer(const Room& room, const xmpp::Jid& identity, const std::string& id) {
  return xmpp::written(xep_act_as::Membership{id, standing(room, identity, id)});
}

// Of a room that is hidden, or not there, nobody is told more than that.
bool is_there(const engine::RoomTurn& turn, const xmpp::Jid& who) {
  const Room& room = room_of(turn);
  if (!turn.room().exists() || room.config().conversation || is_locked_for(room, who)) return false;
  const bool hidden = !room.config().listed && room.config().members_only;
  return !hidden || standing(room, who, {}) != Standing::none;
}

std::size_t most_rooms(const Context& context, const Config& config) {
  if (config.max_rooms != 0) return config.max_rooms;
  return context.settings.member_rooms == 0 ? limits::kMemberRooms : context.settings.member_rooms;
}

// Services are below the enterprise's domains, if not at them.
bool is_of_enterprise(const Context& context, std::string_view domain) {
  if (domain == context.settings.identities) return true;
  const auto& all = context.settings.enterprise;
  return std::any_of(all.begin(), all.end(), [&](const std::string& one) {
    return domain == one || domain.ends_with("." + one);
  });
}

std::optional<Error> closed_to_rooms(const Context& context, const engine::RoomTurn& turn,
                                     const xmpp::Jid& identity, const xep_act_as::Join& join) {
  const Room& room = room_of(turn);
  if (room.config().rooms_may == RoomsMay::join_not) {
    return Error(Condition::not_allowed, "This room takes no rooms as members.");
  }
  if (const std::size_t most = most_rooms(context, room.config()); room.rooms().size() >= most) {
    return Error(Condition::not_allowed,
                 "At most " + std::to_string(most) + " rooms may be members of this one.");
  }
  const bool long_text =
      join.reason.size() > limits::kReasonBytes || join.name.size() > limits::kReasonBytes;
  if (long_text) return Error(Condition::not_acceptable, "Please say it in fewer words.");
  // One of ours would be taken at his word: only our own service may say that he asks.
  if (!is_of_enterprise(context, identity.domain()) && context.is_enterprise(join.member)) {
    return Error(Condition::not_acceptable,
                 join.member.text() + " is of this enterprise, and asks by its own service only.");
  }
  return std::nullopt;
}

void change(const Context& context, engine::RoomTurn& turn, const xmpp::Jid& identity,
            Affiliation affiliation) {
  std::vector<MemberChange> changes(1);
  changes[0].who = identity.bare();
  changes[0].member = room_of(turn).members().find(identity.bare_text())->second;
  changes[0].member.kind = MemberKind::room;
  changes[0].member.affiliation = affiliation;
  if (affiliation < Affiliation::member) changes[0].member.nick.clear();
  changes[0].member.changed = changes[0].member.since = 0;
  append_changes(turn, changes);
  show_changes(context, turn, changes, {});
}

// `vouched`: the sender's service has said what he is.
void join(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& iq, bool vouched) {
  const auto parsed = xep_act_as::parse_join(*iq.payload());
  if (!parsed) return turn.refuse(Error(Condition::bad_request));
  if (!*parsed) return turn.refuse(parsed->error());
  const xep_act_as::Join& request = **parsed;
  if (const auto why = may_not_apply(context, turn, iq.from)) return turn.refuse(*why);
  const Room& room = room_of(turn);
  const Standing now = standing(room, iq.from, request.id);
  if (now != Standing::none) return turn.reply(answer(room, iq.from, request.id));
  if (const auto why = closed_to_rooms(context, turn, iq.from, request)) return turn.refuse(*why);
  for (const auto& hook : context.hooks.room_request) {
    const Verdict verdict = hook(turn, {iq.from.bare(), request.room});
    if (verdict.kind == Verdict::Kind::wait) return;
    if (verdict.kind == Verdict::Kind::deny) return turn.refuse(verdict.error, {}, verdict.detail);
  }
  if (!vouched) return context.vouching->ask(turn, iq);
  if (room.affiliation(iq.from) >= Affiliation::member) {
    // An admin has put its address on the list already: that is his yes.
    const Affiliation rank = room.affiliation(iq.from);
    if (rank > Affiliation::member) return turn.refuse(Error(Condition::not_allowed));
    change(context, turn, iq.from, rank);
    return turn.reply(answer(room, iq.from, request.id));
  }
  Application application;
  application.kind = MemberKind::room;
  const auto nick = xmpp::prepare_nick(request.nick);
  if (nick && nick->size() <= limits::kNickBytes) application.nick = *nick;
  application.text = request.reason;
  application.name = request.name;
  application.asker = request.member.text();
  application.request = request.id;
  const Status stored = apply(context, turn, iq.from, std::move(application));
  if (!stored) return turn.refuse(stored.error());
  turn.reply(answer(room, iq.from, request.id));
}

}  // namespace

void on_room_join(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& iq) {
  join(context, turn, iq, false);
}

void on_vouched_join(const Context& context, engine::RoomTurn& turn, const engine::Passed& passed) {
  if (passed.param(kVouchedParam).empty()) {
    return turn.refuse(Error(Condition::not_acceptable,
                             "Only rooms of a service that speaks for them can ask for this."));
  }
  join(context, turn, passed.stanza, true);
}

void on_room_leave(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& iq) {
  if (!is_there(turn, iq.from)) return turn.refuse(Error(Condition::item_not_found));
  const Room& room = room_of(turn);
  if (standing(room, iq.from, {}) == Standing::pending) withdraw(turn, iq.from);
  const bool member = room.rooms().contains(iq.from.bare_text());
  turn.reply(xmpp::written(xep_act_as::Membership{{}, Standing::none}));
  if (member) change(context, turn, iq.from, Affiliation::none);
}

void on_membership(const Context&, engine::RoomTurn& turn, const xmpp::Stanza& iq) {
  const auto query = xep_act_as::parse_membership(*iq.payload());
  if (!query || !is_there(turn, iq.from)) return turn.refuse(Error(Condition::item_not_found));
  turn.reply(answer(room_of(turn), iq.from, query->id));
}

void tell_room(engine::RoomTurn& turn, const xmpp::Jid& identity) {
  const Standing now = standing(room_of(turn), identity, {});
  send_letter(turn, identity.text(),
              "Where your room stands with " + display_name(turn.room()) + " has changed.",
              xmpp::written(xep_act_as::Membership{{}, now}));
}

}  // namespace hansa::rooms
