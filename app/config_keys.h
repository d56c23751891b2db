#pragma once
// Every key of the configuration, in one table: what it holds, whether a running node takes a new
// value at SIGHUP, and what holds without it. docs/configuration.md shows the same rows; a
// test compares them. Keys that a later version has are here too, so that the operator is told.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/config.h"

namespace hansa::app {

enum class KeyKind : std::uint8_t { text, texts, number };
enum class Change : std::uint8_t { live, restart };

struct KeyRow {
  std::string_view key;  // with its sections: node.host.address
  KeyKind kind;
  Change change;
  std::string_view fallback;  // what holds if the key is left out; empty: it must be there
  std::string_view example;   // a line as one would write it
  std::string (*value)(const Config&);  // to see whether it changed; never shown
};
[[nodiscard]] std::span<const KeyRow> key_rows();
[[nodiscard]] const KeyRow* key_row(std::string_view key);

// A key or section of design that this build does not have.
struct MissingRow {
  std::string_view key;  // it, and everything in it
  std::string_view what;
};
[[nodiscard]] const MissingRow* missing_row(std::string_view key);

// Sections that hold keys of the table: node, node.host …
[[nodiscard]] bool is_section(std::string_view key);
// The known key that `key` was most likely meant to be; empty if none is near.
[[nodiscard]] std::string_view nearest_key(std::string_view key);

[[nodiscard]] std::string_view name_of(KeyKind kind);
[[nodiscard]] std::string_view name_of(Change change);

// Keys marked restart whose value differs.
[[nodiscard]] std::vector<std::string_view> changed_restart_keys(const Config& old_one,
                                                                 const Config& new_one);

}  // namespace hansa::app
