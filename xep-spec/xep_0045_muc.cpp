#include "xep-spec/xep_0045_muc.h"

#include <charconv>

namespace hansa::xep_0045 {
namespace {

std::optional<std::uint64_t> parse_count(std::optional<std::string_view> text) {
  if (!text) return std::nullopt;
  std::uint64_t count = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), count);
  if (error != std::errc() || end != text->data() + text->size()) return std::nullopt;
  return count;
}

std::optional<History> parse_history(const xmpp::Element& element) {
  History history;
  history.maxchars = parse_count(element.find_attr("maxchars"));
  history.maxstanzas = parse_count(element.find_attr("maxstanzas"));
  history.seconds = parse_count(element.find_attr("seconds"));
  if (const auto since = element.find_attr("since")) {
    if (const Result<WallTime> time = parse_datetime(*since)) history.since = *time;
  }
  const bool says_nothing =
      !history.maxchars && !history.maxstanzas && !history.seconds && !history.since;
  if (says_nothing) return std::nullopt;
  return history;
}

std::string child_text(const xmpp::Element& element, std::string_view name) {
  const xmpp::Element* const child = element.child(name, element.ns());
  return child == nullptr ? std::string() : child->text();
}

Item parse_item(const xmpp::Element& element) {
  Item item;
  item.affiliation = element.attr("affiliation");
  item.role = element.attr("role");
  item.jid = element.attr("jid");
  item.nick = element.attr("nick");
  item.reason = child_text(element, "reason");
  if (const xmpp::Element* const actor = element.child("actor", element.ns())) {
    item.actor = actor->attr("nick");
  }
  return item;
}

Invite parse_invite(const xmpp::Element& element) {
  Invite invite;
  invite.to = element.attr("to");
  invite.from = element.attr("from");
  invite.reason = child_text(element, "reason");
  if (const xmpp::Element* const next = element.child("continue", element.ns())) {
    invite.continues = true;
    invite.thread = next->attr("thread");
  }
  return invite;
}

Destroy parse_destroy_element(const xmpp::Element& element) {
  return {std::string(element.attr("jid")), child_text(element, "password"),
          child_text(element, "reason")};
}

void leaf_if(xmpp::Writer& writer, std::string_view name, std::string_view text) {
  if (!text.empty()) writer.leaf(name, text);
}

void write_item(xmpp::Writer& writer, const Item& item) {
  writer.open("item")
      .attr_if("affiliation", item.affiliation)
      .attr_if("role", item.role)
      .attr_if("jid", item.jid)
      .attr_if("nick", item.nick);
  if (!item.actor.empty()) writer.open("actor").attr("nick", item.actor).close();
  leaf_if(writer, "reason", item.reason);
  writer.raw(item.more);
  writer.close();
}

void write_invite(xmpp::Writer& writer, std::string_view name, const Invite& invite) {
  writer.open(name).attr_if("to", invite.to).attr_if("from", invite.from);
  leaf_if(writer, "reason", invite.reason);
  if (invite.continues) writer.open("continue").attr_if("thread", invite.thread).close();
  writer.close();
}

}  // namespace

std::optional<Join> parse_join(const xmpp::Element& presence) {
  const xmpp::Element* const x = presence.child("x", kNs);
  if (x == nullptr) return std::nullopt;
  Join join;
  join.password = child_text(*x, "password");
  if (const xmpp::Element* const history = x->child("history", kNs)) {
    join.history = parse_history(*history);
  }
  return join;
}

void write(xmpp::Writer& writer, const Join& join) {
  writer.open("x", kNs);
  if (!join.password.empty()) writer.leaf("password", join.password);
  if (join.history) {
    const auto count = [&](std::string_view name, const std::optional<std::uint64_t>& value) {
      if (value) writer.attr(name, std::to_string(*value));
    };
    writer.open("history");
    count("maxchars", join.history->maxchars);
    count("maxstanzas", join.history->maxstanzas);
    count("seconds", join.history->seconds);
    if (join.history->since) writer.attr("since", to_datetime(*join.history->since));
    writer.close();
  }
  writer.close();
}

std::string join_echo() {
  std::string out;
  xmpp::Writer(out).empty("x", kNs);
  return out;
}

std::optional<User> parse_user(const xmpp::Element& x) {
  if (!x.is("x", kNsUser)) return std::nullopt;
  User user;
  user.password = child_text(x, "password");
  for (const xmpp::Element& child : x.children()) {
    if (child.ns() != kNsUser) continue;
    if (child.name() == "item") user.item = parse_item(child);
    if (child.name() == "invite") user.invites.push_back(parse_invite(child));
    if (child.name() == "decline") user.decline = parse_invite(child);
    if (child.name() == "destroy") user.destroy = parse_destroy_element(child);
    if (child.name() != "status") continue;
    const std::optional<std::uint64_t> code = parse_count(child.find_attr("code"));
    if (code && *code < 1000) user.status.push_back(static_cast<int>(*code));
  }
  return user;
}

void write(xmpp::Writer& writer, const User& user) {
  writer.open("x", kNsUser);
  if (user.item) write_item(writer, *user.item);
  for (const Invite& invite : user.invites) write_invite(writer, "invite", invite);
  if (user.decline) write_invite(writer, "decline", *user.decline);
  if (user.destroy) {
    writer.open("destroy").attr_if("jid", user.destroy->jid);
    leaf_if(writer, "password", user.destroy->password);
    leaf_if(writer, "reason", user.destroy->reason);
    writer.close();
  }
  leaf_if(writer, "password", user.password);
  for (const int code : user.status) {
    writer.open("status").attr("code", std::to_string(code)).close();
  }
  writer.raw(user.more);
  writer.close();
}

std::optional<std::vector<Item>> parse_admin(const xmpp::Element& query) {
  if (!query.is("query", kNsAdmin)) return std::nullopt;
  std::vector<Item> items;
  for (const xmpp::Element& child : query.children()) {
    if (child.is("item", kNsAdmin)) items.push_back(parse_item(child));
  }
  return items;
}

void write_admin(xmpp::Writer& writer, const std::vector<Item>& items) {
  writer.open("query", kNsAdmin);
  for (const Item& item : items) write_item(writer, item);
  writer.close();
}

std::optional<Destroy> parse_destroy(const xmpp::Element& query) {
  const xmpp::Element* const destroy = query.child("destroy", kNsOwner);
  if (destroy == nullptr) return std::nullopt;
  return parse_destroy_element(*destroy);
}

}  // namespace hansa::xep_0045
