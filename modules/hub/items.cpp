// Ordering: what is given its order and appended, the epochs in which that happens, who takes part,
// and who may do what. What comes from nodes: entries.cpp.

#include <algorithm>

#include "base/limits.h"
#include "modules/hub/parts.h"

namespace hansa::hub {
namespace {

// Epochs that a hub may have lost in a restore: a year of a start each day is 365.
constexpr std::uint64_t kMostLost = 1000;
constexpr Millis kPassAgain{60'000};

}  // namespace

xsr::Item Hub::Parts::own_item(RoomTurn& turn, std::string_view kind, std::string payload) {
  return shared_log::own_item(turn, settings.domain, incarnation, kind, std::move(payload));
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
  shared_log::append_item(turn, {std::move(item), chain, false});
  write_index(turn);
  arm(turn);
}

// Nothing is ordered in a room before the epoch of this start has begun there: an order that a
// crash or an old backup took from us is never given twice.
void Hub::Parts::begin_epoch(RoomTurn& turn) {
  const auto& log = turn.state<SharedLog>();
  if (!log.epochs().empty() && log.epochs().back().maker == incarnation) return;
  new_epoch(turn, log.version().epoch >> 32U);
}

// A node stands in an epoch that we lost. If ours counts no more than that one, the node takes what
// is ordered in ours for older than what it has: then another begins, which counts more. Not by
// leaps, nor again and again: the count of a room has an end.
void Hub::Parts::pass_epoch(RoomTurn& turn, std::uint64_t lost) {
  begin_epoch(turn);
  const std::uint64_t ours = turn.state<SharedLog>().version().epoch >> 32U;
  const std::uint64_t its = lost >> 32U;
  if (its < ours || its - ours > kMostLost) return;
  auto& passed = turn.state<Watch>().passed;
  if (passed && turn.mono() - *passed < kPassAgain) return;
  passed = turn.mono();
  new_epoch(turn, its);
}

void Hub::Parts::new_epoch(RoomTurn& turn, std::uint64_t after) {
  const auto& log = turn.state<SharedLog>();
  xsr::Epoch epoch;
  const std::uint64_t low = random_number(turn.random()) & 0xffffffffU;
  epoch.epoch = ((after + 1) << 32U) | low;
  epoch.key = shared_log::random_digits(turn.random());
  if (settings.wrong.digest_without_key) epoch.key.assign(epoch.key.size(), '0');
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

xsr::Item Hub::Parts::enterprise_item(RoomTurn& turn, const Enterprise& enterprise) {
  const LinkState& link = links.find(enterprise.link)->second;
  return own_item(
      turn, xsr::kKindEnterprise,
      xsr::to_payload(xsr::Enterprise{enterprise.link, enterprise.domains, link.key, link.format}));
}

// The enterprise of that person takes part from now on, if it did not. Its key is not known before
// its node's first hello in this process's life: refresh() tells it then.
void Hub::Parts::admit(RoomTurn& turn, const std::string& jid) {
  const Enterprise* enterprise = enterprise_of(jid);
  if (enterprise == nullptr) return;
  const auto* part = turn.state<SharedLog>().participant(enterprise->link);
  if (part != nullptr && part->active()) return;
  turn.state<Watch>().offered.erase(enterprise->link);
  LinkState& link = links.find(enterprise->link)->second;
  if (link.key.empty() && part != nullptr) link.key = part->what.key;
  // What it is still to be sent of the time when it took part comes first.
  const Position confirmed = turn.confirmed(group_of(enterprise->link), enterprise->link);
  follow(turn, enterprise->link, part == nullptr || confirmed == 0 || confirmed >= part->until);
  order(turn, enterprise_item(turn, *enterprise));
}

// What its node said in its hello, or the configuration, is not what the room was told of an
// enterprise: everybody is told anew.
void Hub::Parts::refresh(RoomTurn& turn, const std::string& link) {
  const auto* part = turn.state<SharedLog>().participant(link);
  const auto state = links.find(link);
  if (part == nullptr || !part->active() || state == links.end()) return;
  if (state->second.known == 0) return;  // it has not said anything yet
  const Enterprise* enterprise = configured(link);
  if (part->what.key == state->second.key && part->what.format == state->second.format &&
      part->what.domains == enterprise->domains) {
    return;
  }
  begin_epoch(turn);
  order(turn, enterprise_item(turn, *enterprise));
}

// Whether what it erases is here does not matter: it may still be offered.
Status Hub::Parts::judge_erasure(const SharedLog& log, const xsr::Item& item) {
  const auto erasure = xsr::read_erasure(item.payload);
  if (!erasure) return erasure.error();
  if (!settings.wrong.accept_unsigned) {
    if (Status good = shared_log::check_signature(log, *erasure, item.origin, pinned); !good) {
      ++counts.bad_signatures;
      return good;
    }
  }
  return shared_log::check_right(log, *erasure, item.origin);
}

Status Hub::Parts::judge(const SharedLog& log, const xsr::Item& item) {
  if (shared_log::hub_made(item.kind)) {
    return Error(Condition::bad_request, "Only the hub makes items of that kind.");
  }
  if (item.must_understand) {
    if (item.format > settings.format) {
      return Error(Condition::feature_not_implemented, "The hub cannot read that.");
    }
    for (const auto& [link, part] : log.participants()) {
      if (part.active() && part.what.format < item.format) {
        return Error(Condition::feature_not_implemented, link + " cannot read that.");
      }
    }
  }
  if (item.kind == xsr::kKindErasure) return judge_erasure(log, item);
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
  if (operation->affiliation == "none" || operation->affiliation == "outcast") return Done{};
  const Enterprise* enterprise = enterprise_of(operation->jid);
  if (enterprise == nullptr) {
    return Error(Condition::recipient_unavailable, "That enterprise is not in this federation.");
  }
  if (log.participant(enterprise->link) == nullptr &&
      log.participants().size() >= limits::kEnterprises) {
    return Error(Condition::resource_constraint, "There are too many enterprises in this room.");
  }
  return Done{};
}

}  // namespace hansa::hub
