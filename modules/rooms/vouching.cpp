#include "modules/rooms/vouching.h"

#include <algorithm>

#include "base/limits.h"
#include "xep-spec/act_as.h"
#include "xep-spec/xep_0030_disco.h"

namespace hansa::rooms {
namespace {

constexpr std::size_t kIdLength = 20;
constexpr Millis kWait{limits::kReflection_ms};
// Requests that wait for discovery at once: to one room, of one domain to it, and to all rooms that
// have such. A domain cannot keep others' out by addresses that it makes up.
constexpr std::size_t kWaiting = 16;
constexpr std::size_t kOfDomain = 2;
constexpr std::size_t kRoomsWaiting = 1024;

bool is_identity(const xmpp::Stanza& answer) {
  if (answer.is_error() || answer.payload() == nullptr) return false;
  const auto info = xep_0030::parse_info(*answer.payload());
  return info && info->has_feature(xep_act_as::kNs);
}

}  // namespace

bool Vouching::has_place(const std::vector<Waiting>& waiting, const xmpp::Stanza& request,
                         MonoTime now) {
  const auto of_domain = std::count_if(waiting.begin(), waiting.end(), [&](const Waiting& one) {
    return one.request.from.domain() == request.from.domain();
  });
  if (waiting.size() >= kWaiting || static_cast<std::size_t>(of_domain) >= kOfDomain) return false;
  if (waiting_.size() < kRoomsWaiting) return true;
  // Of rooms that left memory meanwhile nothing comes any more.
  std::erase_if(waiting_, [&](const auto& room) {
    return room.second.empty() || now - room.second.back().since > 2 * kWait;
  });
  return waiting_.size() < kRoomsWaiting;
}

void Vouching::ask(engine::RoomTurn& turn, const xmpp::Stanza& request) {
  const auto known = waiting_.find(turn.room().log_id());
  std::vector<Waiting> waiting;
  if (known != waiting_.end()) waiting = std::move(known->second);
  const MonoTime now = turn.mono();
  std::erase_if(waiting, [&](const Waiting& one) { return now - one.since > 2 * kWait; });
  // Asked once more: the newer one is answered.
  const auto before = std::find_if(waiting.begin(), waiting.end(), [&](const Waiting& one) {
    return one.request.from.bare_text() == request.from.bare_text();
  });
  if (before != waiting.end()) {
    turn.send(xmpp::error_answer(before->request, Error(Condition::resource_constraint)));
    waiting.erase(before);
  }
  const bool has = has_place(waiting, request, now);
  if (has) waiting.push_back({random_token(turn.random(), kIdLength), request, now});
  const std::string id = has ? waiting.back().id : std::string();
  if (waiting.empty()) {
    waiting_.erase(turn.room().log_id());
  } else {
    waiting_[turn.room().log_id()] = std::move(waiting);
  }
  if (!has) {
    return turn.refuse(Error(Condition::resource_constraint,
                             "Too many rooms ask at once; please try again in a while."));
  }
  std::string stanza;
  xmpp::write_stanza(stanza,
                     {.kind = xmpp::StanzaKind::iq,
                      .type = "get",
                      .from = turn.room().address().text(),
                      .to = request.from.bare_text(),
                      .id = id,
                      .lang = {}},
                     xmpp::written(xep_0030::Info{}));
  turn.answer_later();
  turn.send(std::move(stanza));
  turn.wake(std::string(kVouchingWake), kWait);
}

void Vouching::on_wake(engine::RoomTurn& turn) {
  const auto room = waiting_.find(turn.room().log_id());
  if (room == waiting_.end()) return;
  for (const Waiting& one : room->second) {
    if (turn.mono() - one.since < kWait) continue;
    turn.send(xmpp::error_answer(one.request, Error(Condition::remote_server_timeout)));
  }
  std::erase_if(room->second, [&](const Waiting& one) { return turn.mono() - one.since >= kWait; });
  if (room->second.empty()) {
    waiting_.erase(room);
    return;
  }
  turn.wake(std::string(kVouchingWake), kWait - (turn.mono() - room->second.front().since));
}

bool Vouching::on_answer(engine::RoomTurn& turn, const xmpp::Stanza& iq) {
  const auto room = waiting_.find(turn.room().log_id());
  if (room == waiting_.end()) return false;
  auto& waiting = room->second;
  const auto asked = std::find_if(waiting.begin(), waiting.end(), [&](const Waiting& one) {
    // His service, not a client of his.
    return one.id == iq.id && iq.from.is_bare() && one.request.from.bare_text() == iq.from.text();
  });
  if (asked == waiting.end()) return false;
  engine::Passed passed{std::string(kVouchedTopic), std::move(asked->request), {}, {}};
  if (is_identity(iq)) passed.params[std::string(kVouchedParam)] = "1";
  waiting.erase(asked);
  if (waiting.empty()) waiting_.erase(room);
  turn.pass(std::move(passed));
  return true;
}

}  // namespace hansa::rooms
