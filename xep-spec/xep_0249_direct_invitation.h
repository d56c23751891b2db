#pragma once
// XEP-0249 Direct MUC Invitations: one person asks another into a room, past the room.
// Supported: 1.2, complete

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "xmpp/element.h"
#include "xmpp/jid.h"
#include "xmpp/writer.h"

namespace hansa::xep_0249 {

inline constexpr std::string_view kNs = "jabber:x:conference";
inline constexpr std::array<std::string_view, 1> kFeatures = {kNs};

struct Invitation {
  xmpp::Jid room;
  std::string password;
  std::string reason;
};

// Nothing without a room's address that prepares.
[[nodiscard]] std::optional<Invitation> parse(const xmpp::Element& element);
void write(xmpp::Writer& writer, const Invitation& invitation);

}  // namespace hansa::xep_0249
