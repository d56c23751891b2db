#pragma once
// The node's links in the simulator: the real stream machine, confirming ping and gate of each
// domain, driven as component/ drives them, over a Wire instead of a socket. Destroyed with the
// process of the node; what was on the wires is then as lost as it is when a process dies.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "component/gate.h"
#include "engine/links.h"
#include "stream/component_stream.h"
#include "stream/confirm.h"
#include "tests/sim/hosts/wire.h"
#include "xmpp/parser.h"

namespace hansa::sim::hosts {

class NodeLinks final : public engine::Links {
 public:
  struct Owner {
    std::function<void(const std::string& domain, bool up)> link;
    std::function<void(const std::string& domain, xmpp::Stanza)> stanza;
    std::function<void(const std::string& domain, engine::Mark)> confirmed;
    std::function<void(const std::string& domain)> drained;
    std::function<std::shared_ptr<Wire>(const std::string& domain)> dial;  // null: refused
    std::function<void(const xmpp::Stanza&)> leaves;  // each stanza that the engine writes
  };
  NodeLinks(Schedule& schedule, Random& random, std::vector<std::string> domains,
            std::string secret, Owner owner);
  ~NodeLinks() override;

  void start();
  void stop();  // orderly: the streams are closed, nothing is dialled again
  void write(std::string_view domain, std::string bytes) override;
  void confirm(std::string_view domain, engine::Mark mark) override;
  [[nodiscard]] std::size_t queued(std::string_view domain) const override;
  [[nodiscard]] bool all_up() const;

 private:
  struct Link {
    std::string domain;
    std::shared_ptr<Wire> wire;
    std::optional<stream::ComponentStream> machine;
    std::optional<stream::Confirm> pings;
    std::optional<xmpp::StreamParser> written;  // reads what the engine writes
    bool up = false;
    bool pumping = false;
    bool was_full = false;
  };
  void later(Millis delay, std::function<void()> work);
  void dial(Link& link);
  void lost(Link& link);
  void feed(Link& link, const stream::ComponentEvent& event);
  void perform(Link& link, stream::ComponentEffect& effect);
  void received(Link& link, const xmpp::Stanza& stanza);
  void pump(Link& link);
  void tick();
  [[nodiscard]] const Link& link(std::string_view domain) const;

  Schedule& schedule_;
  Random& random_;
  const std::vector<std::string> domains_;
  const std::string secret_;
  Owner owner_;
  std::map<std::string, Link, std::less<>> links_;
  bool stopping_ = false;
  std::shared_ptr<char> alive_ = std::make_shared<char>();
};

}  // namespace hansa::sim::hosts
