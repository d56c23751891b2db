#include "modules/act-as/rights.h"

#include <algorithm>

#include "xep-spec/act_as.h"

namespace hansa::act_as {
namespace {

std::string_view who_may(rooms::MayAct may_act) {
  switch (may_act) {
    case rooms::MayAct::owners: return "its owners";
    case rooms::MayAct::admins: return "its owners and admins";
    case rooms::MayAct::members: return "its members";
  }
  return "its owners";
}

}  // namespace

Right Rights::judge(bool exists, engine::Position version, rooms::Info info) {
  Right right;
  right.version = version;
  right.bare_known = exists && !info.conversation;
  right.may_read = right.bare_known && info.affiliation >= rooms::Affiliation::member;
  right.may_act = right.bare_known && info.may_act_now;
  right.known = right.bare_known && (info.listed || right.may_read || right.may_act);
  right.info = std::move(info);
  return right;
}

std::optional<Result<Right>> Rights::ask(engine::Turn& turn, const xmpp::Jid& room,
                                         const xmpp::Jid& actor) const {
  const engine::Answer* answer =
      turn.ask({room, std::string(rooms::kAsk), actor.empty() ? actor : actor.bare()});
  if (answer == nullptr) return std::nullopt;
  if (answer->failed) return *answer->failed;
  if (!answer->exists) return Right{};
  return judge(true, answer->version, rooms::read_info(*answer));
}

std::optional<Result<Right>> Rights::ask_outside(engine::Turn& turn, const xmpp::Jid& room,
                                                 const xmpp::Jid& asker) const {
  if (is_marked(room)) return Right{};
  auto right = ask(turn, room, asker);
  const xmpp::Jid talk = conversation_address(domains_.rooms, room.local(), asker.bare());
  const engine::Answer* with_him = turn.ask({talk, std::string(rooms::kAsk), {}});
  if (!right || with_him == nullptr) return std::nullopt;
  if (*right && (*right)->bare_known && with_him->exists) (*right)->known = true;
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
  std::string text =
      "You may not act as " + name + ": only " + std::string(who_may(right.info.may_act)) + " may.";
  const bool may_join = right.info.affiliation == rooms::Affiliation::none && right.info.listed;
  if (may_join) text += " You can ask to join " + room.text() + ".";
  xep_act_as::write(detail, xep_act_as::NotAllowed{room.text(), may_join});
  out.error = Error(Condition::forbidden, std::move(text));
  return out;
}

}  // namespace hansa::act_as
