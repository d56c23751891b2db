#pragma once
// Push parser of a stream (RFC 6120 §4, §11) over expat: bytes in, events out, one parse per
// stanza into one arena. What is not well-formed, and what RFC 6120 §11.1 forbids (DTD, PI,
// comments, entities), breaks the stream. What base/limits.h bounds costs the one stanza only, as
// its sender need not be who speaks on the stream: the rest of it is thrown away as it comes.
// Linear in the bytes however they are dribbled, and a stanza is reported as soon as its last byte
// is there. After an error or the stream's end it takes no more. White space between stanzas (a
// keep-alive) costs nothing. Not for several threads at once.
//
// Elements in the stream's content namespace (the default namespace of its opening tag) are given
// ns::kClient, so that nobody else needs to know which kind of stream a stanza came on.

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/limits.h"
#include "base/result.h"
#include "xmpp/element.h"

namespace hansa::xmpp {

struct StreamOpened {
  DocumentPtr header;      // the <stream:stream/> tag: its attributes, no children
  std::string content_ns;  // its default namespace
};
struct StanzaRead {
  DocumentPtr stanza;
};
// A well-formed stanza over one of the limits. `stanza` is its opening tag, with no more than from,
// to, id and type, as far as they are within the limits; without any if the tag alone is many times
// a stanza's limit. `text` says which limit. Beyond the limit of its bytes a stanza is not judged
// any more: only its end is looked for, however far it is; but one text or value of many times the
// limit, which no host writes, breaks the stream.
struct StanzaRefused {
  DocumentPtr stanza;
  std::string text;
};
struct StreamClosed {};
// What ends the stream; `condition` is the element name of RFC 6120 §4.9.3.
struct StreamBroken {
  std::string_view condition;
  std::string text;
};
using StreamEvent =
    std::variant<StreamOpened, StanzaRead, StanzaRefused, StreamClosed, StreamBroken>;

struct ParserLimits {
  std::size_t stanza_bytes = limits::kStanzaBytes;
  std::size_t depth = limits::kXmlDepth;
  std::size_t attributes = limits::kXmlAttributes;
  std::size_t attribute_bytes = limits::kXmlAttributeBytes;
  std::size_t namespace_bytes = limits::kXmlNamespaceBytes;
  std::size_t elements = limits::kXmlElements;
  std::size_t renew_bytes = limits::kXmlRenewBytes;
};

class StreamParser {
 public:
  explicit StreamParser(ParserLimits bounds = {});
  ~StreamParser();
  StreamParser(StreamParser&&) noexcept;
  StreamParser& operator=(StreamParser&&) noexcept;

  // Events of `bytes`, appended to `out` in order. After StreamClosed or StreamBroken: nothing.
  void feed(std::string_view bytes, std::vector<StreamEvent>& out);

 private:
  friend Result<DocumentPtr> parse_element(std::string_view, std::string_view, ParserLimits);
  class Impl;
  std::unique_ptr<Impl> impl_;
};

// One element that stands alone (tests, storage, examples), under the same rules and limits.
// Elements without a namespace of their own are in `default_ns`. Error: bad_request.
[[nodiscard]] Result<DocumentPtr> parse_element(std::string_view text,
                                                std::string_view default_ns = {},
                                                ParserLimits bounds = {});

}  // namespace hansa::xmpp
