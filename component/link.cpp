#include "component/link.h"

#include <algorithm>

namespace hansa::component {
namespace {

constexpr std::string_view kArea = "component";

// Above Options::bounds.queue_bytes the owner may not write and nothing is admitted; this much more
// is for pings and for saying so.
std::size_t reserve(const net::ConnectionBounds& bounds) { return bounds.queue_bytes / 8; }

net::ConnectionBounds with_reserve(net::ConnectionBounds bounds) {
  bounds.queue_bytes += reserve(bounds);
  return bounds;
}

std::string address_of(const Options& options) {
  const bool v6 = options.host.find(':') != std::string::npos;
  return (v6 ? "[" + options.host + "]" : options.host) + ":" + std::to_string(options.port);
}

// "0.4 s", "30 s".
std::string seconds(Millis time) {
  const std::string whole = std::to_string(time.count() / 1000);
  if (time >= Millis(10'000)) return whole + " s";
  return whole + "." + std::to_string(time.count() % 1000 / 100) + " s";
}

std::string words(const net::Closed& why) {
  switch (why.kind) {
    case net::CloseKind::not_resolved: return "its name has no address (" + why.text + ")";
    case net::CloseKind::ended_by_peer: return "it ended the connection without a word";
    case net::CloseKind::ended_by_us: return "the connection was closed";
    case net::CloseKind::refused:
    case net::CloseKind::timed_out:
    case net::CloseKind::broken: return why.text;
  }
  return why.text;
}

}  // namespace

Link::Link(Surroundings around, std::uint32_t slot)
    : around_(around),
      slot_(slot),
      domain_(around.options.domains[slot]),
      address_(address_of(around.options)),
      gate_(domain_, around.options.domains),
      backoff_(around.options.timing.reconnect, around.random),
      counted_(around.log, around.clock),
      retry_(around.loop),
      tick_(around.loop),
      ping_(around.loop) {}

void Link::start() {
  if (!stopping_) connect();
}

void Link::stop(std::function<void()> stopped) {
  stopping_ = true;
  stopped_ = std::move(stopped);
  if (!connection_) return after_end();
  retry_.start(around_.options.bounds.linger, [this] {
    let_go();
    after_end();
  });
  go_down("we stop");
  feed(stream::event::Stop{});
}

void Link::connect() {
  const Options& options = around_.options;
  failure_.reset();
  machine_.emplace(stream::ComponentIdentity{domain_, options.secret, address_});
  {
    const std::lock_guard lock(mutex_);
    connection_ =
        std::make_unique<net::Connection>(around_.loop, *this, with_reserve(options.bounds));
  }
  tick_.start(options.timing.tick, [this] { tick(); });
  connection_->connect(options.host, options.port, options.timing.connect);
}

void Link::after_end() {
  tick_.cancel();
  ping_.cancel();
  if (stopping_) {
    retry_.cancel();
    if (stopped_) std::exchange(stopped_, nullptr)();
    return;
  }
  const bool later = failure_ && failure_->retry == stream::Retry::later;
  const Millis wait = later ? backoff_.longest() : backoff_.next();
  tell(wait);
  retry_.start(wait, [this] { connect(); });
}

// Each cause once, however often it is met: a host that is down for a night fills no log.
void Link::tell(Millis wait) {
  if (!failure_) return;
  const std::string line = failure_->text + "; next try in " + seconds(wait);
  if (failure_->text == told_) return around_.log.debug(kArea, line);
  told_ = failure_->text;
  around_.log.warn(kArea, line);
}

void Link::let_go() {
  std::unique_ptr<net::Connection> gone;
  const std::lock_guard lock(mutex_);
  gone = std::move(connection_);
}

void Link::go_down(const std::string& why) {
  deliver();
  const LinkId link{slot_, number_};
  {
    const std::lock_guard lock(mutex_);
    number_ = 0;
    confirm_.reset();
    why_down_ = why;
  }
  if (link.number == 0) return;
  backoff_.was_up(around_.clock.mono() - up_since_);
  around_.owner.link_down(link, domain_, why);
}

// --- what the connection tells -----------------------------------------------------------------

void Link::connected() { feed(stream::event::Connected{}); }

void Link::bytes(std::string_view data) {
  moved_ = around_.clock.mono();
  feed(stream::event::Bytes{data});
}

void Link::closed(const net::Closed& why) {
  feed(stream::event::Disconnected{words(why)});
  let_go();
  after_end();
}

void Link::drained() {
  if (number_ != 0) around_.owner.drained({slot_, number_});
}

void Link::tick() {
  tick_.start(around_.options.timing.tick, [this] { tick(); });
  feed(stream::event::Tick{});
  if (connection_) watch_ping();
}

// --- what the machine wants --------------------------------------------------------------------

void Link::feed(const stream::ComponentEvent& event) {
  Result<stream::ComponentEffects> effects = machine_->on(event, around_.clock.mono());
  if (!effects.ok()) return around_.log.error(kArea, domain_ + ": " + effects.error().text);
  for (stream::ComponentEffect& effect : *effects) {
    std::visit([this](auto& wanted) { on(wanted); }, effect);
  }
  deliver();
}

void Link::on(stream::effect::Write& effect) {
  if (connection_->send(net::buffer(std::move(effect.bytes)))) return;
  counted_.warn("full", domain_ + ": the host does not read: an answer was dropped");
}

void Link::on(stream::effect::Authenticated&) {
  told_.clear();
  up_since_ = moved_ = around_.clock.mono();
  {
    const std::lock_guard lock(mutex_);
    number_ = ++last_number_;
    confirm_.emplace(domain_, around_.random);
    pumping_ = false;
  }
  around_.log.info(kArea, domain_ + ": connected to the host at " + address_);
  around_.owner.link_up({slot_, number_}, domain_);
}

void Link::on(stream::effect::Received& effect) {
  if (number_ == 0 || take_ping(effect.stanza)) return;
  const bool room = connection_->queued() < around_.options.bounds.queue_bytes;
  const Verdict verdict = gate_.judge(effect.stanza, room && around_.owner.admits());
  if (std::holds_alternative<Pass>(verdict)) return read_.push_back(std::move(effect.stanza));
  perform(verdict, effect.stanza.element());
}

void Link::on(stream::effect::Refused& effect) {
  const xmpp::Element& stanza = effect.document->root();
  perform(gate_.judge_refused(stanza, effect.error), stanza);
}

void Link::perform(Verdict verdict, const xmpp::Element& stanza) {
  if (auto* answer = std::get_if<Answer>(&verdict)) {
    stream::effect::Write write{std::move(answer->xml)};
    on(write);
  } else if (const auto* drop = std::get_if<Drop>(&verdict)) {
    counted_.warn(drop->why, domain_ + ": dropped <" + std::string(stanza.name()) + "/> from " +
                                 quoted(stanza.attr("from")) + " to " + quoted(stanza.attr("to")) +
                                 ": " + std::string(drop->why));
  }
}

void Link::on(stream::effect::Silent&) {
  {
    const std::lock_guard lock(mutex_);
    if (!confirm_) return;
    confirm_->want();
  }
  pump_pings();
}

void Link::on(stream::effect::Failed& effect) {
  failure_ = std::move(effect.failure);
  go_down(failure_->text);
}

void Link::on(stream::effect::Close&) {
  go_down(failure_ ? failure_->text : "closed");
  if (connection_) connection_->close();
}

void Link::deliver() {
  if (read_.empty()) return;
  if (number_ != 0) around_.owner.stanzas({slot_, number_}, std::exchange(read_, {}));
  read_.clear();
}

// --- pings ---------------------------------------------------------------------------------------

bool Link::take_ping(const xmpp::Stanza& stanza) {
  if (stanza.kind != xmpp::StanzaKind::iq || stanza.from.text() != domain_) return false;
  std::optional<Mark> confirmed;
  Mark before = 0;
  {
    const std::lock_guard lock(mutex_);
    before = confirm_->confirmed();
    confirmed = confirm_->answered(stanza.id);
  }
  if (!confirmed) return false;
  deliver();  // bounces of what is confirmed now came before the ping: the owner hears them first
  if (*confirmed > before) around_.owner.confirmed({slot_, number_}, *confirmed);
  pump_pings();
  return true;
}

void Link::pump_pings() {
  const MonoTime now = around_.clock.mono();
  const std::lock_guard lock(mutex_);
  pumping_ = false;
  if (!confirm_) return;
  if (const auto ping = confirm_->take(now)) {
    // Under the lock: nothing that the ping does not cover can go before it.
    if (!connection_->send(net::buffer(*ping))) confirm_->give_up();
    ping_end_ = connection_->written() + connection_->queued();
    ping_gone_.reset();
  }
  const std::optional<MonoTime> due = confirm_->due();
  if (!due) return;
  pumping_ = true;
  ping_.start(std::max(*due - now, Millis(1)), [this] { pump_pings(); });
}

void Link::watch_ping() {
  const MonoTime now = around_.clock.mono();
  if (const std::uint64_t written = connection_->written(); written != written_) {
    written_ = written;
    moved_ = now;
  }
  if (!ping_gone_ && written_ >= ping_end_) ping_gone_ = now;
  const Millis patience = around_.options.timing.ping_answer;
  if (!confirm_ || !confirm_->waiting(now)) return;
  const bool stuck = *confirm_->waiting(now) >= patience;
  if (stuck && now - moved_ >= patience) {
    feed(stream::event::Disconnected{"no sign of life for " + seconds(patience)});
    let_go();
    return after_end();
  }
  // A ping behind much that waits for the socket is not late before the socket has taken it.
  if (!ping_gone_ || now - *ping_gone_ < patience) return;
  counted_.warn("ping", domain_ +
                            ": the host does not route our pings back to us, though the link is "
                            "alive: is another component connected under this name (ejabberd lets "
                            "several in)? Without them nothing is known to have arrived");
  {
    const std::lock_guard lock(mutex_);
    confirm_->give_up();
  }
  pump_pings();
}

// --- from any thread -----------------------------------------------------------------------------

Sent Link::send(std::uint64_t number, net::Buffer stanzas, Mark mark) {
  const std::lock_guard lock(mutex_);
  if (number == 0 || number != number_ || !connection_) return Sent::gone;
  const std::size_t bound = around_.options.bounds.queue_bytes;
  if (connection_->queued() + stanzas->size() > bound) return Sent::full;
  if (!connection_->send(std::move(stanzas))) return Sent::gone;
  if (mark == 0) return Sent::taken;
  confirm_->sent(mark);
  if (!pumping_ && confirm_->due()) {
    pumping_ = true;
    around_.loop.post([this] { pump_pings(); });
  }
  return Sent::taken;
}

std::size_t Link::queued(std::uint64_t number) const {
  const std::lock_guard lock(mutex_);
  return number != 0 && number == number_ && connection_ ? connection_->queued() : 0;
}

LinkStatus Link::status() const {
  const std::lock_guard lock(mutex_);
  LinkStatus status;
  status.domain = domain_;
  status.up = number_ != 0;
  if (!status.up) status.text = why_down_;
  if (connection_) status.queued = connection_->queued();
  if (confirm_) status.confirmed = confirm_->confirmed();
  return status;
}

}  // namespace hansa::component
