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

std::string nick_of(const rooms::Room& room, const xmpp::Jid& speaker) {
  for (const auto& [full, session] : room.sessions()) {
    if (session.jid.bare_text() == speaker.bare_text()) return session.nick;
  }
  return xmpp::unescape_local(speaker.local());
}

}  // namespace hansa::act_as
