#include "modules/rooms/vouching.h"

#include <algorithm>

#include "xep-spec/act_as.h"
#include "xep-spec/xep_0030_disco.h"

namespace hansa::rooms {
namespace {

constexpr std::size_t kIdLength = 20;
// Requests to one room that wait for discovery at once: whoever is dropped asks again.
constexpr std::size_t kWaiting = 8;

bool is_identity(const xmpp::Stanza& answer) {
  if (answer.is_error() || answer.payload() == nullptr) return false;
  const auto info = xep_0030::parse_info(*answer.payload());
  return info && info->has_feature(xep_act_as::kNs);
}

}  // namespace

void Vouching::ask(engine::RoomTurn& turn, const xmpp::Stanza& request) {
  auto& waiting = waiting_[turn.room().log_id()];
  std::erase_if(waiting, [&](const Waiting& one) {
    return one.request.from.bare_text() == request.from.bare_text();
  });
  if (waiting.size() >= kWaiting) waiting.erase(waiting.begin());
  waiting.push_back({random_token(turn.random(), kIdLength), request});
  std::string stanza;
  xmpp::write_stanza(stanza,
                     {.kind = xmpp::StanzaKind::iq,
                      .type = "get",
                      .from = turn.room().address().text(),
                      .to = request.from.bare_text(),
                      .id = waiting.back().id,
                      .lang = {}},
                     xmpp::written(xep_0030::Info{}));
  turn.answer_later();
  turn.send(std::move(stanza));
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
