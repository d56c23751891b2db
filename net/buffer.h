#pragma once
// Bytes to be written, shared so that one encoding serves many links without a copy. Immutable from
// the moment it is made; freed when the last socket has written it.

#include <memory>
#include <string>

namespace hansa::net {

using Buffer = std::shared_ptr<const std::string>;

[[nodiscard]] inline Buffer buffer(std::string bytes) {
  return std::make_shared<const std::string>(std::move(bytes));
}

}  // namespace hansa::net
