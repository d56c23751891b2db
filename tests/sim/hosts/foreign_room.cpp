#include "tests/sim/hosts/foreign_room.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace hansa::sim::hosts {
namespace {

constexpr std::size_t kHistory = 100;

std::uint64_t number(std::string_view text, std::uint64_t otherwise) {
  std::uint64_t value = otherwise;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// Prosody's list: he cannot be reached.
bool puts_out(const std::string& condition) {
  constexpr std::array<std::string_view, 9> kConditions = {"gone",
                                                           "internal-server-error",
                                                           "item-not-found",
                                                           "jid-malformed",
                                                           "recipient-unavailable",
                                                           "redirect",
                                                           "remote-server-not-found",
                                                           "remote-server-timeout",
                                                           "service-unavailable"};
  return std::find(kConditions.begin(), kConditions.end(), condition) != kConditions.end();
}

}  // namespace

ForeignRooms::ForeignRooms(Schedule& schedule, Watch& watch, Host& host)
    : schedule_(schedule), watch_(watch), host_(host) {
  host_.set_service(kForeignDomain, [this](const xmpp::Stanza& stanza) { on_stanza(stanza); });
}

bool ForeignRooms::is_in(const std::string& room, const std::string& bare) const {
  const auto place = rooms_occupants_.find(room);
  if (place == rooms_occupants_.end()) return false;
  return std::any_of(place->second.begin(), place->second.end(),
                     [&](const auto& one) { return bare_of(one.second) == bare; });
}

std::string ForeignRooms::nick_of(const std::string& room, const std::string& full) const {
  const auto place = rooms_occupants_.find(room);
  if (place == rooms_occupants_.end()) return {};
  for (const auto& [nick, who] : place->second) {
    if (who == full) return nick;
  }
  return {};
}

void ForeignRooms::refuse(const xmpp::Stanza& stanza, std::string_view condition) {
  if (auto error = bounce(stanza, condition)) send(std::move(*error));
}

void ForeignRooms::on_stanza(const xmpp::Stanza& stanza) {
  switch (stanza.kind) {
    case xmpp::StanzaKind::presence: return on_presence(stanza);
    case xmpp::StanzaKind::iq: return on_iq(stanza);
    case xmpp::StanzaKind::message: break;
  }
  const std::string room(stanza.to.bare_text());
  const std::string nick = nick_of(room, stanza.from.text());
  if (stanza.is_error()) {
    if (!nick.empty() && puts_out(condition_of(stanza))) leave(room, nick, "333");
    return;
  }
  if (stanza.type != "groupchat") return refuse(stanza, "not-acceptable");
  on_groupchat(stanza);
}

void ForeignRooms::on_presence(const xmpp::Stanza& stanza) {
  const std::string room(stanza.to.bare_text());
  const std::string nick = nick_of(room, stanza.from.text());
  if (stanza.type.empty()) return join(stanza);
  if (!nick.empty() && (stanza.type == "unavailable" || stanza.is_error())) leave(room, nick, {});
}

std::string ForeignRooms::presence(const std::string& room, const std::string& nick,
                                   const std::string& to, bool in, std::string_view status) {
  std::string x = "<x xmlns='" + std::string(kMucUserNs) + "'><item affiliation='none' role='" +
                  (in ? "participant" : "none") + "'/>";
  if (!status.empty()) x += "<status code='" + std::string(status) + "'/>";
  return build("presence", room + "/" + nick, to, in ? "" : "unavailable", {}, x + "</x>");
}

void ForeignRooms::join(const xmpp::Stanza& stanza) {
  const std::string room(stanza.to.bare_text());
  const std::string nick(stanza.to.resource());
  const std::string full = stanza.from.text();
  const xmpp::Element* const x = stanza.child("x", kMucNs);
  Occupants& occupants = rooms_occupants_[room];
  const std::string old = nick_of(room, full);
  if (x == nullptr && old.empty()) return refuse(stanza, "not-acceptable");
  if (x == nullptr) return;
  const auto holder = occupants.find(nick);
  if (holder != occupants.end() && bare_of(holder->second) != bare_of(full)) {
    return refuse(stanza, "conflict");
  }
  if (!old.empty() && old != nick) occupants.erase(old);
  occupants[nick] = full;
  schedule_.note("foreign room: " + full + " is in as " + nick);
  for (const auto& [other, who] : occupants) {
    if (other != nick) send(presence(room, other, full, true, {}));
  }
  const Occupants present = occupants;
  for (const auto& [other, who] : present) {
    if (other != nick) send(presence(room, nick, who, true, {}));
  }
  send(presence(room, nick, full, true, "110"));
  send_history(room, stanza);
  send(build("message", room, full, "groupchat", {}, "<subject/>"));
}

void ForeignRooms::send_history(const std::string& room, const xmpp::Stanza& join) {
  const auto& log = logs_[room];
  const xmpp::Element* const asked = join.child("x", kMucNs)->child("history", kMucNs);
  std::uint64_t most = asked != nullptr ? kHistory : 20;
  WallTime since{0};
  if (asked != nullptr) {
    most = std::min<std::uint64_t>(number(asked->attr("maxstanzas"), kHistory), kHistory);
    if (const auto time = parse_datetime(asked->attr("since"))) since = *time;
  }
  std::vector<Said> chosen;
  for (const Said& said : log) {
    if (said.at >= since) chosen.push_back(said);
  }
  const std::size_t first = chosen.size() > most ? chosen.size() - most : 0;
  for (std::size_t i = first; i < chosen.size(); ++i) {
    const Said& said = chosen[i];
    const std::string delay = "<delay xmlns='" + std::string(kDelayNs) + "' from='" + room +
                              "' stamp='" + to_datetime(said.at) + "'/>";
    send(build("message", room + "/" + said.nick, join.from.text(), "groupchat", said.id,
               said.content + delay));
  }
}

void ForeignRooms::leave(const std::string& room, const std::string& nick,
                         std::string_view status) {
  Occupants& occupants = rooms_occupants_[room];
  const std::string full = occupants[nick];
  occupants.erase(nick);
  schedule_.note("foreign room: " + full + " is out " + std::string(status));
  const Occupants present = occupants;
  for (const auto& [other, who] : present) send(presence(room, nick, who, false, status));
  if (status.empty()) send(presence(room, nick, full, false, "110"));
}

void ForeignRooms::on_groupchat(const xmpp::Stanza& stanza) {
  const std::string room(stanza.to.bare_text());
  const std::string nick = nick_of(room, stanza.from.text());
  if (nick.empty()) {
    watch_.lost(stanza);  // its sender is told, and need not try again
    return refuse(stanza, "not-acceptable");
  }
  std::string content;
  for (const xmpp::Element& child : stanza.element().children()) content += xmpp::to_xml(child);
  content += "<stanza-id xmlns='" + std::string(kStanzaIdNs) + "' by='" + room + "' id='" +
             schedule_.token(16) + "'/>";
  const std::string body = body_of(stanza.element());
  if (stanza.from.domain() == kTeam) {
    watch_.reached_foreign_room(stanza);
  } else if (!body.empty()) {
    watch_.said_in_foreign_room(body);
  }
  schedule_.note("foreign room: " + nick + " says «" + body + "»");
  logs_[room].push_back({nick, std::string(stanza.id), content, schedule_.wall()});
  const Occupants present = rooms_occupants_[room];
  for (const auto& [other, who] : present) {
    send(build("message", room + "/" + nick, who, "groupchat", stanza.id, content));
  }
}

void ForeignRooms::on_iq(const xmpp::Stanza& stanza) {
  if (!stanza.is_request()) return;
  const std::string room(stanza.to.bare_text());
  const auto answer = [&](std::string_view content) {
    send(build("iq", stanza.to.text(), stanza.from.text(), "result", stanza.id, content));
  };
  if (stanza.child("query", kDiscoNs) != nullptr && stanza.to.is_bare()) {
    return answer("<query xmlns='" + std::string(kDiscoNs) +
                  "'><identity category='conference' type='text' name='Lobby'/><feature var='" +
                  std::string(kMucNs) + "'/></query>");
  }
  const bool own = nick_of(room, stanza.from.text()) == stanza.to.resource();
  if (stanza.child("ping", kPingNs) != nullptr && !stanza.to.is_bare()) {
    return own ? answer({}) : refuse(stanza, "not-acceptable");
  }
  refuse(stanza, "service-unavailable");
}

}  // namespace hansa::sim::hosts
