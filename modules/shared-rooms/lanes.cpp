// Directed frames: a lane for each enterprise that is written to, kept here until its node has
// acknowledged them, and never in the log. And presence, which is kept by nobody.
//
// Notes: lane/next/<to> = last order, incarnation of the lane, last number in it, ours when that
// was written; lane/out/<to>/<order>/<incarnation>/<number> = payload; lane/in/<from> =
// incarnations and their last numbers, oldest first.

#include <algorithm>
#include <charconv>
#include <set>
#include <vector>

#include "base/crypto.h"
#include "base/limits.h"
#include "engine/letters.h"
#include "modules/shared-rooms/parts.h"
#include "xmpp/parser.h"

namespace hansa::shared_rooms {
namespace {

std::vector<std::uint64_t> numbers(std::string_view text) {
  std::vector<std::uint64_t> out;
  while (!text.empty()) {
    std::uint64_t one = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), one);
    if (error != std::errc{}) break;
    out.push_back(one);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (!text.empty()) text.remove_prefix(1);
  }
  return out;
}

constexpr std::string_view kOut = "lane/out/";
constexpr std::size_t kOrderDigits = 20;  // of any number

std::string text_of(const std::vector<std::uint64_t>& numbers) {
  std::string out;
  for (const std::uint64_t one : numbers) {
    if (!out.empty()) out += ' ';
    out += std::to_string(one);
  }
  return out;
}

std::string out_prefix(std::string_view to) { return std::string(kOut) + std::string(to) + '/'; }

struct Lane {
  std::uint64_t order;
  std::uint64_t incarnation;
  std::uint64_t number;
};
Lane lane_of(std::string_view rest) {
  const auto parts = numbers(rest);
  if (parts.size() != 3) return {};
  return {parts[0], parts[1], parts[2]};
}

// Of the lane in which what waits from `first` on is said anew. It follows from that: a node that
// is put back to before this says it anew in the same one, and what has arrived is known.
std::uint64_t incarnation_after(const Lane& first) {
  const Sha256 hash =
      sha256("hansa lane " + text_of({first.order, first.incarnation, first.number}));
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < sizeof(out); ++i) out = out << 8 | hash[i];
  return out >> 1;
}

}  // namespace

// A directed frame waits for its receiver.
bool has_lanes(const Here& here) {
  const auto first = here.lanes.lower_bound(kOut);
  return first != here.lanes.end() && first->first.starts_with(kOut);
}

void SharedRooms::Parts::say_to(RoomTurn& turn, const xmpp::Stanza& stanza) {
  if (stanza.is_error()) return;
  const std::string by(stanza.from.bare_text());
  if (const Status may = may_write(turn, by); !may) return turn.refuse(may.error());
  const auto& log = turn.state<SharedLog>();
  const std::string jid(stanza.to.resource());
  const auto* enterprise = log.enterprise_of(jid);
  if (log.affiliation(jid) == "none" || enterprise == nullptr) {
    return turn.refuse(Error(Condition::item_not_found, "There is no such member."));
  }
  std::string content;
  xmpp::Writer writer(content);
  writer.leaf("body", stanza.body());
  std::string payload;
  xmpp::write_stanza(payload,
                     {xmpp::StanzaKind::message,
                      "chat",
                      turn.room().address().text() + '/' + by,
                      jid,
                      random_token(turn.random(), 20),
                      {}},
                     content);
  if (enterprise->what.link == settings.link) return turn.send(std::move(payload));
  if (payload.size() > limits::kItemBytes) {
    return turn.refuse(Error(Condition::policy_violation, "That is too long for a shared room."));
  }
  const std::string& to = enterprise->what.link;
  auto& here = turn.state<Here>();
  std::size_t waiting = 0;
  for (auto one = here.lanes.lower_bound(out_prefix(to));
       one != here.lanes.end() && one->first.starts_with(out_prefix(to)); ++one) {
    ++waiting;
  }
  if (waiting >= limits::kLaneItems) {
    return turn.refuse(Error(Condition::resource_constraint, "That company is out of reach."));
  }
  const auto known = here.lanes.find("lane/next/" + to);
  auto next = known == here.lanes.end() ? std::vector<std::uint64_t>{} : numbers(known->second);
  next.resize(4);
  if (next[3] != incarnation) next = {next[0], incarnation, 0, incarnation};
  ++next[0];
  ++next[2];
  turn.note("lane/next/" + to, text_of(next));
  turn.note(out_prefix(to) + engine::number_text(next[0], kOrderDigits) + '/' +
                std::to_string(next[1]) + '/' + std::to_string(next[2]),
            payload);
  if (waiting == 0) waits(turn);
  if (waiting < limits::kLaneWindow) {
    send(turn, xsr::Directed{turn.room().address(), log.log(), settings.link, to, next[1], next[2],
                             payload});
  }
  arm(turn);
}

// The oldest of each lane, as many as its window takes.
void SharedRooms::Parts::send_lanes(RoomTurn& turn) {
  std::set<std::string> receivers;
  const auto& lanes = turn.state<Here>().lanes;
  for (auto one = lanes.lower_bound(kOut); one != lanes.end() && one->first.starts_with(kOut);
       ++one) {
    receivers.insert(
        one->first.substr(kOut.size(), one->first.find('/', kOut.size()) - kOut.size()));
  }
  for (const std::string& to : receivers) send_lane(turn, to, 0);
}

// What its window takes, but for the first ones, which are on their way already.
void SharedRooms::Parts::send_lane(RoomTurn& turn, const std::string& to, std::size_t on_way) {
  const std::string prefix = out_prefix(to);
  const std::string& log = turn.state<SharedLog>().log();
  const auto& lanes = turn.state<Here>().lanes;
  std::size_t place = 0;
  for (auto one = lanes.lower_bound(prefix);
       one != lanes.end() && place < limits::kLaneWindow && one->first.starts_with(prefix); ++one) {
    if (place++ < on_way) continue;
    const Lane lane = lane_of(std::string_view(one->first).substr(prefix.size()));
    send(turn, xsr::Directed{turn.room().address(), log, settings.link, to, lane.incarnation,
                             lane.number, one->second});
  }
}

void SharedRooms::Parts::on_directed(RoomTurn& turn, const xsr::Directed& directed) {
  const auto& log = turn.state<SharedLog>();
  if (!log.exists() || log.log() != directed.log || directed.to != settings.link) return;
  if (log.syncing()) return;  // who is in it is not known yet; it will come again
  const std::string name = "lane/in/" + directed.from;
  const auto& lanes = turn.state<Here>().lanes;
  const auto known = lanes.find(name);
  auto pairs = known == lanes.end() ? std::vector<std::uint64_t>{} : numbers(known->second);
  std::size_t at = 0;
  while (at + 1 < pairs.size() && pairs[at] != directed.incarnation) at += 2;
  if (at >= pairs.size()) {
    pairs.push_back(directed.incarnation);
    pairs.push_back(0);
    if (pairs.size() > 2 * limits::kLaneIncarnations) pairs.erase(pairs.begin(), pairs.begin() + 2);
    at = pairs.size() - 2;
  }
  if (directed.number == pairs[at + 1] + 1) {
    const auto stanza = xmpp::parse_element(directed.payload, xmpp::ns::kClient);
    const auto to =
        stanza ? xmpp::Jid::parse((*stanza)->root().attr("to")) : Result<xmpp::Jid>(xmpp::Jid());
    const auto from =
        stanza ? xmpp::Jid::parse((*stanza)->root().attr("from")) : Result<xmpp::Jid>(xmpp::Jid());
    // It speaks for a member of that enterprise, to one of ours, or is dropped.
    const bool good = to && from && ours(to->bare_text()) &&
                      from->bare() == turn.room().address() &&
                      log.enterprise_of(from->resource()) != nullptr &&
                      log.enterprise_of(from->resource())->what.link == directed.from;
    // Sent before it is noted: a crash between repeats it, by the same id.
    if (good) turn.send(directed.payload);
    ++pairs[at + 1];
    turn.note(name, text_of(pairs));
  }
  send(turn, xsr::DirectedAck{turn.room().address(), log.log(), directed.from, directed.to,
                              directed.incarnation, pairs[at + 1]});
}

void SharedRooms::Parts::on_directed_ack(RoomTurn& turn, const xsr::DirectedAck& acked) {
  if (acked.from != settings.link) return;
  std::vector<std::string> done;
  std::uint64_t next = 0;  // the first of that incarnation that is left
  const std::string prefix = out_prefix(acked.to);
  for (const auto& [key, payload] : turn.state<Here>().lanes) {
    if (!key.starts_with(prefix)) continue;
    const Lane lane = lane_of(std::string_view(key).substr(prefix.size()));
    if (lane.incarnation == acked.incarnation && lane.number <= acked.number) {
      done.push_back(key);
      continue;
    }
    if (lane.incarnation == acked.incarnation && next == 0) next = lane.number;
  }
  for (const std::string& key : done) turn.note(key, std::nullopt);
  if (!done.empty()) settled(turn);
  if (next > acked.number + 1) return lane_lacks(turn, acked);
  lacks.erase({turn.room().address(), acked.to, acked.incarnation});
  // The others in its window are on their way: sent with each of these again, they would be many.
  send_lane(turn, acked.to, limits::kLaneWindow - std::min(done.size(), limits::kLaneWindow));
}

// That node lacks what it had acknowledged: it was restored from a backup. Or the word is an old
// one that comes again: only one that is said again after a retry is believed.
void SharedRooms::Parts::lane_lacks(RoomTurn& turn, const xsr::DirectedAck& acked) {
  if (lacks.size() >= limits::kLanesLacking) lacks.clear();
  const LaneName lane{turn.room().address(), acked.to, acked.incarnation};
  const auto [said, fresh] = lacks.try_emplace(lane);
  if (fresh || said->second.first != acked.number) {
    said->second = {acked.number, turn.mono()};
    return arm(turn);
  }
  if (turn.mono() - said->second.second < Millis(limits::kLinkSilence_ms / 2)) return;
  lacks.erase(said);
  lane_anew(turn, acked);
}

// What waits for it in that incarnation is said in a new one, from 1 on, in the same order.
void SharedRooms::Parts::lane_anew(RoomTurn& turn, const xsr::DirectedAck& acked) {
  const std::string prefix = out_prefix(acked.to);
  std::vector<std::pair<Lane, std::string>> waiting;
  for (const auto& [key, payload] : turn.state<Here>().lanes) {
    if (!key.starts_with(prefix)) continue;
    const Lane lane = lane_of(std::string_view(key).substr(prefix.size()));
    if (lane.incarnation == acked.incarnation) waiting.emplace_back(lane, payload);
  }
  const auto key_of = [&](const Lane& lane) {
    return prefix + engine::number_text(lane.order, kOrderDigits) + '/' +
           std::to_string(lane.incarnation) + '/' + std::to_string(lane.number);
  };
  if (waiting.empty()) return;
  Lane fresh{0, incarnation_after(waiting.front().first), 0};
  for (const auto& [lane, payload] : waiting) {
    turn.note(key_of(lane), std::nullopt);
    fresh.order = lane.order;
    ++fresh.number;
    turn.note(key_of(fresh), payload);
  }
  const std::string name = "lane/next/" + acked.to;
  auto next = numbers(turn.state<Here>().lanes[name]);
  next.resize(4);
  if (next[1] == acked.incarnation) {
    turn.note(name, text_of({next[0], fresh.incarnation, fresh.number, incarnation}));
  }
  send_lanes(turn);
}

// --- presence -----------------------------------------------------------------------------------

void SharedRooms::Parts::on_presence(RoomTurn& turn, const xmpp::Stanza& stanza) {
  if (!stanza.type.empty() && stanza.type != "unavailable") return;
  const std::string by(stanza.from.bare_text());
  if (!may_write(turn, by)) return;
  std::string payload;
  xmpp::Writer writer(payload);
  writer.open("presence", xsr::kNs).attr("by", by).attr_if("type", stanza.type).close();
  if (turn.has_room(settings.hub)) send(turn, xsr::Passing{turn.room().address(), {}, payload});
}

void SharedRooms::Parts::on_passing(RoomTurn& turn, const xsr::Passing& passing) {
  const auto& log = turn.state<SharedLog>();
  const auto element = xmpp::parse_element(passing.payload, xmpp::ns::kClient);
  if (!log.exists() || !element || !(*element)->root().is("presence", xsr::kNs)) return;
  const std::string by((*element)->root().attr("by"));
  const std::string type((*element)->root().attr("type"));
  const auto* enterprise = log.enterprise_of(by);
  if (enterprise == nullptr || enterprise->what.link != passing.link) return;
  if (!type.empty() && type != "unavailable") return;
  auto& present = turn.state<Here>().present[passing.link];
  if (type.empty()) {
    if (present.size() >= limits::kPassingOccupants && !present.contains(by)) return;
    present[by] = type;
    seen[passing.link].insert(turn.room().address());
  } else {
    present.erase(by);
  }
  const auto from = turn.room().address().with_resource(by);
  if (!from) return;
  for (const auto& [jid, since] : turn.state<Here>().own) {
    std::string out;
    xmpp::write_stanza(out, {xmpp::StanzaKind::presence, type, from->text(), jid, {}, {}}, {});
    turn.send(std::move(out));
  }
}

void SharedRooms::Parts::clear(RoomTurn& turn, const std::string& link) {
  const auto place = turn.state<Here>().present.find(link);
  if (place == turn.state<Here>().present.end()) return;
  const auto gone = std::move(place->second);
  turn.state<Here>().present.erase(place);
  for (const auto& [by, type] : gone) {
    const auto from = turn.room().address().with_resource(by);
    if (!from) continue;
    for (const auto& [jid, since] : turn.state<Here>().own) {
      std::string out;
      xmpp::write_stanza(
          out, {xmpp::StanzaKind::presence, "unavailable", from->text(), jid, {}, {}}, {});
      turn.send(std::move(out));
    }
  }
}

}  // namespace hansa::shared_rooms
