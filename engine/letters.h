#pragma once
// Obligations of a room to others (design idea 8), as a facet: the fold of `letter` and
// `letter_closed`, and of the notes in/<log id> by which a receiver drops what it has handled.
// Private to engine/.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/rare.h"
#include "engine/facet.h"
#include "engine/turn.h"
#include "xmpp/jid.h"

namespace hansa::engine {

// Bytes of a `letter` entry, and back.
struct LetterBody {
  xmpp::Jid to;
  std::string topic;
  std::string bytes;
};
[[nodiscard]] std::string encode_letter(const LetterBody& letter);
[[nodiscard]] LetterBody decode_letter(std::string_view bytes);
// Bytes of a `letter_closed` entry.
[[nodiscard]] std::string encode_closed(Position position);

class Letters final : public Facet {
 public:
  void apply(const Entry& entry) override;
  void apply_note(std::string_view key, const std::optional<std::string>& value) override;
  void collect_records(std::vector<storage::Change>& out) override;
  void rest(WallTime now) override;
  void apply_record(std::string_view key, std::string_view value) override;

  [[nodiscard]] const std::map<Position, LetterBody>& open() const { return *open_; }
  // Last letter of that log that was handled here and may come again; 0: none.
  [[nodiscard]] Position handled(const std::string& log_id) const;

 private:
  Rare<std::map<Position, LetterBody>> open_;
  Rare<std::map<std::string, Position>> handled_;
  Rare<std::vector<storage::Change>> changed_;
};

[[nodiscard]] std::string handled_key(std::string_view log_id);
// Keys of the shard's index that begin so belong to that log, and are removed with it when its room
// is destroyed.
[[nodiscard]] std::string log_keys(std::string_view log_id);
[[nodiscard]] std::string number_text(std::uint64_t number);  // decimal
// With zeros before it up to that length, so that keys are in the order of numbers.
[[nodiscard]] std::string number_text(std::uint64_t number, std::size_t digits);
[[nodiscard]] std::uint64_t text_number(std::string_view text);  // 0 if it is none

}  // namespace hansa::engine
