#include "modules/rooms/archived.h"

#include <array>

#include "base/encoding.h"
#include "engine/fields.h"
#include "engine/letters.h"

namespace hansa::rooms {
namespace {

constexpr std::uint32_t kPosition = 1;
constexpr std::uint32_t kStanzaId = 2;
constexpr std::uint32_t kId = 3;
constexpr std::uint32_t kNick = 4;
constexpr std::uint32_t kOccupantId = 5;
constexpr std::uint32_t kRetraction = 6;
constexpr std::uint32_t kStamp = 7;
constexpr std::uint32_t kBy = 8;
constexpr std::uint32_t kById = 9;
constexpr std::uint32_t kReason = 10;

}  // namespace

std::string stanza_key(std::string_view log_id, std::string_view stanza_id) {
  return engine::log_keys(log_id).append("said/").append(stanza_id);
}

std::string tombstone_key(std::string_view log_id, engine::Position position) {
  std::array<std::uint8_t, 8> bytes{};  // of fixed width: their order is that of positions
  for (auto byte = bytes.rbegin(); byte != bytes.rend(); ++byte, position >>= 8) {
    *byte = static_cast<std::uint8_t>(position);
  }
  return engine::log_keys(log_id).append("grave/").append(hex(bytes));
}

std::string write_tombstone(const Tombstone& tombstone) {
  engine::FieldWriter out;
  out.put(kPosition, tombstone.position)
      .put_if(kStanzaId, tombstone.stanza_id)
      .put_if(kId, tombstone.id)
      .put_if(kNick, tombstone.nick)
      .put_if(kOccupantId, tombstone.occupant_id)
      .put_if(kRetraction, tombstone.retraction)
      .put(kStamp, static_cast<std::uint64_t>(tombstone.stamp.ms))
      .put_if(kBy, tombstone.by)
      .put_if(kById, tombstone.by_id)
      .put_if(kReason, tombstone.reason);
  return out.take();
}

Tombstone read_tombstone(std::string_view bytes) {
  const engine::FieldReader in(bytes);
  Tombstone tombstone;
  tombstone.position = in.number(kPosition);
  tombstone.stanza_id = in.text(kStanzaId);
  tombstone.id = in.text(kId);
  tombstone.nick = in.text(kNick);
  tombstone.occupant_id = in.text(kOccupantId);
  tombstone.retraction = in.text(kRetraction);
  tombstone.stamp = {static_cast<std::int64_t>(in.number(kStamp))};
  tombstone.by = in.text(kBy);
  tombstone.by_id = in.text(kById);
  tombstone.reason = in.text(kReason);
  return tombstone;
}

}  // namespace hansa::rooms
