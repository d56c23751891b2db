#include "base/result.h"

#include <doctest/doctest.h>

#include <memory>
#include <string>

using namespace hansa;

TEST_CASE("result: a value or an error, never both") {
  const Result<int> good(7);
  CHECK(good.ok());
  CHECK(good);
  CHECK(*good == 7);
  const Result<int> bad(Error(Condition::conflict, "taken"));
  CHECK_FALSE(bad.ok());
  CHECK_FALSE(bad);
  CHECK(bad.error().condition == Condition::conflict);
  CHECK(bad.error().message() == "taken");
}

TEST_CASE("result: a value that cannot be copied is moved out") {
  Result<std::unique_ptr<int>> result(std::make_unique<int>(3));
  const std::unique_ptr<int> taken = std::move(result).value();
  CHECK(*taken == 3);
}

TEST_CASE("result: it can be changed, and be given another outcome") {
  Result<std::string> text(std::string("x"));
  text->append("y");
  CHECK(text.value() == "xy");
  text = Error(Condition::gone);
  CHECK_FALSE(text.ok());
}

TEST_CASE("result: a status is done, or says why not") {
  const Status done = Done{};
  CHECK(done.ok());
  const Status refused = Error(Condition::forbidden);
  CHECK_FALSE(refused.ok());
}
