#include "modules/act-as/talk_list.h"

#include <algorithm>
#include <set>

#include "base/limits.h"
#include "modules/act-as/forms.h"
#include "modules/act-as/talks.h"

namespace hansa::act_as {
namespace {

using xep_act_as::ConversationItem;
using xep_act_as::Conversations;

// [first, last) of `all`, as it was asked (XEP-0059 §2). Nothing: the place is not in it.
struct Part {
  std::size_t first = 0;
  std::size_t last = 0;
};
std::optional<Part> part_of(const std::vector<std::string>& all, const xep_0059::Request& asked) {
  const std::size_t most =
      std::min<std::size_t>(asked.max.value_or(limits::kPageItems), limits::kPageItems);
  const auto place = [&](const std::string& jid) {
    return static_cast<std::size_t>(std::lower_bound(all.begin(), all.end(), jid) - all.begin());
  };
  if (asked.before) {
    const std::size_t end = asked.before->empty() ? all.size() : place(*asked.before);
    if (!asked.before->empty() && (end == all.size() || all[end] != *asked.before)) {
      return std::nullopt;
    }
    return Part{end - std::min(end, most), end};
  }
  std::size_t from = 0;
  if (asked.after && !asked.after->empty()) {
    from = place(*asked.after);
    if (from == all.size() || all[from] != *asked.after) return std::nullopt;
    ++from;
  }
  return Part{from, std::min(all.size(), from + most)};
}

// The closed ones, by address. Null: a read was asked.
std::optional<std::set<std::string>> closed_of(engine::ServiceTurn& turn, const xmpp::Jid& room) {
  const auto [from, to] = closed_range(room);
  const auto keys = turn.ask_whole_index(from, to, limits::kConversationsTold);
  if (!keys) return std::nullopt;
  std::set<std::string> out;
  if (!keys->ok()) return out;
  for (const auto& [key, value] : **keys) out.insert(key.substr(from.size()));
  return out;
}

std::string line_of(const ConversationItem& item) {
  std::string out = item.peer + ": " + item.jid;
  if (item.unanswered) out += ", waits for an answer";
  if (!item.assigned.empty()) out += ", assigned to " + item.assigned;
  if (item.closed) out += ", closed";
  if (item.blocked) out += ", blocked";
  if (item.muted) out += ", muted";
  return out;
}

}  // namespace

std::optional<Result<Conversations>> list_of(engine::ServiceTurn& turn, const xmpp::Jid& room,
                                             const Conversations& asked) {
  const auto [from, to] = conversation_range(room);
  const auto keys = turn.ask_whole_index(from, to, limits::kConversationsTold);
  const auto closed = closed_of(turn, room);
  if (!keys || !closed) return std::nullopt;
  if (!*keys) return keys->error();
  std::vector<std::string> all;
  for (const auto& [key, peer] : **keys) {
    const std::string jid = key.substr(from.size());
    if (asked.closed || !closed->contains(jid)) all.push_back(jid);
  }
  const xep_0059::Request page = asked.asked.value_or(xep_0059::Request{});
  const auto part = part_of(all, page);
  if (!part) return Error(Condition::item_not_found, "There is no such conversation.");
  Conversations out;
  out.closed = asked.closed;
  for (std::size_t i = part->first; i < part->last; ++i) {
    const engine::Answer* const answer = turn.ask({read_jid(all[i]), std::string(kAskTalk), {}});
    if (answer == nullptr) continue;
    ConversationItem item = read_talk(*answer).value_or(ConversationItem{});
    item.jid = all[i];
    out.items.push_back(std::move(item));
  }
  if (turn.waiting()) return std::nullopt;
  out.page.emplace().count = all.size();
  if (part->first < part->last) {
    out.page->first = all[part->first];
    out.page->last = all[part->last - 1];
    out.page->index = part->first;
  }
  return out;
}

xep_0050::Response table_of(const Conversations& list, std::string_view session) {
  Table out;
  out.node = xep_act_as::kNodeConversations;
  out.session = session;
  out.title = "Conversations";
  out.columns = {{"conversation", "Conversation"}, {"peer", "With"},
                 {"last", "Last activity"},        {"unanswered", "Waits"},
                 {"assigned", "Assigned to"},      {"state", "State"}};
  out.none = "There is no conversation.";
  for (const ConversationItem& item : list.items) {
    std::string state = item.closed ? "closed" : "open";
    if (item.blocked) state += ", blocked";
    if (item.muted) state += ", muted";
    out.rows.push_back({item.jid, item.peer,
                        item.last.ms == 0 ? std::string() : to_datetime(item.last),
                        item.unanswered ? "yes" : "no", item.assigned, std::move(state)});
    out.lines += line_of(item) + '\n';
  }
  const std::size_t seen = list.page->index.value_or(0) + list.items.size();
  if (!list.items.empty() && seen < list.page->count.value_or(0)) out.after = list.page->last;
  return table_of(std::move(out));
}

// --- the commands --------------------------------------------------------------------------------

void Talks::on_list_command(engine::ServiceTurn& turn, const xmpp::Stanza& stanza,
                            const xep_0050::Request& request) const {
  if (is_filled(request)) {
    const xmpp::Jid room = room_in(parts_, *request.form);
    if (room.empty()) return refuse_form(turn, "Choose one of the identities offered.");
    engine::Passed passed{std::string(kListTopic), stanza, {{"session", request.session_id}}, {}};
    for (const char* name : {"closed", "after"}) {
      passed.params[name] = request.form->value(name).value_or("");
    }
    return turn.pass(room, std::move(passed));
  }
  auto options = rooms_of(parts_, turn, stanza.from);
  if (!options) return;
  if (options->empty()) {
    return turn.refuse(Error(Condition::forbidden, "You are a member of no room."));
  }
  using namespace xep_0004;
  Form form;
  form.title = "Conversations of a room";
  const std::string first = options->front().value;
  form.fields = {hidden("FORM_TYPE", xep_act_as::kNodeConversations),
                 list_field("identity", "Room", first, std::move(*options)),
                 boolean_field("closed", "Closed ones, too", false),
                 text_field("after", "After this one", {})};
  form.fields[1].required = true;
  offer(turn, request.node, std::move(form));
}

void Talks::on_change_command(engine::ServiceTurn& turn, const xmpp::Stanza& stanza,
                              const xep_0050::Request& request) const {
  if (is_filled(request)) {
    const auto conversation = address_of(*request.form, "conversation");
    if (!conversation || conversation->domain() != parts_.domains.rooms ||
        !is_marked(*conversation)) {
      return refuse_form(turn, "Choose a conversation.");
    }
    const auto member = address_of(*request.form, "member");
    if (!member) return refuse_form(turn, "An address without a resource is asked for.");
    const std::string_view action = request.form->value("action").value_or("");
    if (!xep_act_as::action_named(action)) {
      return refuse_form(turn, "Choose what is to be done.");
    }
    return turn.pass(*conversation, {std::string(kTalkTopic),
                                     stanza,
                                     {{"action", std::string(action)},
                                      {"member", member->text()},
                                      {"session", request.session_id}},
                                     {}});
  }
  const auto identities = identities_.of(turn, stanza.from);
  if (!identities) return;
  if (!*identities) return turn.refuse(identities->error());
  std::vector<xep_0004::Option> options;
  for (const xep_act_as::Identity& one : (*identities)->identities) {
    if (one.room.empty()) continue;
    const xmpp::Jid room = read_jid(one.room);
    const auto [from, to] = conversation_range(room);
    const auto* const keys = turn.ask_index(from, to, limits::kPageItems);
    const auto closed = closed_of(turn, room);
    if (keys == nullptr || !closed || !*keys) continue;
    for (const auto& [key, peer] : **keys) {
      const std::string jid = key.substr(from.size());
      if (closed->contains(jid) || options.size() >= limits::kIdentities) continue;
      options.push_back({peer + " (" + one.name + ")", jid});
    }
  }
  if (turn.waiting()) return;
  if (options.empty()) {
    return turn.refuse(Error(Condition::item_not_found, "There is no conversation."));
  }
  using namespace xep_0004;
  Form form;
  form.title = "Close, block, mute or assign a conversation";
  const std::string first = options.front().value;
  form.fields = {hidden("FORM_TYPE", xep_act_as::kNodeConversation),
                 list_field("conversation", "Conversation", first, std::move(options)),
                 list_field("action", "What", "close",
                            {{"Close", "close"},
                             {"Open again", "reopen"},
                             {"Block the peer", "block"},
                             {"Unblock", "unblock"},
                             {"Mute", "mute"},
                             {"Unmute", "unmute"},
                             {"Assign", "assign"}}),
                 text_field("member", "Assign to (empty: nobody)", {}, "jid-single")};
  form.fields[1].required = true;
  offer(turn, request.node, std::move(form));
}

}  // namespace hansa::act_as
