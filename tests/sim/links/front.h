#pragma once
// A node's host with the enterprise's people behind it: takes what the node writes in order, a
// little late, confirms it, hands it to the people; its link breaks now and then, and what it had
// not taken by then is lost. Lives on when the node crashes.

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "engine/links.h"
#include "tests/sim/schedule.h"
#include "xmpp/parser.h"
#include "xmpp/stanza.h"

namespace hansa::sim::links {

class Front {
 public:
  struct Handlers {  // of the node's process
    std::function<void(bool up)> link;
    std::function<void(xmpp::Stanza)> stanza;
    std::function<void(engine::Mark)> confirmed;
    std::function<void()> drained;
  };
  struct Observer {
    std::function<void(const std::string& what)> broken;
    std::function<void(const xmpp::Stanza&)> leaves;  // the node let go of it
    std::function<void(const xmpp::Stanza&)> taken;   // by the host, for a person
  };
  Front(Schedule& schedule, std::string name, Observer observer)
      : schedule_(schedule), name_(std::move(name)), observer_(std::move(observer)) {}

  void attach(Handlers handlers);
  void detach();
  void write(std::string_view bytes);
  void confirm(engine::Mark mark);
  [[nodiscard]] std::size_t queued() const { return bytes_; }
  [[nodiscard]] bool is_up() const { return up_; }
  // A person says something to the node; lost if the link is down.
  void say(std::string xml);
  void cut();

 private:
  struct Taken {
    xmpp::Stanza stanza;
    std::size_t bytes;
  };
  using Item = std::variant<Taken, engine::Mark>;
  void dial_later();
  void schedule_read();
  void read();
  void down();

  Schedule& schedule_;
  std::string name_;
  Observer observer_;
  std::optional<Handlers> handlers_;
  std::optional<xmpp::StreamParser> parser_;
  std::deque<Item> out_;
  std::size_t bytes_ = 0;
  bool up_ = false;
  bool scheduled_ = false;
  bool dialling_ = false;
  std::uint64_t connection_ = 0;
  MonoTime in_order_{0};  // what people say arrives in the order said
};

}  // namespace hansa::sim::links
