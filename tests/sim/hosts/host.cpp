#include "tests/sim/hosts/host.h"

namespace hansa::sim::hosts {

using xmpp::StanzaKind;

void Host::set_service(std::string domain, Service service) {
  services_[std::move(domain)] = std::move(service);
}

void Host::route(const Packet& packet) {
  if (!up_) return;
  const std::string to(packet.stanza.to.domain());
  if (components_.contains(to)) return to_component(packet);
  if (to == domain_) return to_user(packet);
  const auto service = services_.find(to);
  if (service != services_.end()) return service->second(packet.stanza);
  to_other(packet);
}

void Host::refuse(const xmpp::Stanza& stanza, std::string_view condition, std::string_view type) {
  if (auto error = bounce(stanza, condition, type)) route(packet(std::move(*error)));
}

// --- clients ---------------------------------------------------------------------------------

bool Host::login(const std::string& full, Client& client) {
  if (!up_) return false;
  sessions_[full].client = &client;
  const std::string bare = bare_of(full);
  auto kept = std::move(offline_[bare]);
  offline_.erase(bare);
  for (std::string& xml : kept) {
    // Kept stanzas were taken when they were stored.
    schedule_.after(schedule_.between(1, 5), [this, full, xml, life = life_] {
      if (life != life_ || !sessions_.contains(full)) return;
      Session& session = sessions_[full];
      if (!session.deaf) session.client->on_stanza(packet(xml).stanza);
    });
  }
  return true;
}

void Host::logout(const std::string& full) {
  if (!sessions_.contains(full)) return;
  watch_.gone(full);
  end_session(full);
}

void Host::end_session(const std::string& full) {
  const auto place = sessions_.find(full);
  if (place == sessions_.end()) return;
  const Session session = std::move(place->second);
  sessions_.erase(place);
  for (const std::string& to : session.directed) {
    route(packet(build("presence", full, to, "unavailable", {})));
  }
  for (const xmpp::Stanza& stanza : session.unread) {
    if (stanza.kind == StanzaKind::message && stanza.type != "groupchat") {
      route(packet(stanza));  // to another client of his, or kept
    } else {
      watch_.given_back(full, stanza);
      refuse(stanza, "recipient-unavailable", "wait");
    }
  }
}

void Host::vanish(const std::string& full, Millis noticed) {
  const auto place = sessions_.find(full);
  if (place == sessions_.end()) return;
  watch_.gone(full);
  place->second.deaf = true;
  const bool gives_back = schedule_.chance(0.5);
  schedule_.after(noticed, [this, full, gives_back] {
    const auto session = sessions_.find(full);
    if (session == sessions_.end()) return;
    if (!gives_back) session->second.unread.clear();
    schedule_.note("host: " + full + " is dead");
    end_session(full);
  });
}

void Host::note_directed(const xmpp::Stanza& presence) {
  const auto session = sessions_.find(presence.from.text());
  if (session == sessions_.end()) return;
  if (presence.type.empty()) session->second.directed.insert(presence.to.text());
  if (presence.type == "unavailable") session->second.directed.erase(presence.to.text());
}

void Host::from_client(std::string xml) {
  if (!up_) return;
  Packet read = packet(std::move(xml));
  if (!sessions_.contains(read.stanza.from.text())) return;
  if (read.stanza.kind == StanzaKind::presence) note_directed(read.stanza);
  // A little later, and in order: all clients of a host share one way in.
  schedule_.after(Millis(2), [this, read = std::move(read), life = life_] {
    if (life == life_) route(read);
  });
}

std::vector<std::string> Host::sessions_of(const std::string& bare) const {
  std::vector<std::string> found;
  for (const auto& [full, session] : sessions_) {
    if (bare_of(full) == bare) found.push_back(full);
  }
  return found;
}

void Host::deliver(const std::string& full, Session& session, const Packet& packet) {
  watch_.taken(full, packet.stanza);
  if (session.deaf) return session.unread.push_back(packet.stanza);
  session.client->on_stanza(packet.stanza);
}

void Host::to_user(const Packet& packet) {
  const xmpp::Stanza& stanza = packet.stanza;
  if (stanza.to.is_bare()) return to_bare(packet);
  const auto session = sessions_.find(stanza.to.text());
  if (session != sessions_.end()) return deliver(session->first, session->second, packet);
  const bool chat = stanza.kind == StanzaKind::message &&
                    (stanza.type.empty() || stanza.type == "chat" || stanza.type == "normal");
  if (chat) return to_bare(packet);
  if (stanza.kind == StanzaKind::presence) return;
  refuse(stanza, "service-unavailable", "cancel");
}

void Host::to_bare(const Packet& packet) {
  const xmpp::Stanza& stanza = packet.stanza;
  const std::string bare(stanza.to.bare_text());
  switch (stanza.kind) {
    case StanzaKind::presence: return;
    case StanzaKind::message: {
      if (stanza.is_error() || stanza.type == "headline") return;
      if (stanza.type == "groupchat") return refuse(stanza, "service-unavailable", "cancel");
      const auto clients = sessions_of(bare);
      for (const std::string& full : clients) deliver(full, sessions_[full], packet);
      if (!clients.empty()) return;
      watch_.taken(bare, stanza);
      offline_[bare].push_back(packet.xml);
      return;
    }
    case StanzaKind::iq: break;
  }
  if (!stanza.is_request()) return;
  if (stanza.child("query", kDiscoNs) == nullptr) {
    return refuse(stanza, "service-unavailable", "cancel");
  }
  const std::string info = "<query xmlns='" + std::string(kDiscoNs) +
                           "'><identity category='account' type='registered'/></query>";
  route(sim::packet(build("iq", stanza.to.text(), stanza.from.text(), "result", stanza.id, info)));
}

void Host::restart(Millis down) {
  schedule_.note("host: " + domain_ + " goes down");
  up_ = false;
  ++life_;
  const auto sessions = std::move(sessions_);
  sessions_.clear();
  for (const Packet& packet : outgoing_) watch_.lost(packet.stanza);
  outgoing_.clear();
  sending_ = false;
  for (auto& [name, link] : links_) link.wire->cut();
  links_.clear();
  for (const auto& [full, session] : sessions) {
    watch_.gone(full);
    if (!session.deaf) session.client->on_disconnected();
  }
  schedule_.after(down, [this] {
    up_ = true;
    schedule_.note("host: " + domain_ + " is up");
  });
}

// --- the other host --------------------------------------------------------------------------

void Host::to_other(const Packet& packet) {
  outgoing_.push_back(packet);
  if (sending_) return;
  sending_ = true;
  schedule_.after(schedule_.between(1, 30), [this, life = life_] {
    if (life != life_) return;
    sending_ = false;
    const auto batch = std::move(outgoing_);
    outgoing_.clear();
    for (const Packet& one : batch) {
      if (other_->up_) {
        other_->from_other(one);
      } else {
        watch_.lost(one.stanza);
        refuse(one.stanza, "remote-server-timeout", "wait");
      }
    }
  });
}

void Host::from_other(const Packet& packet) { route(packet); }

}  // namespace hansa::sim::hosts
