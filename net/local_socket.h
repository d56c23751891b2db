#pragma once
// The admin socket (design §5): a unix-domain socket that only its owner may use. A client sends
// one line and gets a stream of bytes until the end. A file left behind by a dead process is
// replaced; a living listener is not. Made and destroyed on the loop's thread, or while the loop
// does not run.

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "net/buffer.h"
#include "net/loop.h"

namespace hansa::net {

// The answer to one request; lives as long as somebody holds it. All calls from any thread. Let go
// of without end(): the connection is cut, and the client can tell that from an end.
class LocalReply {
 public:
  virtual ~LocalReply() = default;
  // False: the client has gone, or the queue is full (limits::kOutBufferBytes).
  [[nodiscard]] virtual bool send(Buffer bytes) = 0;
  [[nodiscard]] virtual std::size_t queued() const = 0;
  // `work` runs on the loop's thread once, when the queue is short or the client has gone; at once
  // (posted) if that is so already. For answers that are written page by page.
  virtual void when_drained(std::function<void()> work) = 0;
  [[nodiscard]] virtual bool gone() const = 0;
  virtual void end() = 0;
};
using LocalReplyPtr = std::shared_ptr<LocalReply>;

class LocalListener {
 public:
  // On the loop's thread; `request` is the line without its end.
  using Handler = std::function<void(std::string request, LocalReplyPtr reply)>;

  // Errors: conflict (another process listens there), internal_server_error with the system's
  // words.
  [[nodiscard]] static Result<std::unique_ptr<LocalListener>> open(Loop& loop, std::string path,
                                                                   Handler handler);
  ~LocalListener();  // removes the file; answers under way go on
  LocalListener(const LocalListener&) = delete;
  LocalListener& operator=(const LocalListener&) = delete;

 private:
  struct Impl;
  explicit LocalListener(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

// The client's side, for the command line; waits. Each piece of the answer is given to `piece`.
// Errors: remote_server_not_found (nobody listens), remote_server_timeout (cut before its end).
[[nodiscard]] Status ask_local(const std::string& path, std::string_view request,
                               const std::function<void(std::string_view)>& piece);

}  // namespace hansa::net
