#include "tests/sim/links/tamper.h"

#include "tests/sim/xml.h"
#include "xep-spec/shared_rooms.h"

namespace hansa::sim::links {
namespace {

namespace xsr = xep_shared_rooms;

constexpr double kLost = 0.3;  // of the directed messages, where one is planted

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
  schedule_.note("forged: " + operation->jid + " " + operation->affiliation + " by " +
                 operation->actor);
  operation->jid = "mallory@" + operation->jid.substr(operation->jid.find('@') + 1);
  operation->affiliation = "owner";
  item.payload = xsr::to_payload(*operation);
  return true;
}

Cable::Passed Tamper::passes(Cable::End from, xmpp::Stanza stanza) {
  Cable::Passed out;
  const bool loses = planted_ == Planted::loses_an_obligation && from == Cable::node;
  const xmpp::Element* payload = stanza.payload();
  if ((forge_ == 0 && !loses) || payload == nullptr) {
    out.on.push_back(std::move(stanza));
    return out;
  }
  auto frame = xsr::parse_frame(*payload);
  const std::string sender(stanza.from.text());
  const std::string receiver(stanza.to.text());
  if (auto* entry = frame ? std::get_if<xsr::Entry>(&*frame) : nullptr;
      entry != nullptr && forge_ > 0 && forge(entry->item)) {
    --forge_;
    coverage_.hit("forged operation", "operation");
    out.on.push_back(frame_stanza(sender, receiver, *frame));
    return out;
  }
  if (auto* directed = frame ? std::get_if<xsr::Directed>(&*frame) : nullptr;
      directed != nullptr && loses && schedule_.chance(kLost)) {
    const xsr::DirectedAck ack{directed->room, directed->log,         directed->from,
                               directed->to,   directed->incarnation, directed->number};
    out.back.push_back(frame_stanza(receiver, sender, ack));
    return out;
  }
  out.on.push_back(std::move(stanza));
  return out;
}

}  // namespace hansa::sim::links
