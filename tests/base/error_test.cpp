#include "base/error.h"

#include <doctest/doctest.h>

#include <set>
#include <string>

using namespace hansa;

TEST_CASE("errors: every condition has a row of its own, with all that is told") {
  std::set<std::string_view> elements;
  for (std::size_t i = 0; i < kConditionCount; ++i) {
    const auto condition = static_cast<Condition>(i);
    const ConditionRow& row = row_of(condition);
    CAPTURE(row.element);
    CHECK(row.condition == condition);
    CHECK(condition_named(row.element) == condition);
    CHECK(elements.insert(row.element).second);
    CHECK(row.text.ends_with('.'));
    CHECK(row.element.find('_') == std::string_view::npos);
  }
}

TEST_CASE("errors: what may be tried again is of type wait, and nothing else is") {
  for (std::size_t i = 0; i < kConditionCount; ++i) {
    const ConditionRow& row = row_of(static_cast<Condition>(i));
    CAPTURE(row.element);
    CHECK(row.retry == (row.type == ErrorType::wait));
  }
}

TEST_CASE("errors: types as RFC 6120 §8.3.3 has them") {
  CHECK(row_of(Condition::bad_request).type == ErrorType::modify);
  CHECK(row_of(Condition::forbidden).type == ErrorType::auth);
  CHECK(row_of(Condition::item_not_found).type == ErrorType::cancel);
  CHECK(row_of(Condition::resource_constraint).type == ErrorType::wait);
  CHECK(name_of(ErrorType::continue_) == "continue");
  CHECK(name_of(ErrorType::auth) == "auth");
}

TEST_CASE("errors: an unknown name is the undefined condition") {
  CHECK(condition_named("item-not-found") == Condition::item_not_found);
  CHECK(condition_named("item_not_found") == Condition::undefined_condition);
  CHECK(condition_named("") == Condition::undefined_condition);
}

TEST_CASE("errors: without a text of its own an error says the table's") {
  CHECK(Error(Condition::gone).message() == row_of(Condition::gone).text);
  CHECK(Error(Condition::gone, "It moved.").message() == "It moved.");
}
