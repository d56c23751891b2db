#include "xep-spec/act_as.h"

namespace hansa::xep_act_as {
namespace {

// An address without a resource; empty if the attribute is.
Result<xmpp::Jid> bare_address(const xmpp::Element& element, std::string_view name) {
  const std::string_view text = element.attr(name);
  if (text.empty()) return xmpp::Jid();
  auto jid = xmpp::Jid::parse(text);
  if (jid && !jid->is_bare()) {
    return Error(Condition::jid_malformed, "An address without a resource is asked for.");
  }
  return jid;
}

}  // namespace

std::optional<Identities> parse_identities(const xmpp::Element& element) {
  if (!element.is("identities", kNs)) return std::nullopt;
  Identities out;
  out.more = element.attr("more") == "true" || element.attr("more") == "1";
  for (const xmpp::Element& child : element.children()) {
    if (!child.is("identity", kNs)) continue;
    out.identities.push_back({std::string(child.attr("jid")), std::string(child.attr("room")),
                              std::string(child.attr("name"))});
  }
  return out;
}

std::optional<Result<Open>> parse_open(const xmpp::Element& element) {
  if (!element.is("open", kNs)) return std::nullopt;
  const auto peer_text = element.find_attr("peer");
  if (!peer_text || peer_text->empty()) {
    return Error(Condition::bad_request, "The address of the peer is missing.");
  }
  auto peer = xmpp::Jid::parse(*peer_text);
  if (!peer) return peer.error();
  Open open;
  open.peer = std::move(*peer);
  open.nick = element.attr("nick");
  open.password = element.attr("password");
  open.named = element.attr("named") == "true" || element.attr("named") == "1";
  if (const xmpp::Element* body = element.child("body", kNs)) open.body = body->text();
  if (const xmpp::Element* reason = element.child("reason", kNs)) open.reason = reason->text();
  if (const auto conversation = element.find_attr("conversation")) {
    auto room = xmpp::Jid::parse(*conversation);
    if (!room) return room.error();
    open.conversation = std::move(*room);
  }
  return open;
}

std::optional<Result<MemberRight>> parse_right(const xmpp::Element& element) {
  if (!element.is("right", kNs)) return std::nullopt;
  MemberRight right;
  auto member = bare_address(element, "member");
  if (!member) return member.error();
  if (member->local().empty()) {
    return Error(Condition::bad_request, "The address of a member is missing.");
  }
  right.member = std::move(*member);
  auto peer = bare_address(element, "peer");
  if (!peer) return peer.error();
  right.peer = std::move(*peer);
  const std::string_view allow = element.attr("allow");
  right.allow = allow != "false" && allow != "0";
  if (const std::string_view until = element.attr("until"); !until.empty()) {
    const auto time = parse_datetime(until);
    if (!time) return time.error();
    right.until = *time;
  }
  return right;
}

std::optional<MemberRights> parse_rights(const xmpp::Element& element) {
  if (!element.is("rights", kNs)) return std::nullopt;
  MemberRights out;
  out.persons = element.attr("persons");
  out.rooms = element.attr("rooms");
  for (const xmpp::Element& child : element.children()) {
    const auto right = parse_right(child);
    if (right && *right) out.rights.push_back(**right);
  }
  return out;
}

std::optional<NotAllowed> parse_not_allowed(const xmpp::Element& element) {
  if (!element.is("not-allowed-to-act", kNs)) return std::nullopt;
  const std::string_view may_join = element.attr("may-join");
  return NotAllowed{std::string(element.attr("room")), may_join == "true" || may_join == "1"};
}

void write(xmpp::Writer& writer, const Identities& identities) {
  writer.open("identities", kNs);
  if (identities.more) writer.attr("more", "true");
  for (const Identity& identity : identities.identities) {
    writer.open("identity").attr("jid", identity.jid);
    if (identity.room.empty()) {
      writer.attr("self", "true");
    } else {
      writer.attr("room", identity.room);
    }
    writer.attr_if("name", identity.name).close();
  }
  writer.close();
}

void write(xmpp::Writer& writer, const Open& open) {
  writer.open("open", kNs)
      .attr("peer", open.peer.text())
      .attr_if("nick", open.nick)
      .attr_if("password", open.password)
      .attr_if("named", open.named ? "true" : "")
      .attr_if("conversation", open.conversation.text());
  if (!open.body.empty()) writer.leaf("body", open.body);
  if (!open.reason.empty()) writer.leaf("reason", open.reason);
  writer.close();
}

void write(xmpp::Writer& writer, const MemberRight& right) {
  writer.open("right", kNs)
      .attr("member", right.member.text())
      .attr_if("peer", right.peer.text())
      .attr_if("until", right.until.ms == 0 ? std::string() : to_datetime(right.until));
  if (!right.allow) writer.attr("allow", "false");
  writer.close();
}

void write(xmpp::Writer& writer, const MemberRights& rights) {
  writer.open("rights", kNs).attr_if("persons", rights.persons).attr_if("rooms", rights.rooms);
  for (const MemberRight& right : rights.rights) write(writer, right);
  writer.close();
}

void write(xmpp::Writer& writer, const NotAllowed& refusal) {
  writer.open("not-allowed-to-act", kNs)
      .attr("room", refusal.room)
      .attr("may-join", refusal.may_join ? "true" : "false")
      .close();
}

void write_may_create(xmpp::Writer& writer) { writer.empty("may-create", kNs); }

}  // namespace hansa::xep_act_as
