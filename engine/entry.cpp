#include "engine/entry.h"

#include "engine/fields.h"

namespace hansa::engine {
namespace {

// Tags of a header; storage/format.md, «Entries».
enum HeaderTag : std::uint32_t {
  kKind = 1,
  kFormat = 2,
  kMustUnderstand = 3,
  kIncarnation = 4,
  kNumber = 5,
  kOriginStamp = 6,
  kStamp = 7,
  kTrace = 8,
};
// Tags of a payload.
enum PayloadTag : std::uint32_t { kShared = 1, kLocal = 2 };

}  // namespace

storage::Entry to_storage(const Entry& entry) {
  FieldWriter header;
  header.put(kKind, static_cast<std::uint64_t>(entry.kind))
      .put(kFormat, std::uint64_t{entry.format})
      .put(kMustUnderstand, std::uint64_t{entry.must_understand})
      .put(kIncarnation, entry.origin.incarnation)
      .put(kNumber, entry.origin.number)
      .put(kOriginStamp, static_cast<std::uint64_t>(entry.origin_stamp.ms))
      .put(kStamp, static_cast<std::uint64_t>(entry.stamp.ms))
      .put(kTrace, entry.trace);
  FieldWriter payload;
  payload.put(kShared, entry.shared.bytes).put_if(kLocal, entry.local.bytes);
  return {entry.position, header.take(), payload.take(), false};
}

Result<Entry> from_storage(const storage::Entry& stored) {
  const FieldReader header(stored.header);
  if (header.damaged() || !header.has(kKind) || !header.has(kStamp)) {
    return Error(Condition::internal_server_error, "an entry of the log cannot be read");
  }
  Entry entry;
  entry.position = stored.position;
  entry.kind = static_cast<EntryKind>(header.number(kKind));
  entry.format = static_cast<std::uint8_t>(header.number(kFormat));
  entry.must_understand = header.number(kMustUnderstand) != 0;
  entry.origin = {header.number(kIncarnation), header.number(kNumber)};
  entry.origin_stamp = {static_cast<std::int64_t>(header.number(kOriginStamp))};
  entry.stamp = {static_cast<std::int64_t>(header.number(kStamp))};
  entry.trace = header.number(kTrace);
  entry.erased = stored.erased;
  if (stored.erased) return entry;
  const FieldReader payload(stored.payload);
  if (payload.damaged()) {
    return Error(Condition::internal_server_error, "an entry of the log cannot be read");
  }
  entry.shared.bytes = payload.text(kShared);
  entry.local.bytes = payload.text(kLocal);
  return entry;
}

}  // namespace hansa::engine
