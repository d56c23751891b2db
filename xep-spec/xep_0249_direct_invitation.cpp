#include "xep-spec/xep_0249_direct_invitation.h"

namespace hansa::xep_0249 {

std::optional<Invitation> parse(const xmpp::Element& element) {
  if (!element.is("x", kNs)) return std::nullopt;
  Result<xmpp::Jid> room = xmpp::Jid::parse(element.attr("jid"));
  if (!room) return std::nullopt;
  return Invitation{std::move(room).value(), std::string(element.attr("password")),
                    std::string(element.attr("reason"))};
}

void write(xmpp::Writer& writer, const Invitation& invitation) {
  writer.open("x", kNs)
      .attr("jid", invitation.room.text())
      .attr_if("password", invitation.password)
      .attr_if("reason", invitation.reason)
      .close();
}

}  // namespace hansa::xep_0249
