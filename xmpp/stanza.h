#pragma once
// A stanza as read from a stream (RFC 6120 §8): kind, type, addresses prepared once, the element
// borrowed from its shared document. Copies are cheap. Also the opening tags and errors that we
// write. parse() refuses addresses that do not prepare, so nobody below sees one.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "xmpp/element.h"
#include "xmpp/jid.h"
#include "xmpp/writer.h"

namespace hansa::xmpp {

enum class StanzaKind : std::uint8_t { message, presence, iq };

struct Stanza {
  StanzaKind kind = StanzaKind::message;
  std::string_view type;  // as written; empty: the kind's default
  std::string_view id;
  Jid from;
  Jid to;
  DocumentPtr document;

  // `document` holds a message, presence or iq in ns::kClient. Errors: jid_malformed for from or
  // to, bad_request for another element or an iq without a type or id.
  [[nodiscard]] static Result<Stanza> parse(DocumentPtr document);

  [[nodiscard]] const Element& element() const { return document->root(); }
  [[nodiscard]] const Element* child(std::string_view name, std::string_view ns) const {
    return element().child(name, ns);
  }
  // The first child element: an iq's payload. Null if none.
  [[nodiscard]] const Element* payload() const { return element().first_child(); }
  [[nodiscard]] bool is_error() const { return type == "error"; }
  // iq get or set: exactly one answer is owed.
  [[nodiscard]] bool is_request() const {
    return kind == StanzaKind::iq && (type == "get" || type == "set");
  }
  [[nodiscard]] std::string_view body() const;  // first <body/>'s first text run; may be empty
};

[[nodiscard]] std::string_view name_of(StanzaKind kind);

// The parts of an opening tag; empty ones are left out.
struct Head {
  StanzaKind kind = StanzaKind::message;
  std::string_view type;
  std::string_view from;
  std::string_view to;
  std::string_view id;
  std::string_view lang;
};

// <kind from=… to=… type=… id=…>content</kind> with `content` written by a Writer. Appends.
void write_stanza(std::string& out, const Head& head, std::string_view content);
// The answer to an iq request: type result, addresses turned round.
[[nodiscard]] std::string iq_result(const Stanza& request, std::string_view content = {});
// The error answer to `stanza` (RFC 6120 §8.3): addresses turned round, its id, the <error/> with
// condition and text; `echo` is put before it and `detail` inside it (application condition).
// An error's own answer does not exist: asserts !stanza.is_error().
[[nodiscard]] std::string error_answer(const Stanza& stanza, const Error& error,
                                       std::string_view echo = {}, std::string_view detail = {});
// Only the <error/> element.
void write_error(Writer& writer, const Error& error, std::string_view detail = {});
// The condition and text of a stanza of type error.
[[nodiscard]] Error read_error(const Stanza& stanza);

}  // namespace hansa::xmpp
