// Headers and payloads as the store gives them: refused as damaged, or an entry that is written and
// read again without a change.

#include "engine/entry.h"
#include "tests/fuzz/target.h"

namespace hansa::fuzz {
namespace {

void check(const storage::Entry& stored) {
  const auto entry = engine::from_storage(stored);
  if (!entry) return;
  const storage::Entry written = engine::to_storage(*entry);
  storage::Entry back = written;
  back.erased = stored.erased;
  if (stored.erased) back.payload.clear();
  const auto again = engine::from_storage(back);
  holds(again.ok(), "an entry that was written can be read");
  const storage::Entry twice = engine::to_storage(*again);
  holds(twice.header == written.header && twice.payload == written.payload,
        "an entry that is read again is written the same");
  holds(again->kind == entry->kind && again->stamp.ms == entry->stamp.ms &&
            again->shared.bytes == entry->shared.bytes && again->local.bytes == entry->local.bytes,
        "an entry that is read again says the same");
}

}  // namespace

void run(std::string_view bytes) {
  Pieces pieces(bytes);
  const std::string header(pieces.text());
  const std::string payload(pieces.text());
  check({1, header, payload, false});
  check({1, header, {}, true});

  // A hash that is right, so that not all that is tried is refused for it.
  engine::Entry entry;
  entry.kind = static_cast<engine::EntryKind>(pieces.byte());
  entry.salt = pieces.text();
  entry.shared.bytes = payload;
  entry.local.bytes = pieces.text();
  entry.origin.enterprise = pieces.text();
  entry.origin.number = pieces.byte();
  entry.order = {pieces.byte(), pieces.byte()};
  entry.hash = engine::payload_hash(entry.salt, entry.shared);
  check(engine::to_storage(entry));
  const auto read = engine::from_storage(engine::to_storage(entry));
  holds(read.ok() && read->shared.bytes == payload && read->origin == entry.origin &&
            read->order == entry.order && read->salt == entry.salt,
        "what was written is read");
  engine::erase_payload(entry);
  const auto gone = engine::from_storage(engine::to_storage(entry));
  holds(gone.ok() && gone->erased && gone->hash == entry.hash, "an erased entry keeps its hash");
  (void)engine::read_erased(bytes);
}

}  // namespace hansa::fuzz
