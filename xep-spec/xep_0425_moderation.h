#pragma once
// XEP-0425 Moderated Message Retraction: what a moderator asks of the room, what the room says to
// all, what stands in an archive. Version 0.2 (namespace …:0, inside <apply-to/>), which many
// clients still speak, is read and said beside the present one.
// Supported: 0.3.0, complete

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "xmpp/element.h"
#include "xmpp/writer.h"

namespace hansa::xep_0425 {

inline constexpr std::string_view kNs = "urn:xmpp:message-moderate:1";
inline constexpr std::string_view kNsOld = "urn:xmpp:message-moderate:0";
inline constexpr std::array<std::string_view, 2> kFeatures = {kNs, kNsOld};

struct Request {
  std::string id;  // the room's stanza-id of the message
  std::string reason;
};
// The payload of an iq of type set, of either version. Nothing: it asks for no retraction, which is
// the only thing that can be asked.
[[nodiscard]] std::optional<Request> parse(const xmpp::Element& payload);

// Who did it: address and occupant-id of the moderator in the room.
struct Moderated {
  std::string by;
  std::string occupant_id;
  std::string reason;
};
// In a room's message: which of its messages was taken back, and by whom. Nothing: none was.
struct Announcement {
  std::string id;
  Moderated moderated;
};
[[nodiscard]] std::optional<Announcement> parse_announcement(const xmpp::Element& message);
// The content of the room's message: <retract/> of `id`, in both versions.
void write_announcement(xmpp::Writer& writer, std::string_view id, const Moderated& moderated);
// What a <retracted/> (XEP-0424) holds.
void write(xmpp::Writer& writer, const Moderated& moderated);

}  // namespace hansa::xep_0425
