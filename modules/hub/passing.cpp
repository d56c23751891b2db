// What the hub passes on and does not keep: pages of lists, directed lanes, presence.

#include "base/limits.h"
#include "modules/hub/parts.h"

namespace hansa::hub {

void Hub::Parts::on_fetch(RoomTurn& turn, const std::string& link, const xsr::Fetch& fetch) {
  const auto& log = turn.state<SharedLog>();
  const auto* part = log.participant(link);
  if (!log.exists() || log.log() != fetch.log) {
    return problem(turn, link, turn.room().address().text(), Error(Condition::item_not_found));
  }
  if (part == nullptr) {  // it is not let in yet
    return problem(turn, link, turn.room().address().text(), Error(Condition::gone));
  }
  if (!part->active()) return tell_gone(turn, link, Has::place);  // it has left since
  // It stands where only an earlier hub was, and will be told so: our list beside its history
  // would be the list of neither.
  if (fetch.stands && log.position_of(*fetch.stands) == 0) return;
  xsr::List list{fetch.room, fetch.log, fetch.after, log.list_version(), true, {}, {}, fetch.id};
  const auto& records = log.records();
  for (auto one = records.upper_bound(fetch.after); one != records.end(); ++one) {
    if (one->second.operation.affiliation == "none") continue;
    if (list.records.size() == limits::kListPage) {
      list.complete = false;
      break;
    }
    list.records.push_back(one->second);
  }
  if (list.complete) list.digest = log.digest();
  send(turn, link, list);
}

void Hub::Parts::on_directed(RoomTurn& turn, const std::string& link, const xsr::Frame& frame) {
  const auto& log = turn.state<SharedLog>();
  const auto* directed = std::get_if<xsr::Directed>(&frame);
  const auto* ack = std::get_if<xsr::DirectedAck>(&frame);
  const std::string& sender = directed != nullptr ? directed->from : ack->to;
  const std::string& receiver = directed != nullptr ? directed->to : ack->from;
  const std::string& its_log = directed != nullptr ? directed->log : ack->log;
  if (!log.exists() || log.log() != its_log || sender != link) return;
  const auto* from = log.participant(sender);
  const auto* to = log.participant(receiver);
  const auto state = links.find(receiver);
  if (from == nullptr || to == nullptr || !from->active() || !to->active()) {
    // Who has left is not written to: it is done with, and its lane goes on.
    if (directed == nullptr) return;
    return send(turn, link,
                xsr::DirectedAck{directed->room, directed->log, directed->from, directed->to,
                                 directed->incarnation, directed->number});
  }
  // Who is away is told by nobody: its sender has it until it is acknowledged.
  if (state != links.end() && state->second.up) send(turn, receiver, frame);
}

void Hub::Parts::on_passing(RoomTurn& turn, const std::string& link, const xsr::Passing& frame) {
  const auto& log = turn.state<SharedLog>();
  const auto* from = log.participant(link);
  if (!log.exists() || from == nullptr || !from->active()) return;
  xsr::Passing out = frame;
  out.link = link;
  for (const auto& [other, part] : log.participants()) {
    if (other == link || !part.active() || !turn.has_room(other)) continue;
    send(turn, other, out);
  }
}

}  // namespace hansa::hub
