#pragma once
// What hub and nodes do alike with the frames of a link.

#include <string>
#include <string_view>

#include "engine/follower.h"
#include "engine/turn.h"
#include "xep-spec/shared_rooms.h"

namespace hansa::shared_log {

namespace xsr = xep_shared_rooms;

// `ours` and `theirs` are the two ends of the link; `link` is its name here.
struct LinkEnd {
  std::string ours;
  std::string theirs;
};

inline void send_frame(engine::Turn& turn, const LinkEnd& end, const std::string& link,
                       const xsr::Frame& frame) {
  turn.send_on(link, xsr::to_message(end.ours, end.theirs, frame));
}

// A stanza to one receiver, cut where its address stands: Delivery's form.
[[nodiscard]] inline engine::Encoded cut_at_to(std::string stanza) {
  constexpr std::string_view kTo = " to='";
  const std::size_t start = stanza.find(kTo) + kTo.size();
  const std::size_t end = stanza.find('\'', start);
  return {stanza.substr(0, start), stanza.substr(end)};
}

// The room that a frame is about; null if it is about none.
[[nodiscard]] const xmpp::Jid* room_of(const xsr::Frame& frame);

}  // namespace hansa::shared_log
