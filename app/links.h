#pragma once
// The engine's links over a Component. Owned by the node; everything on the deciding thread. What
// the component's queue does not take waits here, in order, until it drains. It stays bounded:
// meanwhile the component admits nothing new. A link that falls forgets all.

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "component/component.h"
#include "engine/links.h"

namespace hansa::app {

class ComponentLinks final : public engine::Links {
 public:
  // How bytes leave: Component::send and Component::queued, or a test.
  struct Way {
    std::function<component::Sent(component::LinkId, net::Buffer, component::Mark)> send;
    std::function<std::size_t(component::LinkId)> queued;
  };
  explicit ComponentLinks(Way way) : way_(std::move(way)) {}

  void write(std::string_view domain, std::string bytes) override;
  void confirm(std::string_view domain, engine::Mark mark) override;
  [[nodiscard]] std::size_t queued(std::string_view domain) const override;

  // What the component tells, passed on to the deciding thread.
  void up(std::string_view domain, component::LinkId link);
  // False: that link is not the present one any more.
  [[nodiscard]] bool down(std::string_view domain, component::LinkId link);
  void drained(std::string_view domain, component::LinkId link);
  [[nodiscard]] bool is_present(std::string_view domain, component::LinkId link) const;
  [[nodiscard]] std::size_t links_up() const { return present_.size(); }

 private:
  struct Link {
    component::LinkId id;
    std::deque<std::pair<net::Buffer, component::Mark>> waiting;
    std::size_t waiting_bytes = 0;
  };
  void send(Link& link, net::Buffer bytes, component::Mark mark);
  Way way_;
  std::map<std::string, Link, std::less<>> present_;  // by domain
};

}  // namespace hansa::app
