#include "modules/act-as/grants.h"

#include "base/limits.h"
#include "modules/act-as/acting.h"
#include "modules/act-as/forms.h"
#include "modules/act-as/revocations.h"
#include "xep-spec/act_as.h"

namespace hansa::act_as {
namespace {

using xep_act_as::MemberRight;

std::string_view word(rooms::MayAct who) {
  switch (who) {
    case rooms::MayAct::owners: return "owners";
    case rooms::MayAct::admins: return "admins";
    case rooms::MayAct::members: return "members";
    case rooms::MayAct::chosen: return "chosen";
  }
  return "owners";
}

xep_act_as::MemberRights rights_of(const engine::RoomTurn& turn) {
  const rooms::Outward& outward = turn.room().get<rooms::Room>().config().outward;
  xep_act_as::MemberRights out{
      std::string(word(outward.persons)), std::string(word(outward.rooms)), {}};
  for (const auto& [key, grant] : turn.room().get<Acting>().grants()) {
    if (!grant.holds(turn.now())) continue;
    out.rights.push_back({read_jid(grant.member), read_jid(grant.peer), true, grant.until});
  }
  return out;
}

// Changes it, or says why not.
std::optional<Error> change(engine::RoomTurn& turn, const xmpp::Jid& actor,
                            const MemberRight& right) {
  const rooms::Room& room = turn.state<rooms::Room>();
  const Acting& acting = turn.state<Acting>();
  Grant grant{std::string(right.member.text()), std::string(right.peer.text()), right.allow,
              right.until, actor.empty() ? actor : actor.bare()};
  if (!right.allow) {
    bool any = false;
    for (Grant old : acting.grants_of(grant.member)) {
      // Taken without a peer named: all that he has.
      if (!grant.peer.empty() && old.peer != grant.peer) continue;
      Revocations::take(turn, std::move(old), grant.actor);
      any = true;
    }
    if (!any) return Error(Condition::item_not_found, "He has no such right.");
    Revocations::changed(turn, grant.member);
    return std::nullopt;
  }
  const auto member = room.members().find(grant.member);
  if (member == room.members().end() || member->second.affiliation < rooms::Affiliation::member ||
      member->second.kind != rooms::MemberKind::person) {
    return Error(Condition::not_acceptable, grant.member + " is no member of this room.");
  }
  if (!grant.holds(turn.now())) {
    return Error(Condition::not_acceptable, "That time is over already.");
  }
  if (acting.grants().size() >= limits::kGrants) {
    return Error(Condition::not_allowed, "No more than " + std::to_string(limits::kGrants) +
                                             " rights can be given in one room.");
  }
  turn.append(engine::EntryKind::right, {}, write_local(grant));
  Revocations::changed(turn, grant.member);
  return std::nullopt;
}

std::string line_of(const MemberRight& right) {
  std::string out = right.member.text();
  if (!right.peer.empty()) out += " towards " + right.peer.text();
  if (right.until.ms != 0) out += " until " + to_datetime(right.until);
  return out;
}

std::string told(const xep_act_as::MemberRights& all) {
  std::string out =
      "May act towards persons: " + all.persons + "; towards rooms: " + all.rooms + ".";
  if (all.rights.empty()) return out + " No member was chosen.";
  out += " Chosen:";
  for (const MemberRight& right : all.rights) out += "\n" + line_of(right);
  return out;
}

}  // namespace

std::optional<Error> owners_only(const engine::RoomTurn& turn, const xmpp::Jid& who) {
  const rooms::Room& room = turn.room().get<rooms::Room>();
  const rooms::Affiliation rank = room.affiliation(who);
  const bool hidden = !room.config().listed && rank < rooms::Affiliation::member;
  if (!turn.room().exists() || room.config().conversation || hidden) {
    return Error(Condition::item_not_found, "There is no such room.");
  }
  if (rank == rooms::Affiliation::owner) return std::nullopt;
  return Error(Condition::forbidden, "Only the room's owners may do that.");
}

Status Grants::add_to(engine::Router& router) {
  using engine::Row;
  const std::string ns(xep_act_as::kNs);
  const auto kind = xmpp::StanzaKind::iq;
  const auto listed = router.add(
      Row{engine::Target::identity, kind, "get", "rights", ns, {}},
      [this](engine::RoomTurn& turn, const xmpp::Stanza& stanza) { on_list(turn, stanza); });
  if (!listed) return listed;
  const auto set = router.add(
      Row{engine::Target::identity, kind, "set", "right", ns, {}},
      [this](engine::RoomTurn& turn, const xmpp::Stanza& stanza) { on_set(turn, stanza); });
  if (!set) return set;
  return router.add_passed(
      std::string(kGrantTopic),
      [this](engine::RoomTurn& turn, const engine::Passed& p) { on_passed(turn, p); });
}

void Grants::on_list(engine::RoomTurn& turn, const xmpp::Stanza& stanza) const {
  if (const auto why = owners_only(turn, stanza.from)) return turn.refuse(*why);
  turn.reply(xmpp::written(rights_of(turn)));
}

void Grants::on_set(engine::RoomTurn& turn, const xmpp::Stanza& stanza) const {
  if (const auto why = owners_only(turn, stanza.from)) return turn.refuse(*why);
  const auto right = xep_act_as::parse_right(*stanza.payload());
  if (!right) return turn.refuse(Error(Condition::bad_request));
  if (!*right) return turn.refuse(right->error());
  if (const auto why = change(turn, stanza.from, **right)) return turn.refuse(*why);
  turn.reply();
}

// From the command, filled in; or from the operator, who has no stanza.
void Grants::on_passed(engine::RoomTurn& turn, const engine::Passed& passed) const {
  const bool by_operator = passed.stanza.from.empty();
  const xmpp::Jid& actor = passed.stanza.from;
  if (!by_operator) {
    if (const auto why = owners_only(turn, actor)) return turn.refuse(*why);
  } else if (!turn.room().exists()) {
    return turn.refuse(Error(Condition::item_not_found, "There is no such room."));
  }
  const std::string_view what = passed.param("do");
  xep_0050::Request request;
  request.node = xep_act_as::kNodeRights;
  request.session_id = passed.param("session");
  const auto end = [&](std::string text) {
    turn.reply(by_operator ? std::move(text)
                           : xmpp::written(xep_0050::done(request, std::move(text))));
  };
  if (what == "list") return end(told(rights_of(turn)));
  MemberRight right{
      read_jid(passed.param("member")), read_jid(passed.param("peer")), what == "give", {}};
  if (right.member.local().empty()) return refuse_form(turn, "A member's address is missing.");
  if (const std::string_view until = passed.param("until"); !until.empty()) {
    const auto time = parse_datetime(until);
    if (!time) return refuse_form(turn, "That is no time, as in 2026-12-31T18:00:00Z.");
    right.until = *time;
  }
  if (const auto why = change(turn, actor, right)) return turn.refuse(*why);
  std::string text = right.allow ? "He may act now: " : "He may not act any more: ";
  text += line_of(right) + ".";
  const rooms::Outward& outward = turn.state<rooms::Room>().config().outward;
  const bool counts =
      outward.persons == rooms::MayAct::chosen || outward.rooms == rooms::MayAct::chosen;
  if (right.allow && !counts) {
    text += " This counts once the room's settings say that chosen members may act.";
  }
  end(std::move(text));
}

void Grants::on_command(engine::ServiceTurn& turn, const xmpp::Stanza& stanza,
                        const xep_0050::Request& request) const {
  if (!is_filled(request)) return offer_form(turn, stanza, request);
  const xmpp::Jid room = room_in(parts_, *request.form);
  if (room.empty()) return refuse_form(turn, "Choose one of the identities offered.");
  const auto member = address_of(*request.form, "member");
  const auto peer = address_of(*request.form, "peer");
  if (!member || !peer) return refuse_form(turn, "An address without a resource is asked for.");
  engine::Passed passed{std::string(kGrantTopic), stanza, {}, {}};
  passed.params["do"] = request.form->value("do").value_or("list");
  const std::string_view what = passed.param("do");
  if (what != "list" && what != "give" && what != "take") {
    return refuse_form(turn, "Choose what is to be done.");
  }
  passed.params["member"] = member->text();
  passed.params["peer"] = peer->text();
  passed.params["until"] = request.form->value("until").value_or("");
  passed.params["session"] = request.session_id;
  turn.pass(room, std::move(passed));
}

void Grants::offer_form(engine::ServiceTurn& turn, const xmpp::Stanza& stanza,
                        const xep_0050::Request& request) const {
  auto options = rooms_of(parts_, turn, stanza.from, true);
  if (!options) return;
  if (options->empty()) {
    return turn.refuse(Error(Condition::forbidden, "You own no room."));
  }
  using namespace xep_0004;
  Form form;
  form.title = "Who may act as a room";
  form.instructions =
      "Give a member the right to act as your room, or take it: towards one peer only and until a "
      "time, if you say so. It counts while the room's settings leave it to chosen members.";
  const std::string first = options->front().value;
  form.fields = {hidden("FORM_TYPE", xep_act_as::kNodeRights),
                 list_field("identity", "Room", first, std::move(*options)),
                 list_field("do", "What", "list",
                            {{"Show who may", "list"}, {"Give", "give"}, {"Take", "take"}}),
                 text_field("member", "Member", {}, "jid-single"),
                 text_field("peer", "Only towards this peer", {}, "jid-single"),
                 text_field("until", "Until (as in 2026-12-31T18:00:00Z)", {})};
  form.fields[1].required = true;
  offer(turn, request.node, std::move(form));
}

}  // namespace hansa::act_as
