#include "tests/sim/links/cable.h"

#include <algorithm>
#include <utility>

namespace hansa::sim::links {
namespace {

constexpr std::string_view kOpening =
    "<stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams'>";
constexpr std::size_t kUnconfirmed = 12;  // stanzas
constexpr double kRepeats = 0.5;          // of the connections that break
constexpr double kAmid = 0.3;             // of these

}  // namespace

void Cable::attach(End end, Handlers handlers) {
  sides_[end].handlers = std::move(handlers);
  dial_later();
}

void Cable::detach(End end) {
  Side& side = sides_[end];
  side.handlers.reset();
  side.up = false;
  side.again.clear();
  side.unconfirmed.clear();
  if (connected_) cut();
}

void Cable::dial_later() {
  if (dialling_) return;
  dialling_ = true;
  schedule_.after(schedule_.between(10, 900), [this] {
    dialling_ = false;
    dial();
  });
}

void Cable::dial() {
  if (connected_) return;
  const MonoTime now = schedule_.mono();
  const bool open = parted_ <= now && sides_[node].blocked <= now && sides_[hub].blocked <= now;
  if (!sides_[node].handlers || !sides_[hub].handlers) return;
  open ? connect() : dial_later();
}

void Cable::connect() {
  // An end that has not heard of the old one's end hears of it now.
  for (const End end : {node, hub}) tell(end, false);
  if (!sides_[node].handlers || !sides_[hub].handlers) return;
  ++connection_;
  connected_ = true;
  schedule_.note(name_ + ": up");
  observer_.up();
  for (Side& side : sides_) {
    side.out.clear();
    side.bytes = 0;
    side.unconfirmed.clear();
    side.parser.emplace();
    std::vector<xmpp::StreamEvent> opened;
    side.parser->feed(kOpening, opened);
  }
  const bool amid = schedule_.chance(kAmid);
  for (const End end : {node, hub}) repeat(end, amid);
  const bool first = schedule_.chance(0.5);
  tell(first ? node : hub, true);
  tell(first ? hub : node, true);
}

void Cable::tell(End end, bool up) {
  Side& side = sides_[end];
  if (side.up == up || !side.handlers) return;
  side.up = up;
  const auto told = side.handlers->link;
  told(up);
}

// What was unconfirmed on the connection before comes again: at once, or later, amid new stanzas.
void Cable::repeat(End writer, bool amid) {
  Side& side = sides_[writer];
  const std::deque<Item> again = std::exchange(side.again, {});
  for (const Item& item : again) observer_.hit("again", writer, item.stanza);
  if (!amid) {
    for (const Item& item : again) put(writer, item);
    return;
  }
  Millis delay(0);
  for (const Item& item : again) {
    delay += schedule_.between(0, 400);
    schedule_.after(delay, [this, writer, item, connection = connection_] {
      if (connection == connection_ && connected_) put(writer, item);
    });
  }
}

void Cable::write(End from, std::string_view bytes) {
  Side& side = sides_[from];
  if (!connected_ || !side.up) return;
  std::vector<xmpp::StreamEvent> events;
  side.parser->feed(bytes, events);
  for (xmpp::StreamEvent& event : events) {
    auto* read = std::get_if<xmpp::StanzaRead>(&event);
    auto stanza = read == nullptr ? Result<xmpp::Stanza>(Error(Condition::bad_request, "not XML"))
                                  : xmpp::Stanza::parse(read->stanza);
    if (!stanza) return observer_.broken(name_ + ": " + std::string(bytes));
    const std::size_t size = bytes.size() / events.size();
    Passed passed = observer_.passes(from, std::move(*stanza));
    for (xmpp::Stanza& one : passed.on) put(from, {std::move(one), size});
    for (xmpp::Stanza& one : passed.back) put(other(from), {std::move(one), size});
  }
  observer_.grew(from, side.bytes);
}

void Cable::put(End writer, Item item) {
  Side& side = sides_[writer];
  side.bytes += item.bytes;
  side.out.push_back(std::move(item));
  schedule_read(writer);
}

void Cable::schedule_read(End writer) {
  Side& side = sides_[writer];
  if (side.scheduled || side.out.empty()) return;
  side.scheduled = true;
  Millis delay = schedule_.between(0, 12);
  const MonoTime now = schedule_.mono();
  if (side.blocked > now) delay += side.blocked - now;
  if (slow_until_ > now && bytes_per_second_ > 0) {
    delay += Millis(static_cast<std::int64_t>(side.out.front().bytes * 1000 / bytes_per_second_));
  }
  schedule_.after(delay, [this, writer] { read(writer); });
}

void Cable::read(End writer) {
  Side& side = sides_[writer];
  side.scheduled = false;
  if (!connected_ || side.out.empty()) return;
  if (side.blocked > schedule_.mono()) return schedule_read(writer);
  const bool slow = slow_until_ > schedule_.mono();
  std::size_t most = slow ? 1 : 1 + schedule_.below(side.out.size());
  const std::uint64_t connection = connection_;
  for (; most > 0; --most) {
    Item item = std::move(side.out.front());
    side.out.pop_front();
    side.bytes -= item.bytes;
    side.unconfirmed.push_back(item);
    if (side.unconfirmed.size() > kUnconfirmed) side.unconfirmed.pop_front();
    Side& reader = sides_[other(writer)];
    if (!reader.handlers || !reader.up) return;
    const auto take = reader.handlers->stanza;
    take(std::move(item.stanza));
    if (connection != connection_ || !connected_) return;  // it crashed
  }
  schedule_read(writer);
  if (side.handlers) {
    const auto drained = side.handlers->drained;
    drained();
  }
}

void Cable::lose(End writer) {
  Side& side = sides_[writer];
  const std::size_t kept = side.out.empty() ? 0 : schedule_.below(side.out.size() + 1);
  for (std::size_t i = kept; i < side.out.size(); ++i) {
    observer_.hit("lost", writer, side.out[i].stanza);
  }
  if (schedule_.chance(kRepeats)) {
    // A suffix of all that was sent: the last ones delivered, and what was not.
    const std::size_t since = schedule_.below(side.unconfirmed.size() + 1);
    side.again.assign(side.unconfirmed.begin() + static_cast<std::ptrdiff_t>(since),
                      side.unconfirmed.end());
    side.again.insert(side.again.end(), side.out.begin(), side.out.end());
  } else {
    side.again.clear();
  }
  side.out.resize(kept);
}

// Each end takes some of what was on its way, then hears of the end, sooner or later.
void Cable::cut() {
  if (!connected_) return;
  schedule_.note(name_ + ": cut");
  for (const End end : {node, hub}) lose(end);
  connected_ = false;
  ++connection_;
  for (const End end : {node, hub}) {
    Side& from = sides_[other(end)];
    std::deque<Item> last = std::exchange(from.out, {});
    from.bytes = 0;
    const Millis late =
        schedule_.chance(0.8) ? schedule_.between(0, 40) : schedule_.between(0, 900);
    schedule_.after(late, [this, end, connection = connection_, last = std::move(last)] {
      if (connection != connection_) return;  // a new one came first
      Side& reader = sides_[end];
      for (const Item& item : last) {
        if (!reader.handlers || !reader.up) return;
        const auto take = reader.handlers->stanza;
        take(item.stanza);
      }
      tell(end, false);
      dial_later();
    });
  }
  dial_later();
}

void Cable::block(End from, Millis time, Millis noticed) {
  schedule_.note(name_ + ": nothing goes from " + (from == node ? "the node" : "the hub"));
  sides_[from].blocked = std::max(sides_[from].blocked, schedule_.mono() + time);
  schedule_.after(noticed, [this, connection = connection_] {
    if (connection == connection_) cut();
  });
}

void Cable::part(Millis time) {
  parted_ = std::max(parted_, schedule_.mono() + time);
  cut();
}

void Cable::stall(End reader, Millis time) {
  schedule_.note(name_ + ": " + (reader == node ? "the node" : "the hub") + " reads nothing");
  Side& writer = sides_[other(reader)];
  writer.blocked = std::max(writer.blocked, schedule_.mono() + time);
}

void Cable::slow(std::size_t bytes_per_second, Millis time) {
  schedule_.note(name_ + ": slow");
  bytes_per_second_ = bytes_per_second;
  slow_until_ = schedule_.mono() + time;
}

void Cable::mend() {
  parted_ = slow_until_ = MonoTime{0};
  for (Side& side : sides_) side.blocked = MonoTime{0};
  for (const End end : {node, hub}) {
    sides_[end].scheduled = false;  // a read that waits for a long time is not waited for
    schedule_read(end);
  }
  dial_later();
}

}  // namespace hansa::sim::links
