// The host's side of its components' streams.
#include "tests/sim/hosts/host.h"

namespace hansa::sim::hosts {

std::shared_ptr<Wire> Host::accept(const std::string& domain) {
  if (!up_ || links_.contains(domain)) return nullptr;  // a second one of that name is refused
  auto wire = std::make_shared<Wire>(schedule_);
  Link& link = links_[domain];
  link.wire = wire;
  const auto is_present = [this, domain, wire = std::weak_ptr(wire)] {
    const auto place = links_.find(domain);
    return place != links_.end() && place->second.wire == wire.lock();
  };
  wire->attach(Wire::host, {[this, domain, is_present](std::string_view bytes) {
                              if (is_present()) on_bytes(domain, bytes);
                            },
                            {},
                            [this, domain, is_present] {
                              if (is_present()) links_.erase(domain);
                            }});
  return wire;
}

void Host::cut(const std::string& component) {
  const auto link = links_.find(component);
  if (link == links_.end()) return;
  schedule_.note("host: the link of " + component + " is cut");
  link->second.wire->cut();
}

void Host::stall(const std::string& component, Millis time) {
  const auto link = links_.find(component);
  if (link == links_.end()) return;
  schedule_.note("host: reads nothing of " + component + " for " + std::to_string(time.count()));
  link->second.wire->stall(Wire::host, time);
}

void Host::on_bytes(const std::string& component, std::string_view bytes) {
  const auto place = links_.find(component);
  if (place == links_.end()) return;
  std::vector<xmpp::StreamEvent> events;
  place->second.parser.feed(bytes, events);
  const std::uint64_t life = life_;
  for (const xmpp::StreamEvent& event : events) {
    const auto link = links_.find(component);
    if (life != life_ || link == links_.end()) return;
    on_component(component, link->second, event, bytes);
  }
}

void Host::on_component(const std::string& component, Link& link, const xmpp::StreamEvent& event,
                        std::string_view bytes) {
  if (std::holds_alternative<xmpp::StreamOpened>(event)) {
    const std::string header =
        "<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' xmlns:stream='" +
        std::string(xmpp::ns::kStreams) + "' from='" + component + "' id='" + schedule_.token(12) +
        "'>";
    link.wire->send(Wire::host, header);
  } else if (const auto* read = std::get_if<xmpp::StanzaRead>(&event)) {
    if (!link.open) {
      link.open = true;
      return link.wire->send(Wire::host, "<handshake/>");
    }
    auto stanza = xmpp::Stanza::parse(read->stanza);
    if (stanza && stanza->from.domain() == component) return route(packet(*stanza));
    schedule_.note("host: " + component + " wrote what cannot be routed");
  } else if (std::holds_alternative<xmpp::StreamClosed>(event)) {
    link.wire->send(Wire::host, "</stream:stream>");
    link.wire->close(Wire::host);
    links_.erase(component);
  } else {
    const auto* broken = std::get_if<xmpp::StreamBroken>(&event);
    const std::string why = broken == nullptr ? "" : std::string(broken->condition) + broken->text;
    watch_.broken_stream(component + ": " + why + " in " + std::string(bytes));
    link.wire->cut();
  }
}

void Host::to_component(const Packet& packet) {
  const auto link = links_.find(std::string(packet.stanza.to.domain()));
  if (link == links_.end() || !link->second.open) {
    return refuse(packet.stanza, "remote-server-timeout", "wait");
  }
  link->second.wire->send(Wire::host, packet.xml);
}

}  // namespace hansa::sim::hosts
