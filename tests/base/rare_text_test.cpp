#include "base/rare_text.h"

#include <doctest/doctest.h>

#include <utility>

namespace hansa {

TEST_CASE("rare text: it is read as the text that it is, and costs a pointer") {
  static_assert(sizeof(RareText) == sizeof(void*));
  RareText text;
  CHECK(text.empty());
  CHECK(std::string_view(text).empty());
  CHECK(static_cast<const std::string&>(text).empty());
  text = "a longer text than a string holds in itself";
  CHECK_FALSE(text.empty());
  CHECK(text == "a longer text than a string holds in itself");
  CHECK_FALSE(text == "another");
  text = "";
  CHECK(text.empty());
}

TEST_CASE("rare text: a copy is one of its own, and what was moved from is empty") {
  RareText text;
  text = "here";
  RareText copy = text;
  text = std::string_view(text).substr(1);
  CHECK(text == "ere");
  CHECK(copy == "here");
  CHECK_FALSE(copy == text);
  const RareText moved = std::move(copy);
  CHECK(moved == "here");
  copy.clear();
  CHECK(copy.empty());
}

}  // namespace hansa
