#pragma once
// Finds the damage that LevelDB takes for the mark of a writer that died: in the last block of a
// write-ahead log or manifest, a record whose length points past the end of the file. LevelDB drops
// it and all that follows, without a word. If what follows is a whole record, or the record itself
// is whole up to the end of the file, it was written and confirmed, and its length is wrong.
// Layout: LevelDB's doc/log_format.md. Pure.

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace hansa::storage {

inline constexpr std::size_t kLogBlockBytes = 32'768;

// `tail`: the bytes of the file after its last whole block, fewer than kLogBlockBytes.
[[nodiscard]] bool tail_is_damaged(std::string_view tail);

// CRC-32C (Castagnoli), as RFC 3720 §12.1 has it.
[[nodiscard]] std::uint32_t crc32c(std::string_view bytes);

}  // namespace hansa::storage
