#include "xmpp/stanza_skipper.h"

#include <algorithm>

namespace hansa::xmpp {
namespace {

constexpr std::string_view kCdata = "[CDATA[";

}  // namespace

void StanzaSkipper::start(std::size_t open, bool in_cdata) {
  run_ = 0;
  open_ = open;
  state_ = in_cdata ? State::cdata : State::text;
  matched_ = 0;
}

StanzaSkipper::Verdict StanzaSkipper::skip(std::string_view& bytes) {
  while (!bytes.empty()) {
    const State before = state_;
    if (state_ == State::text && bytes.front() != '<') {
      const std::size_t length = std::min(bytes.find('<'), bytes.size());
      bytes.remove_prefix(length);
      run_ += length;
    } else {
      const char c = bytes.front();
      bytes.remove_prefix(1);
      const Verdict verdict = step(c);
      if (verdict != Verdict::more) return verdict;
      run_ = state_ == before ? run_ + 1 : 0;
    }
    if (run_ > longest_run_) return Verdict::endless;
  }
  return Verdict::more;
}

StanzaSkipper::Verdict StanzaSkipper::step(char c) {
  if (c == '<' && state_ != State::text && state_ != State::cdata) return Verdict::malformed;
  switch (state_) {
    case State::text: state_ = State::less; break;  // skip() stopped at '<'
    case State::less: return after_less(c);
    case State::bang:
      if (c != kCdata[matched_]) return Verdict::restricted;
      if (++matched_ < kCdata.size()) break;
      state_ = State::cdata;
      matched_ = 0;
      break;
    case State::cdata:
      if (c == '>' && matched_ == 2) state_ = State::text;
      matched_ = c != ']' ? 0 : matched_ == 0 ? 1 : 2;
      break;
    case State::tag:
      if (c == '>') {
        state_ = State::text;
        return last_ == '/' ? close() : Verdict::more;
      }
      if (c == '\'' || c == '"') state_ = State::value;
      last_ = c;
      break;
    case State::value:
      if (c == last_) state_ = State::tag;
      break;
    case State::close_tag:
      if (c != '>') break;
      state_ = State::text;
      return close();
  }
  return Verdict::more;
}

StanzaSkipper::Verdict StanzaSkipper::after_less(char c) {
  last_ = c;
  matched_ = 0;
  switch (c) {
    case '?': return Verdict::restricted;
    case '>': return Verdict::malformed;
    case '!': state_ = State::bang; break;
    case '/': state_ = State::close_tag; break;
    default: state_ = State::tag; ++open_;
  }
  return Verdict::more;
}

StanzaSkipper::Verdict StanzaSkipper::close() {
  if (open_ == 0) return Verdict::malformed;
  return --open_ == 0 ? Verdict::ended : Verdict::more;
}

}  // namespace hansa::xmpp
