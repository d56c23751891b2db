#include "modules/act-as/rights.h"

#include <algorithm>

#include "engine/fields.h"
#include "modules/act-as/acting.h"
#include "modules/act-as/talks.h"
#include "xep-spec/act_as.h"
#include "xep-spec/xep_0191_blocking.h"

namespace hansa::act_as {
namespace {

std::string_view who_may(rooms::MayAct may_act) {
  switch (may_act) {
    case rooms::MayAct::owners: return "its owners";
    case rooms::MayAct::admins: return "its owners and admins";
    case rooms::MayAct::members: return "its members";
    case rooms::MayAct::chosen: return "its owners and the members whom they chose";
  }
  return "its owners";
}

// Answer to kAskRight: tag 1 is what rooms say of themselves, 2 each right given to the actor, and
// 3 the room's log.
std::string answer_right(const engine::RoomState& state, const engine::Question& question) {
  engine::FieldWriter out;
  out.put(1, std::string_view(rooms::answer_info(state, question.actor)));
  out.put(3, std::string_view(state.log_id()));
  if (question.actor.empty()) return out.take();
  for (const Grant& grant : state.get<Acting>().grants_of(question.actor.bare_text())) {
    out.put(2, std::string_view(write_local(grant).bytes));
  }
  return out.take();
}

bool is_chosen(const std::vector<Grant>& grants, const Towards& towards, WallTime now) {
  return std::any_of(grants.begin(), grants.end(), [&](const Grant& grant) {
    if (!grant.holds(now)) return false;
    return grant.peer.empty() || towards.peer.empty() || grant.peer == towards.peer;
  });
}

bool may(rooms::MayAct who, rooms::Affiliation affiliation, bool chosen) {
  using rooms::Affiliation;
  switch (who) {
    case rooms::MayAct::owners: return affiliation == Affiliation::owner;
    case rooms::MayAct::admins: return affiliation >= Affiliation::admin;
    case rooms::MayAct::members: return affiliation >= Affiliation::member;
    case rooms::MayAct::chosen:
      return affiliation == Affiliation::owner || (affiliation >= Affiliation::member && chosen);
  }
  return false;
}

}  // namespace

Status Rights::add_to(engine::Router& router) {
  return router.add_answer(std::string(kAskRight), &answer_right);
}

Right Rights::judge(engine::Position version, rooms::Info info, const std::vector<Grant>& grants,
                    const Towards& towards, WallTime now) {
  Right right;
  right.version = version;
  right.bare_known = !info.conversation;
  right.may_read = right.bare_known && info.affiliation >= rooms::Affiliation::member;
  const bool chosen = is_chosen(grants, towards, now);
  const auto judged = [&](rooms::MayAct who) {
    return right.bare_known && may(who, info.affiliation, chosen);
  };
  right.persons = judged(info.outward.persons);
  right.rooms = judged(info.outward.rooms);
  right.may_act = (right.persons && towards.kind != PeerKind::room) ||
                  (right.rooms && towards.kind != PeerKind::person);
  right.known = right.bare_known && (info.listed || right.may_read || right.may_act);
  right.info = std::move(info);
  return right;
}

std::optional<Result<Right>> Rights::ask(engine::Turn& turn, const xmpp::Jid& room,
                                         const xmpp::Jid& actor, const Towards& towards) const {
  const engine::Answer* answer =
      turn.ask({room, std::string(kAskRight), actor.empty() ? actor : actor.bare()});
  if (answer == nullptr) return std::nullopt;
  if (answer->failed) return *answer->failed;
  if (!answer->exists) return Right{};
  const engine::FieldReader in(answer->value);
  const std::string log(in.text(3));
  if (!towards.log.empty() && towards.log != log) return Right{};
  engine::Answer info = *answer;
  info.value = in.text(1);
  std::vector<Grant> grants;
  for (const std::string_view grant : in.all(2)) grants.push_back(read_grant(grant));
  Right right = judge(answer->version, rooms::read_info(info), grants, towards, turn.now());
  right.log = log;
  return right;
}

std::optional<Right> Rights::need(engine::Turn& turn, const xmpp::Jid& room, const xmpp::Jid& actor,
                                  const Towards& towards) const {
  auto right = ask(turn, room, actor, towards);
  if (!right) return std::nullopt;
  if (!*right) {
    turn.refuse(right->error());
    return std::nullopt;
  }
  if ((*right)->may_act) return std::move(**right);
  const Refusal no = refusal(room, **right, actor);
  turn.refuse(no.error, {}, no.detail);
  return std::nullopt;
}

std::optional<Result<Right>> Rights::ask_outside(engine::Turn& turn, const xmpp::Jid& room,
                                                 const xmpp::Jid& asker) const {
  if (is_marked(room)) return Right{};
  auto right = ask(turn, room, asker);
  const xmpp::Jid talk = conversation_address(domains_.rooms, room.local(), asker.bare());
  const engine::Answer* with_him = turn.ask({talk, std::string(kAskTalk), {}});
  if (!right || with_him == nullptr) return std::nullopt;
  const auto item = read_talk(*with_him);
  if (*right && (*right)->bare_known && item) {
    (*right)->known = true;
    (*right)->blocked = item->blocked;
  }
  return right;
}

bool Rights::may_create(const xmpp::Jid& room, const xmpp::Jid& actor) const {
  if (is_marked(room) || room.local().starts_with("ask-")) return false;
  const auto has = [](const std::vector<std::string>& all, std::string_view one) {
    return std::find(all.begin(), all.end(), one) != all.end();
  };
  if (has(settings_.admins, actor.bare_text())) return true;
  switch (settings_.create) {
    case rooms::Settings::Create::enterprise: return has(settings_.enterprise, actor.domain());
    case rooms::Settings::Create::admins: return false;
    case rooms::Settings::Create::anyone: return true;
  }
  return false;
}

Refusal peer_is_blocked() {
  return {
      Error(Condition::not_acceptable, "The peer is blocked here: unblock him to write to him."),
      std::string(xep_0191::kBlocked)};
}

Refusal Rights::refusal(const xmpp::Jid& room, const Right& right, const xmpp::Jid& actor) const {
  Refusal out;
  xmpp::Writer detail(out.detail);
  if (!right.known) {
    std::string text = "There is no room " + room.text() + ".";
    if (may_create(room, actor)) {
      text += " You can create it by joining it, and then act as " +
              identity_of(domains_, room).text() + ".";
      xep_act_as::write_may_create(detail);
    }
    out.error = Error(Condition::item_not_found, std::move(text));
    return out;
  }
  const std::string& name = right.info.name.empty() ? room.text() : right.info.name;
  const rooms::Outward& outward = right.info.outward;
  std::string text = "You may not act as " + name;
  // Whoever may act towards one kind of peer is told of the other.
  const bool half = right.persons != right.rooms;
  if (half) text += right.persons ? " towards rooms" : " towards persons";
  const rooms::MayAct who = half && right.persons ? outward.rooms : outward.persons;
  text += ": only " + std::string(who_may(who)) + " may.";
  const bool may_join = right.info.affiliation == rooms::Affiliation::none && right.info.listed;
  if (may_join) text += " You can ask to join " + room.text() + ".";
  xep_act_as::write(detail, xep_act_as::NotAllowed{room.text(), may_join});
  out.error = Error(Condition::forbidden, std::move(text));
  return out;
}

}  // namespace hansa::act_as
