// Addresses and nicknames: what prepares once stays as it is, and its parts make it again.

#include "tests/fuzz/target.h"
#include "xmpp/jid.h"

namespace hansa::fuzz {

void run(std::string_view bytes) {
  if (const auto jid = xmpp::Jid::parse(bytes)) {
    const auto again = xmpp::Jid::parse(jid->text());
    holds(again.ok(), "a prepared address is an address");
    holds(*again == *jid, "a prepared address prepares to itself");
    const auto made = xmpp::Jid::make(jid->local(), jid->domain(), jid->resource());
    holds(made.ok() && *made == *jid, "the parts of an address make it");
    holds(jid->is_bare() == jid->resource().empty(), "a bare address has no resource");
    holds(jid->bare().text() == jid->bare_text(), "the bare address is its text");
  }
  if (const auto nick = xmpp::prepare_nick(bytes)) {
    const auto again = xmpp::prepare_nick(*nick);
    holds(again.ok() && *again == *nick, "a prepared nickname prepares to itself");
  }
  // Spaces at the ends cannot be escaped (XEP-0106 §4.1).
  if (bytes.starts_with(' ') || bytes.ends_with(' ')) return;
  const std::string escaped = xmpp::escape_local(bytes);
  holds(xmpp::unescape_local(escaped) == bytes, "what was escaped unescapes to what it was");
  holds(escaped.find_first_of(" \"&'/:<>@") == std::string::npos, "nothing is left to escape");
}

}  // namespace hansa::fuzz
