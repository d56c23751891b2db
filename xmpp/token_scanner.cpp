#include "xmpp/token_scanner.h"

namespace hansa::xmpp {
namespace {

// An XML declaration says version, encoding and standalone.
constexpr std::uint16_t kDeclarationBytes = 256;

bool in_reference(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '#' ||
         c == ':' || c == '.' || c == '_' || c == '-' || static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

TokenScanner::Verdict TokenScanner::start(std::string_view tail, bool first) {
  first_ = first;
  length_ = 0;
  switch (tail.front()) {
    case '<': state_ = State::less; break;
    case '&': state_ = State::reference; break;
    default: state_ = State::loose; return Verdict::parse;
  }
  return more(tail.substr(1));
}

TokenScanner::Verdict TokenScanner::more(std::string_view bytes) {
  if (state_ == State::loose) return Verdict::parse;
  for (const char c : bytes) {
    const Verdict verdict = step(c);
    if (verdict != Verdict::wait) return verdict;
  }
  return Verdict::wait;
}

TokenScanner::Verdict TokenScanner::step(char c) {
  // In no tag, name or value may '<' stand: expat will say so at once.
  if (c == '<') return Verdict::parse;
  switch (state_) {
    case State::none:
    case State::loose: return Verdict::parse;
    case State::less:
      if (c == '?' && !first_) return Verdict::refuse;
      state_ = c == '!' ? State::bang : c == '?' ? State::declaration : State::tag;
      return c == '>' ? Verdict::parse : Verdict::wait;
    case State::bang:
      if (c != '[') return Verdict::refuse;
      state_ = State::loose;
      return Verdict::parse;
    case State::declaration:
      if (++length_ > kDeclarationBytes) return Verdict::refuse;
      return c == '>' ? Verdict::parse : Verdict::wait;
    case State::tag:
      if (c == '\'') state_ = State::tag_apostrophe;
      if (c == '"') state_ = State::tag_quote;
      return c == '>' ? Verdict::parse : Verdict::wait;
    case State::tag_apostrophe:
      if (c == '\'') state_ = State::tag;
      return Verdict::wait;
    case State::tag_quote:
      if (c == '"') state_ = State::tag;
      return Verdict::wait;
    case State::reference: return in_reference(c) ? Verdict::wait : Verdict::parse;
  }
  return Verdict::parse;
}

}  // namespace hansa::xmpp
