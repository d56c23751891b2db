#include "component/component.h"

#include <cassert>

#include "component/link.h"

namespace hansa::component {

struct Component::Impl {
  Impl(net::Loop& loop, const Clock& clock, Random& random, Log& log, Owner& owner, Options given)
      : options(std::move(given)), around{loop, clock, random, log, owner, options} {
    for (std::uint32_t slot = 0; slot < options.domains.size(); ++slot) {
      links.push_back(std::make_unique<Link>(around, slot));
    }
  }

  void stop(std::function<void()> stopped);

  const Options options;
  const Surroundings around;
  std::vector<std::unique_ptr<Link>> links;
};

void Component::Impl::stop(std::function<void()> stopped) {
  // One more than there are links: none can be the last before all were told.
  const auto left = std::make_shared<std::size_t>(links.size() + 1);
  const auto one_less = [left, stopped = std::move(stopped)] {
    if (--*left == 0) stopped();
  };
  for (const auto& link : links) link->stop(one_less);
  one_less();
}

Component::Component(net::Loop& loop, const Clock& clock, Random& random, Log& log, Owner& owner,
                     Options options)
    : impl_(std::make_unique<Impl>(loop, clock, random, log, owner, std::move(options))) {}

Component::~Component() = default;

void Component::start() {
  impl_->around.loop.post([impl = impl_.get()] {
    for (const auto& link : impl->links) link->start();
  });
}

void Component::stop(std::function<void()> stopped) {
  impl_->around.loop.post(
      [impl = impl_.get(), stopped = std::move(stopped)] { impl->stop(stopped); });
}

Sent Component::send(LinkId link, net::Buffer stanzas, Mark mark) {
  assert(link.slot < impl_->links.size());
  return impl_->links[link.slot]->send(link.number, std::move(stanzas), mark);
}

std::size_t Component::queued(LinkId link) const {
  return impl_->links[link.slot]->queued(link.number);
}

std::vector<LinkStatus> Component::status() const {
  std::vector<LinkStatus> all;
  for (const auto& link : impl_->links) all.push_back(link->status());
  return all;
}

}  // namespace hansa::component
