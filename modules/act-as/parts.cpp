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

}  // namespace hansa::act_as
