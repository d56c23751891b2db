#include "modules/act-as/parts.h"

namespace hansa::act_as {

std::string from_identity(const Parts& parts, const xmpp::Jid& acting, const Outgoing& head,
                          std::string_view content) {
  const xmpp::Jid from = full_identity_of(parts.domains, acting);
  xmpp::Head written;
  written.kind = head.kind;
  written.type = head.type;
  written.from = from.text();
  written.to = head.to;
  written.id = head.id;
  std::string out;
  xmpp::write_stanza(out, written, content);
  return out;
}

std::string one_line(std::string_view text, std::size_t most) {
  std::string line;
  bool space = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    // What ends a line elsewhere, too: U+2028, U+2029.
    const bool separator = text.substr(at, 2) == "\xe2\x80" && at + 2 < text.size() &&
                           (text[at + 2] == '\xa8' || text[at + 2] == '\xa9');
    const auto byte = static_cast<unsigned char>(text[at]);
    if (separator) at += 2;
    if (separator || byte <= 0x20 || byte == 0x7f) {
      space = !line.empty();
      continue;
    }
    if (space) line += ' ';
    space = false;
    line += text[at];
  }
  if (line.size() <= most) return line;
  // Where a character of UTF-8 begins.
  while (most > 0 && (static_cast<unsigned char>(line[most]) & 0xC0U) == 0x80U) --most;
  return line.substr(0, most) + "…";
}

std::string nick_of(const rooms::Room& room, const xmpp::Jid& speaker) {
  for (const auto& [full, session] : room.sessions()) {
    if (session.jid.bare_text() == speaker.bare_text()) return session.nick;
  }
  return xmpp::unescape_local(speaker.local());
}

}  // namespace hansa::act_as
