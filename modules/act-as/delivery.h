#pragma once
// What a conversation's peer is sent: each message of a member as one of the identity, built from
// the allow-list (crossing.h), under an id that the peer's side alone knows. Nothing of the speaker
// is in it (requirement A7).

#include "engine/follower.h"
#include "modules/act-as/address.h"

namespace hansa::act_as {

// Groups of a conversation: a person is confirmed by the host that takes his messages, a room by
// its reflections (protocol §4).
inline constexpr std::string_view kPersonGroup = "peer";
inline constexpr std::string_view kRoomGroup = "peer-room";

class PeerDelivery final : public engine::LinkDelivery {
 public:
  PeerDelivery(const Domains& domains, const std::string& secret)
      : domains_(domains), secret_(secret) {}
  [[nodiscard]] std::optional<engine::Encoded> encode_shared(const engine::RoomState& room,
                                                             const engine::SharedEntry& entry,
                                                             bool late) const override;

 private:
  const Domains& domains_;
  const std::string& secret_;  // of the node
};

}  // namespace hansa::act_as
