#include "stream/confirm.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "xep-spec/xep_0199_ping.h"
#include "xmpp/stanza.h"

namespace hansa::stream {
namespace {

// Between two pings: bounds what a busy link spends on them, and how far `confirmed` lags behind.
constexpr Millis kSpacing{100};
constexpr std::size_t kIdCharacters = 16;  // 80 bits

}  // namespace

Confirm::Confirm(std::string domain, Random& random)
    : domain_(std::move(domain)), random_(random) {}

void Confirm::sent(Mark mark) {
  assert(mark >= sent_);
  sent_ = mark;
  if (sent_ > confirmed_) wanted_ = true;
}

std::optional<MonoTime> Confirm::due() const {
  if (!wanted_ || flight_) return std::nullopt;
  return last_ ? *last_ + kSpacing : MonoTime{};
}

std::optional<std::string> Confirm::take(MonoTime now) {
  const std::optional<MonoTime> when = due();
  if (!when || now < *when) return std::nullopt;
  flight_ = Flight{random_token(random_, kIdCharacters), sent_, now};
  last_ = now;
  wanted_ = false;
  std::string payload;
  xmpp::Writer writer(payload);
  xep_0199::write(writer, {});
  std::string xml;
  xmpp::Head head;
  head.kind = xmpp::StanzaKind::iq;
  head.type = "get";
  head.from = domain_;
  head.to = domain_;
  head.id = flight_->id;
  xmpp::write_stanza(xml, head, payload);
  return xml;
}

std::optional<Mark> Confirm::answered(std::string_view id) {
  std::optional<Flight>* const came = flight_ && flight_->id == id       ? &flight_
                                      : given_up_ && given_up_->id == id ? &given_up_
                                                                         : nullptr;
  if (came == nullptr) return std::nullopt;
  confirmed_ = std::max(confirmed_, (*came)->covers);
  came->reset();
  return confirmed_;
}

std::optional<Millis> Confirm::waiting(MonoTime now) const {
  if (!flight_) return std::nullopt;
  return now - flight_->since;
}

void Confirm::give_up() {
  given_up_ = std::exchange(flight_, std::nullopt);
  if (sent_ > confirmed_) wanted_ = true;
}

}  // namespace hansa::stream
