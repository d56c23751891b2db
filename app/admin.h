#pragma once
// The admin socket of a running node: takes request lines, has their answers decided page by page
// on the deciding thread, and sends each page when the client has taken the one before. Made and
// destroyed while the loop does not run; several clients at once.

#include <memory>
#include <string>

#include "base/poster.h"
#include "base/result.h"
#include "engine/engine.h"
#include "net/local_socket.h"
#include "net/loop.h"

namespace hansa::app {

class Admin {
 public:
  // `decider` runs what is posted to it on the deciding thread, where `engine` lives; both outlive
  // the loop's thread. Error: the listener's.
  [[nodiscard]] static Result<std::unique_ptr<Admin>> open(net::Loop& loop, Poster& decider,
                                                           engine::Engine& engine,
                                                           const std::string& path);

 private:
  explicit Admin(std::unique_ptr<net::LocalListener> listener) : listener_(std::move(listener)) {}
  std::unique_ptr<net::LocalListener> listener_;
};

}  // namespace hansa::app
