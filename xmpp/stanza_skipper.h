#pragma once
// Finds the end of a stanza that nobody wants to read. It only looks where tags, values and CDATA
// begin and end, so that a stanza of any size and depth costs one pass and no memory. What is
// well-formed ends where expat would end it; not all that is wrong is found.

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace hansa::xmpp {

class StanzaSkipper {
 public:
  enum class Verdict : std::uint8_t {
    more,
    ended,
    restricted,  // a comment, document type or processing instruction
    malformed,
    endless,  // a text, value or name over `longest_run`
  };

  explicit StanzaSkipper(std::size_t longest_run) : longest_run_(longest_run) {}
  // `open`: how many elements of the stanza are open; 0: its own tag comes first.
  void start(std::size_t open, bool in_cdata);
  // Takes from the front of `bytes` what belongs to the stanza.
  [[nodiscard]] Verdict skip(std::string_view& bytes);

 private:
  enum class State : std::uint8_t {
    text,
    less,  // <
    bang,  // <!
    cdata,
    tag,        // <name…
    value,      // of an attribute
    close_tag,  // </…
  };
  [[nodiscard]] Verdict step(char c);
  [[nodiscard]] Verdict after_less(char c);
  [[nodiscard]] Verdict close();

  const std::size_t longest_run_;
  std::size_t run_ = 0;  // bytes in this state
  std::size_t open_ = 0;
  State state_ = State::text;
  std::uint8_t matched_ = 0;  // bytes of "[CDATA[", then of "]]"
  char last_ = 0;             // in a tag; of a value its quote
};

}  // namespace hansa::xmpp
