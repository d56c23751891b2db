#include "storage/leveldb_keys.h"

#include <cassert>

namespace hansa::storage::leveldb_keys {
namespace {

constexpr std::string_view kFormatMark = "hansa";

template <typename Number>
void append_number(std::string& out, Number number) {
  for (int shift = static_cast<int>(sizeof(Number)) * 8 - 8; shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>(static_cast<std::uint8_t>(number >> shift)));
  }
}

// `bytes` has exactly the size of the number.
template <typename Number>
Number number_of(std::string_view bytes) {
  assert(bytes.size() == sizeof(Number));
  Number number = 0;
  for (const char byte : bytes) {
    number = static_cast<Number>(number << 8) | static_cast<std::uint8_t>(byte);
  }
  return number;
}

}  // namespace

std::string format_value(std::uint32_t format) {
  std::string value(kFormatMark);
  append_number(value, format);
  return value;
}

std::optional<std::uint32_t> parse_format(std::string_view value) {
  if (!value.starts_with(kFormatMark)) return std::nullopt;
  value.remove_prefix(kFormatMark.size());
  if (value.size() != sizeof(std::uint32_t)) return std::nullopt;
  return number_of<std::uint32_t>(value);
}

std::string meta_key(const LogKey& log) { return log_prefix('l', log); }

std::string meta_value(const LogMeta& meta) {
  std::string value;
  append_number(value, meta.last_batch);
  append_number(value, meta.last_position);
  append_number(value, meta.first_position);
  return value;
}

std::optional<LogMeta> parse_meta(std::string_view value) {
  if (value.size() != 24) return std::nullopt;
  return LogMeta{number_of<BatchNumber>(value.substr(0, 8)),
                 number_of<Position>(value.substr(8, 8)), number_of<Position>(value.substr(16, 8))};
}

std::string entry_key(const LogKey& log, Position position, Part part) {
  std::string key = log_prefix('e', log);
  append_number(key, position);
  key.push_back(static_cast<char>(part));
  return key;
}

std::optional<EntryPlace> parse_entry_place(std::string_view rest) {
  if (rest.size() != 9 || static_cast<std::uint8_t>(rest[8]) > 1) return std::nullopt;
  return EntryPlace{number_of<Position>(rest.substr(0, 8)), static_cast<Part>(rest[8])};
}

std::string sweep_key(const LogKey& log) { return log_prefix('s', log); }

std::string sweep_value(Position before) {
  std::string value;
  append_number(value, before);
  return value;
}

std::optional<Position> parse_sweep(std::string_view value) {
  if (value.size() != 8) return std::nullopt;
  return number_of<Position>(value);
}

std::string log_prefix(char kind, const LogKey& log) {
  std::string prefix = role_prefix(kind, log.role);
  prefix += log.id;
  prefix.push_back('\0');
  return prefix;
}

std::string role_prefix(char kind, const std::string& role) {
  std::string prefix(1, kind);
  prefix += role;
  prefix.push_back('\0');
  return prefix;
}

std::optional<LogKey> parse_log_key(std::string_view key) {
  if (key.size() < 3 || key.back() != '\0') return std::nullopt;
  key = key.substr(1, key.size() - 2);
  const std::size_t end = key.find('\0');
  if (end == std::string_view::npos) return std::nullopt;
  return LogKey{std::string(key.substr(0, end)), std::string(key.substr(end + 1))};
}

std::string end_of(std::string prefix) {
  assert(!prefix.empty() && static_cast<std::uint8_t>(prefix.back()) < 0xff);
  ++prefix.back();
  return prefix;
}

}  // namespace hansa::storage::leveldb_keys
