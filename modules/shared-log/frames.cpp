#include "modules/shared-log/frames.h"

#include <concepts>

namespace hansa::shared_log {

const xmpp::Jid* room_of(const xsr::Frame& frame) {
  return std::visit(
      [](const auto& one) -> const xmpp::Jid* {
        if constexpr (requires {
                        { one.room } -> std::same_as<const xmpp::Jid&>;
                      }) {
          return &one.room;
        } else {
          return nullptr;
        }
      },
      frame);
}

}  // namespace hansa::shared_log
