#include "xep-spec/act_as_talks.h"

#include <array>

#include "xep-spec/act_as.h"

namespace hansa::xep_act_as {
namespace {

constexpr std::array<std::string_view, 7> kActions = {"close", "reopen", "block", "unblock",
                                                      "mute",  "unmute", "assign"};

bool is_true(std::string_view text) { return text == "true" || text == "1"; }

void flag(xmpp::Writer& writer, std::string_view name, bool value) {
  if (value) writer.attr(name, "true");
}

WallTime time_in(const xmpp::Element& element, std::string_view name) {
  const auto time = parse_datetime(element.attr(name));
  return time ? *time : WallTime{};
}

ConversationItem parse_item(const xmpp::Element& element) {
  ConversationItem item;
  item.jid = element.attr("jid");
  item.peer = element.attr("peer");
  item.kind = element.attr("kind");
  item.last = time_in(element, "last");
  item.unanswered = is_true(element.attr("unanswered"));
  item.assigned = element.attr("assigned");
  item.closed = is_true(element.attr("closed"));
  item.blocked = is_true(element.attr("blocked"));
  item.muted = is_true(element.attr("muted"));
  return item;
}

Act parse_act(const xmpp::Element& element) {
  Act act;
  act.id = element.attr("id");
  act.stamp = time_in(element, "stamp");
  act.did = element.attr("did");
  act.member = element.attr("member");
  act.nick = element.attr("nick");
  act.peer = element.attr("peer");
  act.conversation = element.attr("conversation");
  act.message = element.attr("message");
  return act;
}

// Of a request, or of an answer.
template <typename List>
void read_page(const xmpp::Element& child, List& out) {
  const auto page = xep_0059::parse_page(child);
  if (page && (page->count || !page->last.empty())) {
    out.page = page;
  } else if (auto asked = xep_0059::parse(child)) {
    out.asked = std::move(asked);
  }
}

std::string stamp_of(WallTime time) { return time.ms == 0 ? std::string() : to_datetime(time); }

}  // namespace

std::string_view name_of(Action action) {
  const auto number = static_cast<std::size_t>(action);
  return number >= 1 && number <= kActions.size() ? kActions[number - 1] : std::string_view();
}

std::optional<Action> action_named(std::string_view name) {
  for (std::size_t i = 0; i < kActions.size(); ++i) {
    if (kActions[i] == name) return static_cast<Action>(i + 1);
  }
  return std::nullopt;
}

std::optional<Conversations> parse_conversations(const xmpp::Element& element) {
  if (!element.is("conversations", kNs)) return std::nullopt;
  Conversations out;
  out.closed = is_true(element.attr("closed"));
  for (const xmpp::Element& child : element.children()) {
    if (child.is("conversation", kNs)) out.items.push_back(parse_item(child));
    read_page(child, out);
  }
  return out;
}

std::optional<Result<Change>> parse_change(const xmpp::Element& element) {
  if (!element.is("change", kNs)) return std::nullopt;
  const auto action = action_named(element.attr("action"));
  if (!action) return Error(Condition::bad_request, "There is no such action.");
  Change change{*action, {}};
  if (const std::string_view member = element.attr("member"); !member.empty()) {
    auto jid = xmpp::Jid::parse(member);
    if (!jid) return jid.error();
    change.member = jid->bare();
  }
  return change;
}

std::optional<Result<Acts>> parse_acts(const xmpp::Element& element) {
  if (!element.is("acts", kNs)) return std::nullopt;
  Acts out;
  for (const auto& [name, place] : {std::pair("start", &out.start), std::pair("end", &out.end)}) {
    const std::string_view text = element.attr(name);
    if (text.empty()) continue;
    const auto time = parse_datetime(text);
    if (!time) return time.error();
    *place = *time;
  }
  for (const xmpp::Element& child : element.children()) {
    if (child.is("act", kNs)) out.acts.push_back(parse_act(child));
    read_page(child, out);
  }
  return out;
}

bool is_note(const xmpp::Element& message) { return message.child("note", kNs) != nullptr; }

void write(xmpp::Writer& writer, const ConversationItem& item) {
  writer.open("conversation", kNs)
      .attr("jid", item.jid)
      .attr("peer", item.peer)
      .attr_if("kind", item.kind)
      .attr_if("last", stamp_of(item.last));
  flag(writer, "unanswered", item.unanswered);
  writer.attr_if("assigned", item.assigned);
  flag(writer, "closed", item.closed);
  flag(writer, "blocked", item.blocked);
  flag(writer, "muted", item.muted);
  writer.close();
}

void write(xmpp::Writer& writer, const Conversations& conversations) {
  writer.open("conversations", kNs);
  flag(writer, "closed", conversations.closed);
  for (const ConversationItem& item : conversations.items) write(writer, item);
  if (conversations.page) {
    xep_0059::write(writer, *conversations.page);
  } else if (conversations.asked) {
    xep_0059::write(writer, *conversations.asked);
  }
  writer.close();
}

void write(xmpp::Writer& writer, const Change& change) {
  writer.open("change", kNs)
      .attr("action", name_of(change.action))
      .attr_if("member", change.member.text())
      .close();
}

void write(xmpp::Writer& writer, const Acts& acts) {
  writer.open("acts", kNs);
  if (acts.start) writer.attr("start", to_datetime(*acts.start));
  if (acts.end) writer.attr("end", to_datetime(*acts.end));
  for (const Act& act : acts.acts) {
    writer.open("act")
        .attr("id", act.id)
        .attr("stamp", to_datetime(act.stamp))
        .attr("did", act.did)
        .attr("member", act.member)
        .attr_if("nick", act.nick)
        .attr("peer", act.peer)
        .attr("conversation", act.conversation)
        .attr_if("message", act.message)
        .close();
  }
  if (acts.page) {
    xep_0059::write(writer, *acts.page);
  } else if (acts.asked) {
    xep_0059::write(writer, *acts.asked);
  }
  writer.close();
}

void write_note(xmpp::Writer& writer) { writer.empty("note", kNs); }

}  // namespace hansa::xep_act_as
