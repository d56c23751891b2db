#include "tests/sim/links/front.h"

#include <algorithm>

#include "tests/sim/xml.h"

namespace hansa::sim::links {
namespace {

constexpr std::string_view kOpening =
    "<stream:stream xmlns='jabber:component:accept' "
    "xmlns:stream='http://etherx.jabber.org/streams'>";

}  // namespace

void Front::attach(Handlers handlers) {
  handlers_ = std::move(handlers);
  dial_later();
}

void Front::detach() {
  handlers_.reset();
  down();
}

void Front::down() {
  if (!up_) return;
  up_ = false;
  ++connection_;
  out_.clear();
  bytes_ = 0;
  if (!handlers_) return;
  const auto told = handlers_->link;
  told(false);
  dial_later();
}

void Front::cut() {
  if (!up_) return;
  schedule_.note(name_ + ": the host's link is cut");
  down();
}

void Front::dial_later() {
  if (dialling_) return;
  dialling_ = true;
  schedule_.after(schedule_.between(5, 300), [this] {
    dialling_ = false;
    if (up_ || !handlers_) return;
    up_ = true;
    parser_.emplace();
    std::vector<xmpp::StreamEvent> opened;
    parser_->feed(kOpening, opened);
    const auto told = handlers_->link;
    told(true);
  });
}

void Front::write(std::string_view bytes) {
  if (!up_) return;
  std::vector<xmpp::StreamEvent> events;
  parser_->feed(bytes, events);
  for (xmpp::StreamEvent& event : events) {
    auto* read = std::get_if<xmpp::StanzaRead>(&event);
    auto stanza = read == nullptr ? Result<xmpp::Stanza>(Error(Condition::bad_request, "not XML"))
                                  : xmpp::Stanza::parse(read->stanza);
    if (!stanza) return observer_.broken(name_ + ": " + std::string(bytes));
    observer_.leaves(*stanza);
    const std::size_t size = bytes.size() / events.size();
    out_.push_back(Taken{std::move(*stanza), size});
    bytes_ += size;
  }
  schedule_read();
}

void Front::confirm(engine::Mark mark) {
  if (!up_) return;
  out_.push_back(mark);
  schedule_read();
}

void Front::schedule_read() {
  if (scheduled_ || out_.empty()) return;
  scheduled_ = true;
  schedule_.after(schedule_.between(0, 10), [this] { read(); });
}

void Front::read() {
  scheduled_ = false;
  if (!up_ || out_.empty()) return;
  const std::uint64_t connection = connection_;
  for (std::size_t most = 1 + schedule_.below(out_.size()); most > 0; --most) {
    Item item = std::move(out_.front());
    out_.pop_front();
    if (const auto* taken = std::get_if<Taken>(&item)) {
      bytes_ -= taken->bytes;
      observer_.taken(taken->stanza);
    } else {
      const auto confirmed = handlers_->confirmed;
      confirmed(std::get<engine::Mark>(item));
    }
    if (connection != connection_) return;
  }
  schedule_read();
  const auto drained = handlers_->drained;
  drained();
}

void Front::say(std::string xml) {
  in_order_ = std::max(in_order_, schedule_.mono() + schedule_.between(0, 10));
  schedule_.after(in_order_ - schedule_.mono(),
                  [this, connection = connection_, xml = std::move(xml)] {
                    if (!up_ || connection != connection_) return;
                    const auto take = handlers_->stanza;
                    take(packet(xml).stanza);
                  });
}

}  // namespace hansa::sim::links
