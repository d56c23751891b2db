#include "modules/rooms/room_disco.h"

#include <algorithm>

#include "base/limits.h"
#include "modules/rooms/companions.h"
#include "modules/rooms/occupants.h"
#include "modules/rooms/relay.h"
#include "modules/rooms/room_commands.h"
#include "modules/rooms/subject.h"
#include "modules/rooms/views.h"
#include "xep-spec/xep_0030_disco.h"
#include "xep-spec/xep_0045_muc.h"
#include "xep-spec/xep_0050_commands.h"

namespace hansa::rooms {
namespace {

enum class Sight { no, yes, wait };

// Of an occupant's address.
std::string nick_in(std::string_view address) {
  const auto slash = address.find('/');
  return std::string(slash == std::string_view::npos ? address : address.substr(slash + 1));
}

Sight sight_of_conversation(const Context& context, engine::RoomTurn& turn, const xmpp::Jid& who) {
  if (room_of(turn).present(who)) return Sight::yes;
  for (const auto& hook : context.hooks.join) {
    const Verdict verdict = hook(turn, {who, {}, {}});
    if (verdict.kind == Verdict::Kind::wait) return Sight::wait;
    if (verdict.kind == Verdict::Kind::allow) return Sight::yes;
    if (verdict.kind == Verdict::Kind::deny) return Sight::no;
  }
  return Sight::no;
}

// He may know that there is this room.
Sight sight_of(const Context& context, engine::RoomTurn& turn, const xmpp::Jid& who) {
  if (!turn.room().exists()) return Sight::no;
  const Room& room = room_of(turn);
  const Config& config = room.config();
  if (config.conversation) return sight_of_conversation(context, turn, who);
  if (is_locked_for(room, who)) return Sight::no;
  const Affiliation affiliation = room.affiliation(who);
  if (config.listed || context.is_admin(who)) return Sight::yes;
  if (affiliation == Affiliation::outcast) return Sight::no;
  return config.members_only && affiliation < Affiliation::member ? Sight::no : Sight::yes;
}

std::vector<std::string> type_features(const Config& config) {
  return {
      config.listed && !config.conversation ? "muc_public" : "muc_hidden",
      config.members_only || config.conversation ? "muc_membersonly" : "muc_open",
      config.moderated ? "muc_moderated" : "muc_unmoderated",
      config.nonanonymous ? "muc_nonanonymous" : "muc_semianonymous",
      config.password.empty() ? "muc_unsecured" : "muc_passwordprotected",
      config.persistent ? "muc_persistent" : "muc_temporary",
  };
}

// Who created a room is for those who belong to it, or see everybody's address anyway.
bool may_see_creator(const Room& room, const xmpp::Jid& who) {
  return room.config().nonanonymous || room.affiliation(who) >= Affiliation::member;
}

std::size_t count_members(const Room& room) {
  const auto belongs = [](const auto& place) {
    return place.second.affiliation >= Affiliation::member;
  };
  return static_cast<std::size_t>(
      std::count_if(room.members().begin(), room.members().end(), belongs));
}

xep_0004::Form info_form(const Room& room, const xmpp::Jid& who) {
  using namespace xep_0004;
  const Config& config = room.config();
  const std::size_t occupants = shown_sessions(room).size() + room.virtuals().size();
  Form form{"result", {}, {}, {}};
  form.fields = {
      hidden("FORM_TYPE", xep_0045::kFormInfo),
      text_field("muc#roomconfig_roomname", "Name", config.name),
      text_field("muc#roominfo_description", "Description", config.description),
      text_field("muc#roominfo_subject", "Subject", subject_text(room)),
      boolean_field("muc#roominfo_subjectmod", "Participants may change the subject",
                    config.change_subject),
      boolean_field("muc#roomconfig_changesubject", "Participants may change the subject",
                    config.change_subject),
      text_field("muc#roominfo_occupants", "How many are in", std::to_string(occupants)),
      text_field("x-muc#roominfo_members", "How many members it has",
                 std::to_string(count_members(room))),
  };
  const auto add = [&](std::string_view var, std::string_view label, std::string_view value) {
    if (!value.empty()) form.fields.push_back(text_field(var, label, value));
  };
  add("muc#roominfo_lang", "Language", config.lang);
  add("muc#roomconfig_pubsub", "Publish-subscribe node", config.pubsub);
  if (config.history) add("muc#maxhistoryfetch", "History shown", std::to_string(*config.history));
  if (may_see_creator(room, who)) {
    add("x-muc#roominfo_creator", "Who created it", room.creator().text());
  }
  return form;
}

xep_0030::Info describe(const Context& context, const engine::RoomState& state,
                        const xmpp::Jid& who) {
  const Room& room = state.get<Room>();
  const std::string& name = room.config().name;
  xep_0030::Info info;
  info.identities.push_back(
      {"conference", "text", name.empty() ? std::string(state.address().local()) : name});
  if (context.router != nullptr) {
    for (const std::string& feature : context.router->features(engine::Target::room)) {
      info.features.push_back(feature);
    }
  }
  for (std::string& feature : type_features(room.config())) {
    info.features.push_back(std::move(feature));
  }
  info.forms.push_back(info_form(room, who));
  describe_companions(room, info.forms.back());
  for (const auto& hook : context.hooks.disco) hook(state, who, info);
  return info;
}

// §7.12: the nick that is reserved for the asker, or an empty answer.
xep_0030::Info reserved_nick(const Room& room, const xmpp::Jid& who) {
  xep_0030::Info info;
  info.node = xep_0045::kNodeReservedNick;
  const auto member = room.members().find(std::string(who.bare_text()));
  if (member != room.members().end() && !member->second.nick.empty()) {
    info.identities.push_back({"conference", "text", member->second.nick});
  }
  return info;
}

// Who is in is told to those who are in themselves, to members, and of a room that anybody may
// enter to all of the enterprise (§6.5): outside, a room that acts is one, and nobody (requirement
// A7). Not where presence is not for all (views.h); in a crowd to those who belong to it.
std::vector<xep_0030::Item> occupants_for(const Context& context, const engine::RoomState& state,
                                          const xmpp::Jid& who) {
  const Room& room = state.get<Room>();
  const Config& config = room.config();
  const bool belongs = room.present(who) || room.affiliation(who) >= Affiliation::member;
  const bool open = config.listed && !config.members_only && config.password.empty() &&
                    room.affiliation(who) != Affiliation::outcast && context.is_enterprise(who);
  const bool for_all = config.broadcast == kAllRoles;
  const bool crowd = room.apart() > 0 || is_reduced(context, room);
  std::vector<xep_0030::Item> items;
  if (config.conversation || !for_all || (!belongs && (!open || crowd))) return items;
  for (const Session* const session : shown_sessions(room)) {
    items.push_back({occupant_address(state, session->nick), {}, session->nick});
  }
  return items;
}

// The page of them that was asked for (XEP-0059), in the order of nicknames; the first one if they
// are many.
xep_0030::Items page_of(std::vector<xep_0030::Item> all,
                        const std::optional<xep_0059::Request>& asked) {
  xep_0030::Items out;
  if (!asked && all.size() <= limits::kPageOccupants) {
    out.items = std::move(all);
    return out;
  }
  const auto by_nick = [](const xep_0030::Item& a, const xep_0030::Item& b) {
    return a.name < b.name;
  };
  std::sort(all.begin(), all.end(), by_nick);
  const xep_0059::Request wanted = asked.value_or(xep_0059::Request());
  const std::uint64_t most =
      std::min<std::uint64_t>(wanted.max.value_or(limits::kPageOccupants), limits::kPageOccupants);
  auto first = all.begin();
  auto last = all.end();
  if (wanted.after) {
    first = std::upper_bound(first, last, xep_0030::Item{{}, {}, nick_in(*wanted.after)}, by_nick);
  }
  if (wanted.before && !wanted.before->empty()) {
    last = std::lower_bound(first, last, xep_0030::Item{{}, {}, nick_in(*wanted.before)}, by_nick);
  }
  const auto most_here = static_cast<std::ptrdiff_t>(most);
  if (last - first > most_here) {
    wanted.before ? first = last - most_here : last = first + most_here;
  }
  xep_0059::Page& page = out.page.emplace();
  page.count = all.size();
  if (first != last) {
    page.first = first->jid;
    page.last = std::prev(last)->jid;
    page.index = static_cast<std::uint64_t>(first - all.begin());
  }
  out.items.assign(first, last);
  return out;
}

}  // namespace

void on_room_info(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& iq) {
  const Sight sight = sight_of(context, turn, iq.from);
  if (sight == Sight::wait) return;
  if (sight == Sight::no) return turn.refuse(Error(Condition::item_not_found));
  const std::string_view node = iq.payload()->attr("node");
  if (node.empty()) return turn.reply(xmpp::written(describe(context, turn.room(), iq.from)));
  if (node == xep_0045::kNodeReservedNick) {
    return turn.reply(xmpp::written(reserved_nick(room_of(turn), iq.from)));
  }
  const auto commands = room_commands(context, room_of(turn), iq.from);
  if (const auto info = xep_0050::info_of(commands, node)) {
    return turn.reply(xmpp::written(*info));
  }
  turn.refuse(Error(node == xep_0045::kNodeTraffic ? Condition::feature_not_implemented
                                                   : Condition::item_not_found));
}

void on_room_items(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& iq) {
  const Sight sight = sight_of(context, turn, iq.from);
  if (sight == Sight::wait) return;
  if (sight == Sight::no) return turn.refuse(Error(Condition::item_not_found));
  const std::string_view node = iq.payload()->attr("node");
  if (node == xep_0050::kNs) {
    const auto commands = room_commands(context, room_of(turn), iq.from);
    return turn.reply(xmpp::written(xep_0050::items_of(commands, iq.to.text())));
  }
  if (!node.empty()) return turn.refuse(Error(Condition::item_not_found));
  const xmpp::Element* const set = iq.payload()->child("set", xep_0059::kNs);
  const auto asked = set == nullptr ? std::nullopt : xep_0059::parse(*set);
  if (asked && asked->index) {
    return turn.refuse(
        Error(Condition::feature_not_implemented, "Pages by number are not offered here."));
  }
  turn.reply(xmpp::written(page_of(occupants_for(context, turn.room(), iq.from), asked)));
}

void on_occupant_disco(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& iq) {
  const Room& room = room_of(turn);
  const bool known =
      turn.room().exists() && !room.config().conversation && !is_locked_for(room, iq.from);
  if (known && room.session(iq.from) == nullptr) {
    return turn.refuse(Error(Condition::bad_request));  // §6.6
  }
  on_occupant_request(context, turn, iq);
}

}  // namespace hansa::rooms
