#include "net/task.h"

#include <boost/asio/co_spawn.hpp>
#include <exception>

#include "net/loop_impl.h"

namespace hansa::net {

void spawn(Loop& loop, Task<> task) {
  asio::co_spawn(loop.impl().context, std::move(task), [](const std::exception_ptr& failure) {
    if (failure) std::rethrow_exception(failure);  // nobody catches it above: the process ends
  });
}

}  // namespace hansa::net
