#pragma once
// How the coroutines of net/ wait: a failure is a value, not an exception. Private to net/.

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "net/task.h"

namespace hansa::net {

[[nodiscard]] inline auto into(boost::system::error_code& failure) {
  return boost::asio::redirect_error(boost::asio::use_awaitable, failure);
}

}  // namespace hansa::net
