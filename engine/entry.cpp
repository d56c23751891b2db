#include "engine/entry.h"

#include <algorithm>

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
  kHash = 9,
  kEnterprise = 10,
  kEpoch = 11,
  kSequence = 12,
};
// Tags of a payload.
enum PayloadTag : std::uint32_t { kShared = 1, kLocal = 2, kSalt = 3, kGone = 4, kOrdered = 5 };
// Tags of the shared part of `erased`.
enum ErasedTag : std::uint32_t { kErasedEnterprise = 1, kErasedIncarnation = 2, kErasedNumber = 3 };

constexpr std::uint64_t kMostKind = 0xFFFF;
constexpr std::uint64_t kMostFormat = 0xFF;

Error unreadable(std::string_view what) {
  return Error(Condition::internal_server_error,
               "an entry of the log cannot be read: " + std::string(what));
}

std::string_view bytes_of(const Sha256& hash) {
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

}  // namespace

bool understood(const Entry& entry) {
  const auto kind = static_cast<std::uint64_t>(entry.kind);
  return kind >= 1 && kind <= static_cast<std::uint64_t>(kLastEntryKind) &&
         entry.format == kEntryFormat;
}

Sha256 payload_hash(std::string_view salt, const SharedPart& shared) {
  std::string salted;
  salted.reserve(salt.size() + shared.bytes.size());
  salted.append(salt).append(shared.bytes);
  return sha256(salted);
}

void erase_payload(Entry& entry) {
  entry.salt.clear();
  entry.shared.bytes.clear();
  entry.ordered.bytes.clear();
  entry.local.bytes.clear();
  entry.erased = true;
}

std::string write_erased(const Origin& origin) {
  FieldWriter fields;
  fields.put_if(kErasedEnterprise, origin.enterprise)
      .put(kErasedIncarnation, origin.incarnation)
      .put(kErasedNumber, origin.number);
  return fields.take();
}

Origin read_erased(std::string_view bytes) {
  const FieldReader fields(bytes);
  return {std::string(fields.text(kErasedEnterprise)), fields.number(kErasedIncarnation),
          fields.number(kErasedNumber)};
}

storage::Entry to_storage(const Entry& entry) {
  FieldWriter header;
  header.put(kKind, static_cast<std::uint64_t>(entry.kind))
      .put(kFormat, std::uint64_t{entry.format})
      .put_unless_0(kMustUnderstand, entry.must_understand ? 1 : 0)
      .put(kIncarnation, entry.origin.incarnation)
      .put(kNumber, entry.origin.number)
      .put(kOriginStamp, static_cast<std::uint64_t>(entry.origin_stamp.ms))
      .put(kStamp, static_cast<std::uint64_t>(entry.stamp.ms))
      .put(kTrace, entry.trace)
      .put(kHash, bytes_of(entry.hash))
      .put_if(kEnterprise, entry.origin.enterprise)
      .put_unless_0(kEpoch, entry.order.epoch)
      .put_unless_0(kSequence, entry.order.sequence);
  FieldWriter payload;
  if (entry.erased) {  // it came so
    payload.put(kGone, std::uint64_t{1});
    return {entry.position, header.take(), payload.take(), false};
  }
  payload.put(kShared, entry.shared.bytes)
      .put_if(kLocal, entry.local.bytes)
      .put(kSalt, entry.salt)
      .put_if(kOrdered, entry.ordered.bytes);
  return {entry.position, header.take(), payload.take(), false};
}

Result<Entry> from_storage(const storage::Entry& stored) {
  const FieldReader header(stored.header);
  if (header.damaged() || !header.has(kKind) || !header.has(kStamp)) return unreadable("header");
  const std::string_view hash = header.text(kHash);
  if (hash.size() != Sha256().size()) return unreadable("hash");
  if (header.number(kKind) > kMostKind || header.number(kFormat) > kMostFormat) {
    return unreadable("kind");
  }
  Entry entry;
  entry.position = stored.position;
  entry.kind = static_cast<EntryKind>(header.number(kKind));
  entry.format = static_cast<std::uint8_t>(header.number(kFormat));
  entry.must_understand = header.number(kMustUnderstand) != 0;
  entry.origin = {std::string(header.text(kEnterprise)), header.number(kIncarnation),
                  header.number(kNumber)};
  entry.order = {header.number(kEpoch), header.number(kSequence)};
  entry.origin_stamp = {static_cast<std::int64_t>(header.number(kOriginStamp))};
  entry.stamp = {static_cast<std::int64_t>(header.number(kStamp))};
  entry.trace = header.number(kTrace);
  std::copy(hash.begin(), hash.end(), entry.hash.begin());
  entry.erased = stored.erased;
  if (stored.erased) return entry;
  const FieldReader payload(stored.payload);
  if (payload.damaged()) return unreadable("payload");
  if (payload.has(kGone)) {
    entry.erased = true;
    return entry;
  }
  entry.shared.bytes = payload.text(kShared);
  entry.local.bytes = payload.text(kLocal);
  entry.ordered.bytes = payload.text(kOrdered);
  entry.salt = payload.text(kSalt);
  if (payload_hash(entry.salt, entry.shared) != entry.hash) {
    return unreadable("its payload is not the one that was written");
  }
  return entry;
}

}  // namespace hansa::engine
