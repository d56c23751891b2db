#include "engine/router.h"

#include <array>

namespace hansa::engine {
namespace {

constexpr std::array<std::string_view, 9> kTargetNames{
    "rooms-service", "identities-service", "room",        "occupant", "identity",
    "identity-peer", "shared-service",     "shared-room", "link"};

std::string key_of(Target target, xmpp::StanzaKind kind, std::string_view type,
                   std::string_view name, std::string_view ns) {
  std::string key(kTargetNames[static_cast<std::size_t>(target)]);
  for (const std::string_view part : {xmpp::name_of(kind), type, name, ns}) {
    key += ' ';
    key += part;
  }
  return key;
}

Error claimed(const std::string& key) {
  return Error(Condition::conflict, "two modules claim the row «" + key + "»");
}

template <typename Table, typename Handler>
Status add_once(Table& table, std::string key, Handler handler) {
  const auto [place, added] = table.try_emplace(std::move(key), std::move(handler));
  if (!added) return claimed(place->first);
  return Done{};
}

// The most specific row for that stanza.
template <typename Table>
const typename Table::mapped_type* find_row(const Table& table, Target target,
                                            const xmpp::Stanza& stanza) {
  const auto look = [&](std::string_view type, std::string_view name, std::string_view ns) {
    const auto place = table.find(key_of(target, stanza.kind, type, name, ns));
    return place == table.end() ? nullptr : &place->second;
  };
  for (const xmpp::Element& child : stanza.element().children()) {
    if (const auto* row = look(stanza.type, child.name(), child.ns())) return row;
    if (const auto* row = look(stanza.type, "", child.ns())) return row;
    if (const auto* row = look("", child.name(), child.ns())) return row;
    if (stanza.kind == xmpp::StanzaKind::iq) break;  // its first child is its payload
  }
  if (const auto* row = look(stanza.type, "", "")) return row;
  return look("", "", "");
}

template <typename Table>
const typename Table::mapped_type* find_key(const Table& table, std::string_view key) {
  const auto place = table.find(key);
  return place == table.end() ? nullptr : &place->second;
}

bool is_service(Target target) {
  return target == Target::rooms_service || target == Target::identities_service ||
         target == Target::shared_service || target == Target::link;
}

}  // namespace

Status Router::add(Row row, ServiceHandler handler) {
  assert(is_service(row.target));
  add_feature(row.target, row.feature);
  return add_once(services_, key_of(row.target, row.kind, row.type, row.name, row.ns),
                  std::move(handler));
}

Status Router::add(Row row, RoomHandler handler) {
  assert(!is_service(row.target));
  add_feature(row.target, row.feature);
  return add_once(rooms_, key_of(row.target, row.kind, row.type, row.name, row.ns),
                  std::move(handler));
}

Status Router::add_passed(std::string topic, PassedHandler handler) {
  return add_once(passed_, std::move(topic), std::move(handler));
}
Status Router::add_letter(std::string topic, LetterHandler handler) {
  return add_once(letters_, std::move(topic), std::move(handler));
}
Status Router::add_timer(std::string prefix, TimerHandler handler) {
  return add_once(timers_, std::move(prefix), std::move(handler));
}
Status Router::add_answer(std::string topic, AnswerHandler handler) {
  return add_once(answers_, std::move(topic), std::move(handler));
}
void Router::add_life(LifeHandler handler) { life_.push_back(std::move(handler)); }
void Router::add_link(LinkHandler handler) { links_.push_back(std::move(handler)); }
void Router::add_room_link(RoomLinkHandler handler) { room_links_.push_back(std::move(handler)); }

void Router::add_feature(Target target, std::string feature) {
  if (!feature.empty()) features_[target].insert(std::move(feature));
}

const ServiceHandler* Router::service(Target target, const xmpp::Stanza& stanza) const {
  return find_row(services_, target, stanza);
}
const RoomHandler* Router::room(Target target, const xmpp::Stanza& stanza) const {
  return find_row(rooms_, target, stanza);
}
const PassedHandler* Router::passed(std::string_view topic) const {
  return find_key(passed_, topic);
}
const LetterHandler* Router::letter(std::string_view topic) const {
  return find_key(letters_, topic);
}
const TimerHandler* Router::timer(std::string_view name) const {
  return find_key(timers_, name.substr(0, name.find('/')));
}
const AnswerHandler* Router::answer(std::string_view topic) const {
  return find_key(answers_, topic);
}

const std::set<std::string>& Router::features(Target target) const {
  static const std::set<std::string> kNone;
  const auto place = features_.find(target);
  return place == features_.end() ? kNone : place->second;
}

void Router::add_reading(std::string ns_or_topic) { readings_.insert(std::move(ns_or_topic)); }

bool Router::only_reads(const Passed& passed) const { return readings_.contains(passed.topic); }

bool Router::only_reads(const xmpp::Stanza& request) const {
  const xmpp::Element* const payload = request.payload();
  return payload != nullptr && readings_.contains(payload->ns());
}

}  // namespace hansa::engine
