#include "tests/sim/links/watch.h"

#include <algorithm>
#include <utility>

#include "tests/sim/links/ledger_room.h"
#include "tests/sim/xml.h"
#include "xep-spec/xep_0424_retraction.h"

namespace hansa::sim::links {
namespace {

constexpr std::string_view kNotice = "-refused";  // says that a message was
constexpr Millis kOnItsWay(-300);  // when it left the node, seen from when its host took it
constexpr auto kOnlyTo = "only those get a message who are in the list where it is appended";

}  // namespace

void Watch::says(std::size_t node, const std::string& by, const std::string& room,
                 const std::string& body) {
  said_[body] = Said{room, node, by, {}, schedule_.mono(), false};
}

void Watch::sends(Sent sent, const std::string& body) {
  const Ledger::Room* hub = ledger_.room(0, sent.room);
  sent.hub_at = hub == nullptr ? 0 : hub->last();
  sent_[body] = std::move(sent);
}

void Watch::asks(const std::string& id, Asked asked) {
  ledger_.may_ask(asked);
  asked_[id] = std::move(asked);
}

void Watch::erases(const std::string& id, Erasing erasing) {
  erasings_.insert(erasing);
  asked_to_erase_[id] = std::move(erasing);
}

bool Watch::was_troubled(std::size_t party, MonoTime from, Millis time) const {
  const auto found = troubles_.find(party);
  if (found == troubles_.end()) return false;
  return std::any_of(found->second.begin(), found->second.end(),
                     [&](MonoTime at) { return at >= from && at <= from + time; });
}

const Watch::Inbox* Watch::inbox(const std::string& bare, const std::string& room) const {
  const auto found = inboxes_.find({bare, room});
  return found == inboxes_.end() ? nullptr : &found->second;
}

// The iq with that id is answered with a result.
void Watch::answers(std::size_t node, const std::string& id) {
  constexpr auto kDurable = "what is acknowledged is durable";
  if (const auto asked = asked_.find(id); asked != asked_.end()) {
    const Ledger::Room* room = ledger_.room(node, asked->second.room);
    judge_.check(room != nullptr && room->has_operation(asked->second), kDurable,
                 "list change " + id);
  }
  if (const auto asked = asked_to_erase_.find(id); asked != asked_to_erase_.end()) {
    const Ledger::Room* room = ledger_.room(node, asked->second.room);
    judge_.check(room != nullptr && room->erasures.contains(asked->second.id), kDurable,
                 "erasure " + id);
  }
}

// Nothing leaves before it is durable; nobody else gets it.
void Watch::leaves(std::size_t node, const xmpp::Stanza& stanza) {
  if (stanza.kind == xmpp::StanzaKind::iq) {
    if (stanza.type == "result") answers(node, std::string(stanza.id));
    return;
  }
  if (stanza.kind != xmpp::StanzaKind::message || stanza.type != "groupchat") return;
  if (stanza.id.ends_with(kNotice)) return;
  const std::string address(stanza.from.bare_text());
  const std::string to(stanza.to.bare_text());
  const Ledger::Room* room = ledger_.room(node, address);
  const auto position = room == nullptr ? 0 : room->position_of(std::string(stanza.id));
  judge_.check(position > 0, "nothing leaves before it is on disk",
               std::string(stanza.id) + " to " + to + ": " + body_of(stanza.element()));
  if (position == 0) return;
  // While the list was fetched nobody was told anything: whom it is for is said by the whole list,
  // which may have changed again since.
  engine::Position known = position;
  while (known < room->last() && room->at(known).syncing) ++known;
  const Names& members = room->at(known).members;
  judge_.check(members->contains(to), kOnlyTo,
               to + " gets " + body_of(stanza.element()) + " at " + std::to_string(position));
}

void Watch::taken(std::size_t node, const xmpp::Stanza& stanza) {
  const std::string to(stanza.to.bare_text());
  if (stanza.kind == xmpp::StanzaKind::iq) {
    if (stanza.type == "result") answered_ok_.insert(std::string(stanza.id));
    asked_.erase(std::string(stanza.id));
    asked_to_erase_.erase(std::string(stanza.id));
    return;
  }
  if (stanza.kind != xmpp::StanzaKind::message) return;
  if (stanza.type == "groupchat" && stanza.id.ends_with(kNotice)) return;
  if (stanza.type == "groupchat") return take_message(node, stanza);
  if (stanza.type == "chat") take_directed(to, body_of(stanza.element()));
}

void Watch::take_message(std::size_t node, const xmpp::Stanza& stanza) {
  const std::string to(stanza.to.bare_text());
  const std::string address(stanza.from.bare_text());
  const std::string id(stanza.id);
  const std::string body = body_of(stanza.element());
  schedule_.note(to + " gets " + body + " in " + address +
                 (is_delayed(stanza.element()) ? " (late)" : ""));
  Inbox& inbox = inboxes_[{to, address}];
  const auto [place, fresh] = inbox.got.try_emplace(id, schedule_.mono());
  if (!fresh) {
    // A node that was restored does not know what it sent before.
    const MonoTime before = std::exchange(place->second, schedule_.mono());
    const auto restored = restored_.find(node);
    const bool unknown = restored != restored_.end() && restored->second >= before;
    const MonoTime left = before + kOnItsWay;
    const bool troubled = was_troubled(node, left, schedule_.mono() - left);
    judge_.check(unknown || (is_delayed(stanza.element()) && troubled),
                 "an entry comes once, and again only after trouble, and marked",
                 to + " gets again " + body);
    return;
  }
  const Ledger::Room* room = ledger_.room(node, address);
  const auto position = room == nullptr ? 0 : room->position_of(id);
  if (position > 0) {  // a restore may have taken it away meanwhile
    judge_.check(position > inbox.last, "deliveries are in the order of positions",
                 to + " gets " + body + " at " + std::to_string(position) + " after " +
                     std::to_string(inbox.last));
    inbox.last = position;
  }
  if (const auto* retract = stanza.element().child("retract", xep_0424::kNs)) {
    judge_.check(may_be_erased({address, std::string(retract->attr("id"))}),
                 "only what was asked to be is taken back", to + " is told by " + id);
    return;
  }
  const auto [known, first] = inbox.by_body.try_emplace(body, id);
  judge_.check(first, "nothing is delivered twice",
               to + " gets " + body + " as " + id + " and " + known->second);
  const auto said = said_.find(body);
  judge_.check(said != said_.end() && said->second.room == address, "only what was said is heard",
               body);
  if (said != said_.end() && said->second.by == to) said->second.acked = id;
}

void Watch::goes_up(const std::string& body, std::uint64_t incarnation, std::uint64_t number) {
  const auto place = sent_.find(body);
  if (place == sent_.end()) return;
  place->second.left = true;
  place->second.incarnation = incarnation;
  place->second.number = number;
}

void Watch::acknowledges(std::size_t node, std::uint64_t incarnation, std::uint64_t number) {
  for (auto& [body, sent] : sent_) {
    if (sent.to == node && sent.incarnation == incarnation && sent.number <= number) {
      sent.out = sent.out || sent.left;
    }
  }
}

void Watch::take_directed(const std::string& to, const std::string& body) {
  const auto sent = sent_.find(body);
  if (sent == sent_.end()) return;
  schedule_.note(to + " gets " + body + ", directed");
  ++sent->second.arrived;
  judge_.check(sent->second.receiver == to, "a directed message goes to its receiver",
               to + " gets " + body);
  judge_.check(sent->second.arrived == 1 || was_troubled(sent->second.to, sent->second.at,
                                                         schedule_.mono() - sent->second.at),
               "a directed message comes once", body);
}

void Watch::restored(std::size_t party) {
  if (party == 0) ledger_.note_offers();
  ledger_.forget(party);
  trouble(party);
  restored_[party] = schedule_.mono();
  for (auto& [key, inbox] : inboxes_) inbox.last = 0;
  for (auto& [body, said] : said_) {
    if (said.acked.empty() || said.excused) continue;
    bool somewhere = false;
    for (std::size_t i = 0; i < ledger_.parties() && !somewhere; ++i) {
      const Ledger::Room* room = ledger_.room(i, said.room);
      somewhere = room != nullptr && room->position_of(said.acked) > 0;
    }
    said.excused = !somewhere;
  }
}

}  // namespace hansa::sim::links
