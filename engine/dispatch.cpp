// Where goes what arrives, and by which link what we say.

#include <cassert>

#include "engine/impl.h"

namespace hansa::engine {

void Engine::Impl::send(std::string_view domain, std::string_view bytes) {
  if (std::string* buffer = outbox.buffer(domain)) *buffer += bytes;
}

void Engine::Impl::refuse(const xmpp::Stanza& stanza, const Error& error) {
  // A peer's frame is sent again by the protocol of its link.
  if (stanza.is_error() || settings.addressing.peers.contains(stanza.from.domain())) return;
  send(link_of(stanza.to.domain(), stanza.from.domain()), xmpp::error_answer(stanza, error));
}

std::string Engine::Impl::link_of(std::string_view from, std::string_view to) const {
  const Addressing& ours = settings.addressing;
  const bool is_ours =
      !to.empty() && (to == ours.rooms || to == ours.identities || to == ours.shared);
  return std::string(is_ours ? kOwnLink : from);
}

xmpp::Jid Engine::Impl::room_address(std::string_view local) const {
  auto address = xmpp::Jid::make(local, settings.addressing.rooms);
  assert(address.ok() && "a prepared localpart stays valid");
  return std::move(address).value();
}

bool Engine::Impl::is_room(const xmpp::Jid& address) const {
  const Addressing& ours = settings.addressing;
  return !address.local().empty() &&
         (address.domain() == ours.rooms || address.domain() == ours.shared);
}

void Engine::Impl::run_handler(const ServiceHandler& handler, const xmpp::Stanza& stanza) {
  auto run = [handler = &handler, stanza](ServiceTurn& turn) { (*handler)(turn, stanza); };
  run_service(std::make_shared<ServiceRun>(*this, stanza, std::move(run)));
}

void Engine::Impl::dispatch_link(std::string_view link, const xmpp::Stanza& stanza) {
  // Each peer speaks for itself alone, and is owed nothing: what it asks, frames answer.
  if (stanza.from.domain() != link || stanza.is_error()) return;
  if (const auto* handler = router.service(Target::link, stanza)) run_handler(*handler, stanza);
}

void Engine::Impl::dispatch(xmpp::Stanza stanza) {
  const Addressing& ours = settings.addressing;
  if (stanza.to.local().empty()) {
    const Target target = stanza.to.domain() == ours.rooms    ? Target::rooms_service
                          : stanza.to.domain() == ours.shared ? Target::shared_service
                                                              : Target::identities_service;
    const ServiceHandler* handler = router.service(target, stanza);
    if (handler == nullptr) {
      const bool asks = stanza.is_request() ||
                        (stanza.kind == xmpp::StanzaKind::message && stanza.type != "headline");
      if (asks) refuse(stanza, Error(Condition::service_unavailable));
      return;
    }
    return run_handler(*handler, stanza);
  }
  const auto to = room_for(stanza);
  room(to->first).take(StanzaEvent{to->second, std::move(stanza)});
}

std::optional<std::pair<xmpp::Jid, Target>> Engine::Impl::room_for(
    const xmpp::Stanza& stanza) const {
  const Addressing& ours = settings.addressing;
  if (stanza.to.local().empty()) return std::nullopt;
  if (!ours.shared.empty() && stanza.to.domain() == ours.shared) {
    return std::pair(stanza.to.bare(), Target::shared_room);
  }
  if (stanza.to.domain() == ours.rooms) {
    return std::pair(stanza.to.bare(), stanza.to.is_bare() ? Target::room : Target::occupant);
  }
  if (router.room(Target::identity, stanza) != nullptr || !ours.conversation) {
    return std::pair(room_address(stanza.to.local()), Target::identity);
  }
  return std::pair(ours.conversation(stanza.to.local(), stanza.from.bare()), Target::identity_peer);
}

}  // namespace hansa::engine
