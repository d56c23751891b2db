#include "app/admin.h"

#include "app/admin_answer.h"
#include "app/admin_request.h"

namespace hansa::app {
namespace {

// One request from its line to the end of its answer; lives in the functions that go on with it.
class Exchange : public std::enable_shared_from_this<Exchange> {
 public:
  Exchange(Poster& decider, engine::Engine& engine, net::LocalReplyPtr reply, AdminRequest request)
      : decider_(decider),
        engine_(engine),
        reply_(std::move(reply)),
        request_(std::move(request)) {}

  // On any thread.
  void next_page() {
    decider_.post([self = shared_from_this()] {
      self->engine_.on_admin(
          [self](engine::ServiceTurn& turn, const std::function<void(std::string)>& done) {
            self->decide(turn, done);
          },
          [](const std::string&) {});
    });
  }

 private:
  void decide(engine::ServiceTurn& turn, const std::function<void(std::string)>& done) {
    if (const auto* change = std::get_if<RoomChange>(&request_)) {
      pass_change(turn, *change, [self = shared_from_this()](const Status& changed) {
        self->take(changed ? Result<AdminPage>(AdminPage{}) : changed.error());
      });
      return done("");
    }
    Result<AdminPage> page = admin_page(turn, request_, place_);
    if (turn.waiting()) return;
    take(std::move(page));
    done("");
  }

  void take(Result<AdminPage> page) {
    if (page) return answer(std::move(*page));
    if (begun_) return;  // letting go cuts the answer, and the client can tell
    if (reply_->send(net::buffer("error " + printable(page.error().message()) + "\n"))) {
      reply_->end();
    }
  }

  void answer(AdminPage page) {
    if (!begun_) page.rows.insert(0, "ok\n");
    begun_ = true;
    if (!page.rows.empty() && !reply_->send(net::buffer(std::move(page.rows)))) return;
    if (!page.next) return reply_->end();
    place_ = std::move(*page.next);
    reply_->when_drained([self = shared_from_this()] {
      if (!self->reply_->gone()) self->next_page();
    });
  }

  Poster& decider_;
  engine::Engine& engine_;
  net::LocalReplyPtr reply_;
  const AdminRequest request_;
  AdminPlace place_;
  bool begun_ = false;
};

}  // namespace

Result<std::unique_ptr<Admin>> Admin::open(net::Loop& loop, Poster& decider, engine::Engine& engine,
                                           const std::string& path) {
  auto listener = net::LocalListener::open(
      loop, path, [&decider, &engine](const std::string& line, net::LocalReplyPtr reply) {
        Result<AdminRequest> request = parse_request(line);
        if (!request) {
          if (reply->send(net::buffer("error " + request.error().text + "\n"))) reply->end();
          return;
        }
        std::make_shared<Exchange>(decider, engine, std::move(reply), std::move(*request))
            ->next_page();
      });
  if (!listener) return listener.error();
  return std::unique_ptr<Admin>(new Admin(std::move(*listener)));
}

}  // namespace hansa::app
