#include "tests/sim/links/tamper.h"

#include "tests/sim/xml.h"
#include "xep-spec/shared_rooms.h"

namespace hansa::sim::links {
namespace {

namespace xsr = xep_shared_rooms;

// Where that is planted:
constexpr double kLost = 0.3;    // of the directed messages
constexpr double kTaken = 0.15;  // of the messages in the log

// The whole of a frame.
xmpp::Stanza frame_stanza(std::string_view from, std::string_view to, const xsr::Frame& frame) {
  return packet(xsr::to_message(from, to, frame)).stanza;
}

}  // namespace

// Somebody who may not is to be let in, in the name of him who asked for something else.
bool Tamper::forge(xsr::Item& item) {
  if (item.kind != xsr::kKindOperation) return false;
  auto operation = xsr::read_operation(item.payload);
  if (!operation) return false;
  const bool first = operation->jid == operation->actor && operation->affiliation == "owner";
  if (first && spares_first_) return false;
  schedule_.note("forged: " + operation->jid + " " + operation->affiliation + " by " +
                 operation->actor);
  operation->jid = "mallory@" + operation->jid.substr(operation->jid.find('@') + 1);
  operation->affiliation = "owner";
  item.payload = xsr::to_payload(*operation);
  return true;
}

// An item that is taken away is refused to its node, as if that took no part any more; what follows
// it does not name it.
std::optional<xsr::Frame> Tamper::take_item(xsr::Entry& entry) {
  xsr::Item& item = entry.item;
  const bool again = taken_.contains(item.origin);
  if (!again && (item.kind != xsr::kKindMessage || !schedule_.chance(kTaken))) {
    if (item.after && taken_.contains(*item.after)) item.after.reset();
    return std::nullopt;
  }
  taken_.insert(item.origin);
  xsr::Entry refused = entry;
  refused.item.kind = xsr::kKindRefused;
  refused.item.after.reset();
  refused.item.payload = xsr::to_payload(xsr::Refused{"not-allowed", {}});
  return refused;
}

std::optional<xsr::Frame> Tamper::take(xsr::Frame& frame) {
  if (planted_ == Planted::hides_a_loss) {
    auto* entry = std::get_if<xsr::Entry>(&frame);
    return entry == nullptr ? std::nullopt : take_item(*entry);
  }
  const auto* directed = std::get_if<xsr::Directed>(&frame);
  const bool loses = planted_ == Planted::loses_a_directed_message && directed != nullptr;
  if (!loses || !schedule_.chance(kLost)) return std::nullopt;
  return xsr::DirectedAck{directed->room, directed->log,         directed->from,
                          directed->to,   directed->incarnation, directed->number};
}

std::optional<Cable::Passed> Tamper::change(Cable::End from, const xmpp::Stanza& stanza) {
  const bool takes = from == Cable::node && (planted_ == Planted::loses_a_directed_message ||
                                             planted_ == Planted::hides_a_loss);
  const xmpp::Element* payload = stanza.payload();
  if ((forge_ == 0 && !takes) || payload == nullptr) return std::nullopt;
  auto frame = xsr::parse_frame(*payload);
  if (!frame) return std::nullopt;
  const std::string sender(stanza.from.text());
  const std::string receiver(stanza.to.text());
  Cable::Passed out;
  auto* entry = std::get_if<xsr::Entry>(&*frame);
  if (entry != nullptr && forge_ > 0 && forge(entry->item)) {
    --forge_;
    ++forged_;
    coverage_.hit("forged operation", "operation");
    out.on.push_back(frame_stanza(sender, receiver, *frame));
    return out;
  }
  if (!takes) return std::nullopt;
  if (const auto answer = take(*frame)) {
    out.back.push_back(frame_stanza(receiver, sender, *answer));
  } else {
    out.on.push_back(frame_stanza(sender, receiver, *frame));
  }
  return out;
}

Cable::Passed Tamper::passes(Cable::End from, xmpp::Stanza stanza) {
  if (auto changed = change(from, stanza)) return std::move(*changed);
  Cable::Passed out;
  out.on.push_back(std::move(stanza));
  return out;
}

}  // namespace hansa::sim::links
