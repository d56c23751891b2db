// Ordering: what nodes send up is judged, given its order, and appended; repeats are dropped by
// their origin.

#include <algorithm>

#include "base/limits.h"
#include "modules/hub/parts.h"

namespace hansa::hub {
namespace {

bool hub_only(std::string_view kind) {
  return kind == xsr::kKindEpoch || kind == xsr::kKindEnterprise || kind == xsr::kKindRefused ||
         kind == xsr::kKindGap;
}

}  // namespace

xsr::Item Hub::Parts::own_item(RoomTurn& turn, std::string_view kind, std::string payload) {
  xsr::Item item;
  item.kind = kind;
  const auto& log = turn.state<SharedLog>();
  item.origin = {settings.domain, incarnation, log.next_number(settings.domain, incarnation)};
  item.stamp = turn.now();
  item.id = random_token(turn.random(), 20);
  item.salt = shared_log::random_digits(turn.random());
  item.payload = std::move(payload);
  return item;
}

// The next one in this epoch, or the first of its own.
void Hub::Parts::order(RoomTurn& turn, xsr::Item item) {
  const auto& log = turn.state<SharedLog>();
  if (item.order == xsr::Version{}) {
    item.order = {log.version().epoch, log.version().sequence + 1};
  }
  item.after.reset();
  if (item.kind == xsr::kKindOperation) {
    const auto operation = xsr::read_operation(item.payload);
    if (operation) item.digest = log.digest_with({*operation, item.origin, item.order});
  }
  const std::string chain =
      xsr::next_chain(log.point().chain, log.log(), item.order, xsr::item_hash(item));
  turn.append(shared_log::to_entry({std::move(item), chain, false}));
  write_index(turn);
  arm(turn);
}

// Nothing is ordered in a room before the epoch of this start has begun there: an order that a
// crash or an old backup took from us is never given twice.
void Hub::Parts::begin_epoch(RoomTurn& turn) {
  const auto& log = turn.state<SharedLog>();
  if (!log.epochs().empty() && log.epochs().back().maker == incarnation) return;
  xsr::Epoch epoch;
  const std::uint64_t low = random_number(turn.random()) & 0xffffffffU;
  epoch.epoch = (((log.version().epoch >> 32) + 1) << 32) | low;
  epoch.key = shared_log::random_digits(turn.random());
  epoch.follows = log.point();
  xsr::Item item = own_item(turn, xsr::kKindEpoch, xsr::to_payload(epoch));
  item.order = {epoch.epoch, 0};
  const std::string chain =
      xsr::next_chain(log.point().chain, log.log(), item.order, xsr::item_hash(item));
  turn.append(shared_log::to_entry({std::move(item), chain, false}));
  turn.state<Watch>().offered.clear();
  write_index(turn);
  arm(turn);
}

// The enterprise of that person takes part from now on, if it did not. False: it cannot.
bool Hub::Parts::admit(RoomTurn& turn, const std::string& jid) {
  const Enterprise* enterprise = enterprise_of(jid);
  if (enterprise == nullptr) return false;
  const auto* part = turn.state<SharedLog>().participant(enterprise->link);
  if (part != nullptr && part->active()) return true;
  turn.state<Watch>().offered.erase(enterprise->link);
  const LinkState& link = links.find(enterprise->link)->second;
  if (link.key.empty()) return false;
  if (turn.state<SharedLog>().participants().size() >= limits::kEnterprises) return false;
  follow(turn, enterprise->link, true);
  order(turn, own_item(turn, xsr::kKindEnterprise,
                       xsr::to_payload(xsr::Enterprise{enterprise->link, enterprise->domains,
                                                       link.key, link.format})));
  return true;
}

Status Hub::Parts::judge(const SharedLog& log, const xsr::Item& item) {
  if (hub_only(item.kind)) {
    return Error(Condition::bad_request, "Only the hub makes items of that kind.");
  }
  if (item.must_understand) {
    for (const auto& [link, part] : log.participants()) {
      if (part.active() && part.what.format < item.format) {
        return Error(Condition::feature_not_implemented, link + " cannot read that.");
      }
    }
  }
  if (item.kind != xsr::kKindOperation) return Done{};
  const auto operation = xsr::read_operation(item.payload);
  if (!operation) return operation.error();
  if (!settings.wrong.accept_unsigned) {
    if (Status good = shared_log::check_signature(log, *operation, item.origin, pinned); !good) {
      ++counts.bad_signatures;
      return good;
    }
  }
  if (Status good = shared_log::check_right(log, *operation); !good) return good;
  const Enterprise* enterprise = enterprise_of(operation->jid);
  if (enterprise == nullptr || links.find(enterprise->link)->second.key.empty()) {
    if (operation->affiliation == "none" || operation->affiliation == "outcast") return Done{};
    return Error(Condition::recipient_unavailable,
                 "That enterprise is not in this federation, or was never seen here.");
  }
  return Done{};
}

void Hub::Parts::on_entry(RoomTurn& turn, const std::string& link, const xsr::Entry& frame) {
  const auto& log = turn.state<SharedLog>();
  const std::string address = turn.room().address().text();
  if (!log.exists() || log.log() != frame.log) {
    return problem(turn, link, address, Error(Condition::item_not_found));
  }
  const xsr::Item& item = frame.item;
  const auto* part = log.participant(link);
  if (part == nullptr && (item.kind != xsr::kKindOperation || !judge(log, item))) {
    return problem(turn, link, address, Error(Condition::not_allowed));
  }
  if (log.has(item.origin) && !settings.wrong.skip_repeats) {
    begin_epoch(turn);
    ++counts.repeats;
    return;
  }
  if (item.origin.link == link && item.after && !log.has(*item.after) &&
      !settings.wrong.out_of_order) {
    begin_epoch(turn);
    return send(turn, link, xsr::Again{frame.room, frame.log});
  }
  begin_epoch(turn);
  if (item.origin.link != link) {
    // Another's item: taken as long as this node offers what an earlier hub had ordered.
    const auto& offered = turn.state<Watch>().offered;
    const auto done = offered.find(link);
    if (done != offered.end() && done->second == log.version().epoch) {
      ++counts.refused;
      turn.log(LogLevel::warning, address + ": " + link + " sends an item of another enterprise");
      return problem(turn, link, address, Error(Condition::not_allowed));
    }
  }
  Status good = judge(log, item);
  if (good && part != nullptr && !part->active()) {
    good = Error(Condition::not_allowed, "Nobody of yours is in that room any more.");
  }
  if (!good) {
    ++counts.refused;
    turn.log(LogLevel::warning,
             address + ": an item of " + link + " is refused: " + good.error().text);
    xsr::Item refused = item;
    refused.kind = xsr::kKindRefused;
    refused.format = xsr::kFormat;
    refused.must_understand = false;
    refused.salt = shared_log::random_digits(turn.random());
    refused.hash.clear();
    refused.id = item.id.empty() ? random_token(turn.random(), 20) : item.id;
    refused.order = {};
    refused.payload = xsr::to_payload(
        xsr::Refused{std::string(row_of(good.error().condition).element), good.error().text});
    return order(turn, std::move(refused));
  }
  if (item.kind == xsr::kKindOperation) {
    const auto operation = xsr::read_operation(item.payload);
    if (operation->affiliation != "none" && operation->affiliation != "outcast") {
      admit(turn, operation->jid);
    }
  }
  xsr::Item ordered = item;
  ordered.order = {};
  order(turn, std::move(ordered));
}

void Hub::Parts::on_create(RoomTurn& turn, const std::string& link, const xsr::Create& frame) {
  const auto answer = [&](Condition condition) {
    send(turn, link,
         xsr::Created{frame.room, frame.log, frame.id, frame.user,
                      std::string(row_of(condition).element)});
  };
  const auto& log = turn.state<SharedLog>();
  if (log.exists()) {
    if (log.log() != frame.log) return answer(Condition::conflict);
    return send(turn, link, xsr::Created{frame.room, frame.log, frame.id, frame.user, {}});
  }
  const auto operation = xsr::read_operation(frame.item.payload);
  const Enterprise* enterprise = operation ? enterprise_of(operation->actor) : nullptr;
  const auto place = links.find(link);
  const bool first = operation && operation->jid == operation->actor &&
                     operation->affiliation == "owner" && frame.item.origin.link == link &&
                     frame.item.kind == xsr::kKindOperation;
  if (!first || enterprise == nullptr || enterprise->link != link || place == links.end() ||
      place->second.key.empty()) {
    return answer(Condition::not_allowed);
  }
  // Judged before anything is written: a room begins with an operation that counts.
  SharedLog fresh;
  engine::Entry created;
  created.kind = engine::EntryKind::created;
  created.shared.bytes = shared_log::encode(shared_log::Created{frame.log, settings.domain});
  fresh.apply(created);
  engine::Entry told;
  told.position = 2;
  told.kind = engine::EntryKind::welcomed;
  told.shared.bytes = shared_log::encode(shared_log::Welcomed{
      {}, {}, {{link, enterprise->domains, place->second.key, place->second.format}}});
  fresh.apply(told);
  if (!judge(fresh, frame.item)) return answer(Condition::not_authorized);

  turn.append(engine::EntryKind::created, created.shared);
  begin_epoch(turn);
  admit(turn, operation->actor);
  xsr::Item item = frame.item;
  item.order = {};
  order(turn, std::move(item));
  send(turn, link, xsr::Created{frame.room, frame.log, frame.id, frame.user, {}});
}

// When every enterprise has offered what it has, a hole is a loss: it is said so in the log, and
// what would fill it later is a repeat.
void Hub::Parts::on_offered(RoomTurn& turn, const std::string& link, const xsr::Offered& frame) {
  const auto& log = turn.state<SharedLog>();
  if (!log.exists() || log.log() != frame.log) return;
  if (frame.epoch != log.version().epoch) return;
  auto& offered = turn.state<Watch>().offered;
  offered[link] = frame.epoch;
  for (const auto& [other, part] : log.participants()) {
    if (part.active() && offered[other] != frame.epoch) return;
  }
  if (log.epochs().back().maker != incarnation) return;
  for (const xsr::Gap& gap : log.holes()) {
    if (gap.first.link == settings.domain) continue;
    turn.log(LogLevel::error, turn.room().address().text() + ": items of " + gap.first.link +
                                  " are lost at every party");
    order(turn, own_item(turn, xsr::kKindGap, xsr::to_payload(gap)));
  }
}

}  // namespace hansa::hub
