#pragma once
// Looks at the piece of a tag or reference that expat could not finish, and says when more bytes
// are worth giving to it. Expat begins such a token anew at every call, so a tag dribbled one byte
// at a time would cost the square of its length; and its own remedy (reparse deferral) may keep a
// finished stanza back. Also knows at the first bytes what RFC 6120 §11.1 refuses, so that an
// endless comment is not waited for.

#include <cstdint>
#include <string_view>

namespace hansa::xmpp {

class TokenScanner {
 public:
  enum class Verdict : std::uint8_t {
    parse,   // the token may be complete: expat must see it
    wait,    // it cannot be complete: keep the bytes
    refuse,  // a comment, document type or processing instruction
  };

  [[nodiscard]] bool is_open() const { return state_ != State::none; }
  // No token is unfinished.
  void reset() { state_ = State::none; }
  // `tail`: what expat left of its input; `first` if nothing but a byte order mark stood before it.
  [[nodiscard]] Verdict start(std::string_view tail, bool first);
  // Further bytes after it.
  [[nodiscard]] Verdict more(std::string_view bytes);
  // It looked complete but was not: nothing is kept back until the next token.
  void give_up() { state_ = State::loose; }

 private:
  enum class State : std::uint8_t {
    none,
    loose,           // a piece of a character, or of CDATA's opening: a few bytes at most
    less,            // <
    bang,            // <!
    declaration,     // <?… at the start of the stream
    tag,             // <name…
    tag_apostrophe,  // in an attribute value
    tag_quote,
    reference,  // &…
  };
  [[nodiscard]] Verdict step(char c);

  State state_ = State::none;
  bool first_ = false;
  std::uint16_t length_ = 0;  // of a declaration
};

}  // namespace hansa::xmpp
