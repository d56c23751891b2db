#include "tests/sim/hosts/node_links.h"

#include <cassert>

namespace hansa::sim::hosts {
namespace {

// Below the engine's mark (node.cpp), so that it always hears when it may write on.
constexpr std::size_t kFull = 8 * 1024;
constexpr std::size_t kShort = 4 * 1024;
constexpr std::string_view kOpening =
    "<stream:stream xmlns='jabber:component:accept' "
    "xmlns:stream='http://etherx.jabber.org/streams'>";

}  // namespace

NodeLinks::NodeLinks(Schedule& schedule, Random& random, std::vector<std::string> domains,
                     std::string secret, Owner owner)
    : schedule_(schedule),
      random_(random),
      domains_(std::move(domains)),
      secret_(std::move(secret)),
      owner_(std::move(owner)) {
  for (const std::string& domain : domains_) links_[domain].domain = domain;
}

NodeLinks::~NodeLinks() {
  for (auto& [domain, link] : links_) {
    if (!link.wire) continue;
    link.wire->attach(Wire::node, {});
    if (stopping_) {
      link.wire->close(Wire::node);
    } else {
      link.wire->cut();
    }
  }
}

void NodeLinks::later(Millis delay, std::function<void()> work) {
  schedule_.after(delay, [alive = std::weak_ptr(alive_), work = std::move(work)] {
    if (!alive.expired()) work();
  });
}

void NodeLinks::start() {
  for (auto& [domain, link] : links_) dial(link);
  tick();
}

void NodeLinks::stop() {
  stopping_ = true;
  for (auto& [domain, link] : links_) {
    if (link.machine) feed(link, stream::event::Stop{});
  }
}

void NodeLinks::dial(Link& link) {
  if (stopping_) return;
  link.wire = owner_.dial(link.domain);
  if (!link.wire) return lost(link);
  link.machine.emplace(stream::ComponentIdentity{link.domain, secret_, "the host"});
  link.wire->attach(
      Wire::node,
      {[this, &link](std::string_view bytes) { feed(link, stream::event::Bytes{bytes}); },
       [this, &link] {
         if (!link.was_full || queued(link.domain) >= kShort) return;
         link.was_full = false;
         if (link.up) owner_.drained(link.domain);
       },
       [this, &link] { feed(link, stream::event::Disconnected{"broken"}); }});
  feed(link, stream::event::Connected{});
}

void NodeLinks::lost(Link& link) {
  if (link.wire) {
    link.wire->attach(Wire::node, {});
    link.wire->close(Wire::node);
  }
  link.wire.reset();
  link.pings.reset();
  link.written.reset();
  if (link.up) {
    link.up = false;
    schedule_.note("node: link " + link.domain + " down");
    owner_.link(link.domain, false);
  }
  later(schedule_.between(300, 1500), [this, &link] { dial(link); });
}

void NodeLinks::feed(Link& link, const stream::ComponentEvent& event) {
  auto effects = link.machine->on(event, schedule_.mono());
  assert(effects.ok());
  for (stream::ComponentEffect& effect : *effects) perform(link, effect);
}

void NodeLinks::perform(Link& link, stream::ComponentEffect& effect) {
  if (auto* write = std::get_if<stream::effect::Write>(&effect)) {
    if (link.wire) link.wire->send(Wire::node, write->bytes);
  } else if (std::holds_alternative<stream::effect::Authenticated>(effect)) {
    link.up = true;
    link.pings.emplace(link.domain, random_);
    link.written.emplace();
    std::vector<xmpp::StreamEvent> opened;
    link.written->feed(kOpening, opened);
    schedule_.note("node: link " + link.domain + " up");
    owner_.link(link.domain, true);
  } else if (const auto* read = std::get_if<stream::effect::Received>(&effect)) {
    received(link, read->stanza);
  } else if (std::holds_alternative<stream::effect::Silent>(effect)) {
    if (link.pings) link.pings->want();
    pump(link);
  } else if (std::holds_alternative<stream::effect::Close>(effect)) {
    lost(link);
  }
}

void NodeLinks::received(Link& link, const xmpp::Stanza& stanza) {
  if (!link.up) return;
  if (stanza.kind == xmpp::StanzaKind::iq && stanza.from.text() == link.domain) {
    const auto mark = link.pings->answered(stanza.id);
    if (!mark) return;
    owner_.confirmed(link.domain, *mark);
    return pump(link);
  }
  const component::Gate gate(link.domain, domains_);
  const component::Verdict verdict = gate.judge(stanza, true);
  if (std::holds_alternative<component::Pass>(verdict)) return owner_.stanza(link.domain, stanza);
}

void NodeLinks::write(std::string_view domain, std::string bytes) {
  Link& to = links_.find(domain)->second;
  if (!to.up) return;
  std::vector<xmpp::StreamEvent> events;
  to.written->feed(bytes, events);
  for (const xmpp::StreamEvent& event : events) {
    const auto* read = std::get_if<xmpp::StanzaRead>(&event);
    auto stanza = read != nullptr ? xmpp::Stanza::parse(read->stanza)
                                  : Result<xmpp::Stanza>(Error(Condition::bad_request));
    if (stanza) {
      owner_.leaves(*stanza);
    } else {
      schedule_.note("node: writes what is no stanza: " + bytes);
    }
  }
  to.wire->send(Wire::node, bytes);
  if (queued(domain) >= kFull) to.was_full = true;
}

void NodeLinks::confirm(std::string_view domain, engine::Mark mark) {
  Link& to = links_.find(domain)->second;
  if (!to.up) return;
  to.pings->sent(mark);
  pump(to);
}

// As component::Link does: the ping goes when it is due, with the next turn of the loop.
void NodeLinks::pump(Link& link) {
  if (link.pumping || !link.pings) return;
  const auto due = link.pings->due();
  if (!due) return;
  link.pumping = true;
  const Millis wait = std::max(*due - schedule_.mono(), Millis(0));
  later(wait, [this, &link] {
    link.pumping = false;
    if (!link.pings) return;
    if (const auto ping = link.pings->take(schedule_.mono())) link.wire->send(Wire::node, *ping);
    pump(link);
  });
}

void NodeLinks::tick() {
  for (auto& [domain, link] : links_) {
    if (link.wire && link.machine && !link.machine->done()) feed(link, stream::event::Tick{});
  }
  later(Millis(1000), [this] { tick(); });
}

std::size_t NodeLinks::queued(std::string_view domain) const {
  const Link& to = links_.find(domain)->second;
  return to.wire ? to.wire->queued(Wire::node) : 0;
}

bool NodeLinks::all_up() const {
  for (const auto& [domain, link] : links_) {
    if (!link.up) return false;
  }
  return true;
}

}  // namespace hansa::sim::hosts
