#pragma once
// The one table of errors. Whatever goes wrong anywhere has a Condition; the table says what a
// client is told (RFC 6120 §8.3.3), whether trying again can help, and the metric's name.
// Pure values; nothing here can fail.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace hansa {

// The defined conditions of RFC 6120 §8.3.3, in the order of that section.
enum class Condition : std::uint8_t {
  bad_request,
  conflict,
  feature_not_implemented,
  forbidden,
  gone,
  internal_server_error,
  item_not_found,
  jid_malformed,
  not_acceptable,
  not_allowed,
  not_authorized,
  policy_violation,
  recipient_unavailable,
  redirect,
  registration_required,
  remote_server_not_found,
  remote_server_timeout,
  resource_constraint,
  service_unavailable,
  subscription_required,
  undefined_condition,
  unexpected_request,
};
inline constexpr std::size_t kConditionCount =
    static_cast<std::size_t>(Condition::unexpected_request) + 1;

// RFC 6120 §8.3.2: what the sender can do about it.
enum class ErrorType : std::uint8_t { auth, cancel, continue_, modify, wait };

struct ConditionRow {
  Condition condition;
  std::string_view element;  // name of the defined-condition element; the metric's label too
  ErrorType type;            // the type that RFC 6120 associates with it
  bool retry;                // trying the same again later may succeed
  std::string_view text;     // said when the place of the error has nothing better to say
};

// The row of `condition`. Total.
[[nodiscard]] const ConditionRow& row_of(Condition condition);
// The condition that an element named `element` stands for; undefined_condition if none.
[[nodiscard]] Condition condition_named(std::string_view element);
[[nodiscard]] std::string_view name_of(ErrorType type);

// An error as a value: what happened, and a text that helps whoever reads it.
struct Error {
  Condition condition = Condition::undefined_condition;
  std::string text;  // empty: the table's text
  std::optional<ErrorType> type = std::nullopt;  // where a XEP wants another than the table's
  Error() = default;
  explicit Error(Condition c, std::string t = {}) : condition(c), text(std::move(t)) {}
  [[nodiscard]] std::string_view message() const {
    return text.empty() ? row_of(condition).text : std::string_view(text);
  }
};

}  // namespace hansa
