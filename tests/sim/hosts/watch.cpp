// What leaves the node.
#include "tests/sim/hosts/watch.h"

#include <algorithm>
#include <array>
#include <utility>

namespace hansa::sim::hosts {
namespace {

constexpr std::array<std::string_view, 3> kNames = {"alice", "annegret", "carol"};
constexpr std::array<std::string_view, 5> kSecrets = {"@a.example", "Nick-", "res-", "cid-",
                                                      "oid-"};
const std::string kDurable = "nothing leaves before it is on disk";
const std::string kEntitled = "only who is entitled is sent anything";
const std::string kPrivate = "nothing of a member leaves for others";

bool names_an_id(const xmpp::Element& element, const std::set<std::string>& ids) {
  if (ids.contains(std::string(element.attr("id")))) return true;
  return std::any_of(element.children().begin(), element.children().end(),
                     [&](const xmpp::Element& child) { return names_an_id(child, ids); });
}

// Not as letters of a random token: one in some ten million has such a name in it.
bool is_named(std::string_view xml, std::string_view name) {
  constexpr std::size_t kToken = 16;
  const auto of_a_token = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '2' && c <= '7'); };
  for (auto at = xml.find(name); at != std::string_view::npos; at = xml.find(name, at + 1)) {
    std::size_t from = at;
    std::size_t to = at + name.size();
    while (from > 0 && of_a_token(xml[from - 1])) --from;
    while (to < xml.size() && of_a_token(xml[to])) ++to;
    if (to - from < kToken) return true;
  }
  return false;
}

}  // namespace

void Watch::leaves(const xmpp::Stanza& stanza) {
  if (is_outside(stanza.to.domain())) check_private(stanza);
  if (stanza.from.domain() != kRooms || stanza.to.is_bare()) return;
  const std::string room(stanza.from.bare_text());
  const std::string& full = stanza.to.text();
  if (stanza.kind == xmpp::StanzaKind::presence && has_status(stanza.element(), "110")) {
    const bool in = stanza.type.empty();
    // The note may be gone by now, if what ended it is behind this in the link's line.
    const bool news = !std::exchange(shown_in_[{full, room}], in) && in;
    if (!news || stopping_ || ending_.contains({full, room})) return;
    const Ledger::Room* const log = ledger_.room(room);
    const bool was_banned = log != nullptr && log->was_banned(bare_of(full));
    const auto kick = kicks_.find({bare_of(full), room});
    const bool was_kicked =
        kick != kicks_.end() && schedule_.mono() < kick->second + Millis(60'000);
    const bool noted =
        was_banned || was_kicked || ledger_.note(room, "session/" + full).has_value();
    judge_.check(noted, kDurable, full + " is shown to be in " + room);
  } else if (stanza.kind == xmpp::StanzaKind::message && stanza.type == "groupchat") {
    check_durable(stanza);
  }
}

void Watch::check_durable(const xmpp::Stanza& stanza) {
  const std::string room(stanza.from.bare_text());
  const std::string& full = stanza.to.text();
  const std::string sid = stanza_id_by(stanza.element(), room);
  if (sid.empty()) return;
  const Ledger::Room* const log = ledger_.room(room);
  const auto place = log == nullptr ? std::map<std::string, Position>::const_iterator()
                                    : log->by_stanza_id.find(sid);
  const bool durable = log != nullptr && place != log->by_stanza_id.end();
  judge_.check(durable, kDurable, room + " " + sid + " «" + body_of(stanza.element()) + "»");
  if (!durable) return;
  // Who was in and went may be sent what was decided before he did.
  const bool in = shown_in_[{full, room}] || ending_.contains({full, room}) ||
                  ledger_.note(room, "session/" + full).has_value();
  const bool banned = log->banned_at(bare_of(full)) < place->second;
  judge_.check(in && !banned, kEntitled,
               full + " in " + room + " «" + body_of(stanza.element()) + "»");
  const auto [written, fresh] = inboxes[{full, room}].written.try_emplace(sid);
  if (fresh) return;
  const Position live = ledger_.live(room);
  written->second = std::min(written->second.value_or(live), live);
}

void Watch::check_private(const xmpp::Stanza& stanza) {
  const std::string xml = xmpp::to_xml(stanza.element());
  for (const std::string_view name : kNames) judge_.check(!is_named(xml, name), kPrivate, xml);
  for (const std::string_view secret : kSecrets) {
    judge_.check(xml.find(secret) == std::string::npos, kPrivate, xml);
  }
  judge_.check(!names_an_id(stanza.element(), ledger_.stanza_ids()), kPrivate, xml);
}

void Watch::arrives(const xmpp::Stanza& stanza) {
  if (stanza.to.domain() == kRooms) {
    const Pair key{stanza.from.text(), std::string(stanza.to.bare_text())};
    const bool joins = stanza.kind == xmpp::StanzaKind::presence && stanza.type.empty();
    if (joins) ending_.erase(key);
    if (stanza.type == "unavailable" || stanza.is_error()) ending_.insert(key);
  }
  if (!stanza.is_error() || stanza.kind != xmpp::StanzaKind::message) return;
  schedule_.note("node: is told " + condition_of(stanza) + " of " + std::string(stanza.id) +
                 " by " + stanza.from.text());
}

void Watch::lost(const xmpp::Stanza& stanza) {
  const std::string body = body_of(stanza.element());
  if (!body.empty()) lost_bodies.insert(body);
}

void Watch::received_by_identity(const std::string& identity, const std::string& peer,
                                 const std::string& body) {
  acknowledged(conversation_of(identity.substr(0, identity.find('@')), peer), body);
}

void Watch::reached_foreign_room(const xmpp::Stanza& message) {
  const std::string body = body_of(message.element());
  judge_.check(++at_foreign_room[body] == 1, "a foreign room hears each message once", body);
}

// It is owed from the moment on at which the node knows that it is in there.
void Watch::said_in_foreign_room(const std::string& body) {
  const Ledger::Room* const log = ledger_.room(conversation_of("support", "lobby@muc.b.example"));
  if (log == nullptr) return;
  const bool in = std::any_of(log->lines.begin(), log->lines.end(), [](const Line& line) {
    return line.kind == engine::EntryKind::peer_joined;
  });
  if (in) foreign_said_.push_back(body);
}

bool Watch::was_troubled(MonoTime from, Millis time) const {
  return std::any_of(troubles_.begin(), troubles_.end(),
                     [&](MonoTime t) { return t + Millis(2000) >= from && t <= from + time; });
}

bool Watch::was_troubled_before() const {
  return !troubles_.empty() && schedule_.mono() < troubles_.back() + Millis(60'000);
}

}  // namespace hansa::sim::hosts
