#include "net/local_session.h"

#include "base/limits.h"

namespace hansa::net {
namespace {

// What the handler holds; the last copy to go ends the session.
class Reply final : public LocalReply {
 public:
  explicit Reply(std::shared_ptr<LocalSession> session) : session_(std::move(session)) {}
  ~Reply() override {
    if (!ended_) session_->finish(false);
  }
  bool send(Buffer bytes) override { return session_->send(std::move(bytes)); }
  std::size_t queued() const override { return session_->queued(); }
  void when_drained(std::function<void()> work) override {
    session_->when_drained(std::move(work));
  }
  bool gone() const override { return session_->gone(); }
  void end() override {
    if (!ended_.exchange(true)) session_->finish(true);
  }

 private:
  std::shared_ptr<LocalSession> session_;
  std::atomic<bool> ended_ = false;
};

}  // namespace

void LocalSession::start(Loop& loop, Socket socket, LocalListener::Handler handler, Count count) {
  auto self = std::make_shared<LocalSession>(loop, std::move(handler), std::move(count));
  self->stream_ = std::make_shared<SocketStream>(loop, std::move(socket), *self, ConnectionBounds{},
                                                 OnPeerEnd::keep_writing);
  self->deadline_.start(kLocalRequestTime, [session = self.get()] { session->finish(false); });
  self->stream_->start(self);
}

LocalSession::LocalSession(Loop& loop, LocalListener::Handler handler, Count count)
    : loop_(loop), handler_(std::move(handler)), count_(std::move(count)), deadline_(loop) {
  ++*count_;
}

LocalSession::~LocalSession() { --*count_; }

bool LocalSession::send(Buffer bytes) { return stream_->send(std::move(bytes)); }

void LocalSession::finish(bool whole) {
  if (whole && !stream_->send(buffer(std::string(1, '\0')))) whole = false;
  loop_.post([self = shared_from_this(), whole] {
    if (self->gone_) return;
    if (whole) return self->stream_->close();
    self->stream_->leave();
    self->on_ended({CloseKind::ended_by_us, ""});
  });
}

void LocalSession::when_drained(std::function<void()> work) {
  {
    const std::lock_guard lock(mutex_);
    drained_ = std::move(work);
  }
  // Checked after it was stored, so that a queue that falls meanwhile is not missed.
  if (gone_ || queued() <= ConnectionBounds{}.low_water) {
    loop_.post([self = shared_from_this()] { self->run_drained(); });
  }
}

void LocalSession::run_drained() {
  std::function<void()> work;
  {
    const std::lock_guard lock(mutex_);
    work.swap(drained_);
  }
  if (work) work();
}

void LocalSession::on_bytes(std::string_view data) {
  if (asked_) return;  // one request each
  line_ += data;
  const std::size_t end = line_.find('\n');
  if (end == std::string::npos && line_.size() <= limits::kAdminRequestBytes) return;
  asked_ = true;
  deadline_.cancel();
  if (end == std::string::npos || end > limits::kAdminRequestBytes) return finish(false);
  line_.resize(end);
  if (line_.ends_with('\r')) line_.pop_back();
  handler_(std::move(line_), std::make_shared<Reply>(shared_from_this()));
}

void LocalSession::on_ended(const Closed&) {
  gone_ = true;
  deadline_.cancel();
  run_drained();
}

void LocalSession::on_drained() { run_drained(); }

}  // namespace hansa::net
