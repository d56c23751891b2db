#include "engine/letters.h"

#include <algorithm>
#include <charconv>

#include "engine/fields.h"

namespace hansa::engine {
namespace {

constexpr std::string_view kRecordPrefix = "letter/";
constexpr std::string_view kHandledPrefix = "in/";

enum LetterTag : std::uint32_t { kTo = 1, kTopic = 2, kBytes = 3 };
enum ClosedTag : std::uint32_t { kPosition = 1 };

}  // namespace

std::string number_text(std::uint64_t number) { return std::to_string(number); }

std::string number_text(std::uint64_t number, std::size_t digits) {
  const std::string text = std::to_string(number);
  return std::string(digits - std::min(text.size(), digits), '0') + text;
}

std::uint64_t text_number(std::string_view text) {
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::string handled_key(std::string_view log_id) {
  return std::string(kHandledPrefix) + std::string(log_id);
}

std::string encode_letter(const LetterBody& letter) {
  FieldWriter fields;
  fields.put(kTo, letter.to.text()).put(kTopic, letter.topic).put(kBytes, letter.bytes);
  return fields.take();
}

LetterBody decode_letter(std::string_view bytes) {
  const FieldReader fields(bytes);
  LetterBody letter;
  if (auto to = xmpp::Jid::parse(fields.text(kTo))) letter.to = *to;
  letter.topic = fields.text(kTopic);
  letter.bytes = fields.text(kBytes);
  return letter;
}

std::string encode_closed(Position position) {
  FieldWriter fields;
  fields.put(kPosition, position);
  return fields.take();
}

void Letters::apply(const Entry& entry) {
  if (entry.kind == EntryKind::letter) {
    open_.use()[entry.position] = decode_letter(entry.shared.bytes);
    changed_.use().push_back(
        {std::string(kRecordPrefix) + number_text(entry.position), entry.shared.bytes});
  } else if (entry.kind == EntryKind::letter_closed) {
    const Position closed = FieldReader(entry.shared.bytes).number(kPosition);
    if (open_.use().erase(closed) > 0) {
      changed_.use().push_back({std::string(kRecordPrefix) + number_text(closed), std::nullopt});
    }
  }
}

void Letters::apply_note(std::string_view key, const std::optional<std::string>& value) {
  if (!key.starts_with(kHandledPrefix)) return;
  const std::string log_id(key.substr(kHandledPrefix.size()));
  if (value) {
    handled_.use()[log_id] = text_number(*value);
  } else {
    handled_.use().erase(log_id);
  }
}

void Letters::collect_records(std::vector<storage::Change>& out) {
  for (storage::Change& change : changed_.take()) out.push_back(std::move(change));
}

void Letters::rest(WallTime) {
  open_.shed();
  handled_.shed();
}

void Letters::apply_record(std::string_view key, std::string_view value) {
  if (!key.starts_with(kRecordPrefix)) return;
  open_.use()[text_number(key.substr(kRecordPrefix.size()))] = decode_letter(value);
}

std::string log_keys(std::string_view log_id) {
  std::string prefix = "log/";
  prefix.append(log_id).append("/");
  return prefix;
}

Position Letters::handled(const std::string& log_id) const {
  const auto place = handled_->find(log_id);
  return place == handled_->end() ? 0 : place->second;
}

}  // namespace hansa::engine
