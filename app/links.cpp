#include "app/links.h"

namespace hansa::app {

using component::LinkId;
using component::Mark;
using component::Sent;

void ComponentLinks::send(Link& link, net::Buffer bytes, Mark mark) {
  if (link.waiting.empty() && way_.send(link.id, bytes, mark) != Sent::full) return;
  link.waiting_bytes += bytes->size();
  link.waiting.emplace_back(std::move(bytes), mark);
}

void ComponentLinks::write(std::string_view domain, std::string bytes) {
  const auto found = present_.find(domain);
  if (found != present_.end()) send(found->second, net::buffer(std::move(bytes)), 0);
}

void ComponentLinks::confirm(std::string_view domain, engine::Mark mark) {
  // A mark goes with bytes; a space between stanzas means nothing (RFC 6120 §4.6.1).
  static const net::Buffer kSpace = net::buffer(" ");
  const auto found = present_.find(domain);
  if (found != present_.end()) send(found->second, kSpace, mark);
}

std::size_t ComponentLinks::queued(std::string_view domain) const {
  const auto found = present_.find(domain);
  if (found == present_.end()) return 0;
  return way_.queued(found->second.id) + found->second.waiting_bytes;
}

void ComponentLinks::up(std::string_view domain, LinkId link) {
  present_.insert_or_assign(std::string(domain), Link{link, {}, 0});
}

bool ComponentLinks::down(std::string_view domain, LinkId link) {
  if (!is_present(domain, link)) return false;
  present_.erase(present_.find(domain));
  return true;
}

void ComponentLinks::drained(std::string_view domain, LinkId link) {
  if (!is_present(domain, link)) return;
  Link& present = present_.find(domain)->second;
  while (!present.waiting.empty()) {
    const auto& [bytes, mark] = present.waiting.front();
    if (way_.send(present.id, bytes, mark) == Sent::full) return;
    present.waiting_bytes -= bytes->size();
    present.waiting.pop_front();
  }
}

bool ComponentLinks::is_present(std::string_view domain, LinkId link) const {
  const auto found = present_.find(domain);
  return found != present_.end() && found->second.id == link;
}

}  // namespace hansa::app
