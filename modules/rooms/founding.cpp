#include "modules/rooms/founding.h"

#include <algorithm>

#include "base/limits.h"
#include "modules/rooms/config_form.h"
#include "modules/rooms/create.h"
#include "modules/rooms/room_letters.h"
#include "xep-spec/xep_0045_muc.h"
#include "xmpp/parser.h"

namespace hansa::rooms {
namespace {

std::size_t most_members(const Context& context) {
  const std::size_t set = context.settings.initial_members;
  return set == 0 ? limits::kInitialMembers : set;
}

FoundingRead not_founded(Error error, std::string detail = {}) {
  return {std::nullopt, {std::move(error), std::move(detail)}};
}

std::optional<Error> add_member(const xep_group_rooms::Named& named, const xmpp::Jid& creator,
                                Founding& out) {
  const Result<xmpp::Jid> jid = xmpp::Jid::parse(named.jid);
  if (!jid || jid->local().empty()) {
    return Error(Condition::jid_malformed,
                 "«" + named.jid + "» is not a person's address, as in alice@a.example.");
  }
  const auto affiliation =
      named.affiliation.empty() ? Affiliation::member : affiliation_named(named.affiliation);
  if (!affiliation || *affiliation < Affiliation::member) {
    return Error(Condition::bad_request, "A member is a member, an admin or an owner.");
  }
  Member member;
  member.affiliation = *affiliation;
  if (!named.nick.empty()) {
    const Result<std::string> nick = xmpp::prepare_nick(named.nick);
    if (!nick || nick->size() > limits::kNickBytes) {
      return Error(Condition::not_acceptable, "That nickname cannot be used.");
    }
    for (const auto& [bare, other] : out.members) {
      if (other.nick == *nick && bare != jid->bare_text()) {
        return Error(Condition::conflict, "Two members cannot have one nickname.");
      }
    }
    member.nick = *nick;
  }
  if (jid->bare() == creator.bare()) return std::nullopt;  // he is its owner
  out.members[std::string(jid->bare_text())] = std::move(member);
  return std::nullopt;
}

void add_rank(const std::optional<std::vector<xmpp::Jid>>& people, const xmpp::Jid& creator,
              Affiliation rank, Founding& out) {
  for (const xmpp::Jid& who : people.value_or(std::vector<xmpp::Jid>())) {
    if (who == creator.bare()) continue;
    Member& member = out.members[who.text()];
    member.affiliation = std::max(member.affiliation, rank);
  }
}

// The whole request, and its answer.
void found(const Context& context, engine::RoomTurn& turn, const xmpp::Jid& creator,
           const xep_group_rooms::Create& create, std::string_view reply) {
  if (const auto why = may_not_create(context, creator, turn.room().address().local())) {
    return turn.refuse(*why);
  }
  if (turn.room().exists()) {
    return turn.refuse(Error(Condition::conflict, "There is a room of that name already."));
  }
  const FoundingRead read = read_founding(context, creator, create);
  if (!read.founding) return turn.refuse(read.why.error, {}, read.why.detail);
  found_room(context, turn, creator, *read.founding);
  turn.reply(reply);
}

}  // namespace

FoundingRead read_founding(const Context& context, const xmpp::Jid& creator,
                           const xep_group_rooms::Create& create) {
  Founding out;
  if (create.settings) {
    if (create.settings->type != "submit") {
      return not_founded(Error(Condition::bad_request, "Settings come as a submitted form."));
    }
    Result<Submitted> submitted = read_form(*create.settings, Config());
    if (!submitted) return not_founded(submitted.error());
    out.config = std::move(submitted->config);
    add_rank(submitted->admins, creator, Affiliation::admin, out);
    add_rank(submitted->owners, creator, Affiliation::owner, out);
  }
  const std::size_t most = most_members(context);
  // Before they are looked at one by one.
  const bool too_many = create.members.size() > most || out.members.size() > most;
  for (const xep_group_rooms::Named& named : create.members) {
    if (too_many) break;
    if (auto why = add_member(named, creator, out)) return not_founded(std::move(*why));
  }
  if (too_many || out.members.size() > most) {
    return not_founded(
        Error(Condition::not_allowed, "A room can be created with at most " + std::to_string(most) +
                                          " members; others can be added later."),
        xep_group_rooms::too_many_members(most));
  }
  return {std::move(out), {}};
}

void found_room(const Context& context, engine::RoomTurn& turn, const xmpp::Jid& creator,
                const Founding& founding) {
  create_room(context, turn, creator.bare(), founding.config, founding.members);
  const std::string by(creator.bare_text());
  const std::string text = by + " has made you a member of " + display_name(turn.room()) + ".";
  const std::string invitation = invitation_content(turn.room(), by);
  for (const auto& [bare, member] : founding.members) send_letter(turn, bare, text, invitation);
}

bool on_owner_create(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& iq) {
  const auto create = xep_group_rooms::parse(*iq.payload());
  if (create) found(context, turn, iq.from, *create, {});
  return create.has_value();
}

void on_found_passed(const Context& context, engine::RoomTurn& turn, const engine::Passed& passed) {
  const auto request = xmpp::parse_element(passed.param("request"), xmpp::ns::kClient);
  const auto create = request ? xep_group_rooms::parse((*request)->root()) : std::nullopt;
  if (!create) return turn.refuse(Error(Condition::bad_request));
  found(context, turn, passed.stanza.from, *create, passed.param("reply"));
}

}  // namespace hansa::rooms
