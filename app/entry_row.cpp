// An entry as a line for the operator: what it says, in the words of the module that owns its kind.

#include <array>

#include "app/admin_answer.h"
#include "modules/act-as/entries.h"
#include "modules/rooms/entries.h"
#include "modules/rooms/rooms.h"
#include "xmpp/ns.h"
#include "xmpp/parser.h"

namespace hansa::app {
namespace {

using engine::Entry;
using engine::EntryKind;

constexpr std::array<std::string_view, 24> kNames{
    "",         "created",      "destroyed",     "message", "subject",    "member",
    "settings", "letter",       "letter closed", "opened",  "peer known", "peer joined",
    "crossed",  "conversation", "erased",        "shared",  "ordered",    "list page",
    "welcomed", "profile",      "hats",          "right",   "talk",       "passed"};

struct Said {
  std::string who;
  std::string what;
};

// The text of <body/>, or of <subject/>; else the names of what is in the message.
std::string text_of(const rooms::Message& message) {
  const auto document =
      xmpp::parse_element("<message>" + message.content + "</message>", xmpp::ns::kClient);
  if (!document) return "(cannot be read)";
  std::string names;
  for (const std::string_view name : {"body", "subject"}) {
    if (const auto* child = (*document)->root().child(name, xmpp::ns::kClient)) {
      return child->text();
    }
  }
  for (const xmpp::Element& child : (*document)->root().children()) {
    names += '<' + std::string(child.name()) + "/>";
  }
  return names;
}

Said said(const Entry& entry) {
  const rooms::Message message = rooms::read_message(entry);
  if (message.from_room) return {"(the room)", text_of(message)};
  if (message.from_peer) return {message.nick + " (peer)", text_of(message)};
  return {message.speaker.text() + " as " + message.nick, text_of(message)};
}

Said changed(const Entry& entry) {
  const auto [bare, member] = rooms::read_member(entry.shared.bytes);
  return {"", bare + " is " + std::string(rooms::name_of(member.affiliation))};
}

Said right(const Entry& entry) {
  const act_as::Grant grant = act_as::read_grant(entry.local.bytes);
  std::string what = grant.member + (grant.given ? " may act" : " may not act any more");
  if (!grant.peer.empty()) what += " towards " + grant.peer;
  if (grant.until.ms != 0) what += " until " + to_datetime(grant.until);
  return {grant.actor.text(), what};
}

Said talk(const Entry& entry) {
  const act_as::TalkChange change = act_as::read_talk_change(entry);
  std::string what(xep_act_as::name_of(change.action));
  if (!change.member.empty()) what += " to " + change.member;
  return {change.actor.text(), what};
}

Said words_of(const Entry& entry) {
  if (entry.erased) return {"", "(erased)"};
  switch (entry.kind) {
    case EntryKind::message:
    case EntryKind::subject: return said(entry);
    case EntryKind::member: return changed(entry);
    case EntryKind::right: return right(entry);
    case EntryKind::talk: return talk(entry);
    case EntryKind::created: return {rooms::read_creator(entry.shared.bytes).text(), ""};
    default: return {};
  }
}

}  // namespace

std::string kind_name(EntryKind kind) {
  const auto number = static_cast<std::size_t>(kind);
  return number < kNames.size() ? std::string(kNames[number]) : "kind " + std::to_string(number);
}

std::string entry_text(const Entry& entry) { return text_of(rooms::read_message(entry)); }

std::string entry_row(const Entry& entry) {
  const Said words = words_of(entry);
  return std::to_string(entry.position) + '\t' + to_datetime(entry.stamp) + '\t' +
         kind_name(entry.kind) + '\t' + printable(words.who) + '\t' + printable(words.what) + '\n';
}

}  // namespace hansa::app
