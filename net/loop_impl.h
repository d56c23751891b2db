#pragma once
// What a Loop is made of. Private to net/.

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <string>
#include <thread>
#include <vector>

#include "net/loop.h"
#include "net/work_queue.h"

namespace hansa::net {

namespace asio = boost::asio;

struct Loop::Impl {
  explicit Impl(std::string thread_name)
      : name(std::move(thread_name)), context(1), guard(context.get_executor()) {}

  void run_posted();

  std::string name;
  asio::io_context context;
  asio::executor_work_guard<asio::io_context::executor_type> guard;
  WorkQueue queue;
  std::vector<WorkQueue::Work> running;
  std::thread thread;
};

// The name of the calling thread, as `ps -L` shows it.
void name_this_thread(const std::string& name);

}  // namespace hansa::net
