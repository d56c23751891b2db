#pragma once
// The coroutine type of sessions that move bytes: await, feed a machine, perform its effects. Other
// folders say net::Task and nothing else of what is behind it. Coroutines are named functions that
// own their parameters; the loop must outlive them.

#include <boost/asio/awaitable.hpp>

#include "net/loop.h"

namespace hansa::net {

template <typename T = void>
using Task = boost::asio::awaitable<T>;

// Runs `task` on the loop. An exception that leaves it is a bug of ours and ends the process.
void spawn(Loop& loop, Task<> task);

}  // namespace hansa::net
