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
}

}  // namespace hansa::fuzz
