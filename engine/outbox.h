#pragma once
// What leaves for the links in one settle(): large pieces for each link, and the
// marks by which a confirmation finds the followers that it concerns. Owned by the engine.

#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "engine/entry.h"
#include "engine/links.h"

namespace hansa::engine {

class RoomExecutor;

// What was handed to a link up to a mark: that group, or that one follower of it, has everything
// up to `position`.
struct Sent {
  std::weak_ptr<RoomExecutor> room;
  std::string group;
  std::string follower;      // empty: all that do not lag
  std::uint64_t follow = 0;  // which time it follows
  Position position = 0;
};

class Outbox {
 public:
  Outbox(Links& links, std::size_t high_water) : links_(links), high_water_(high_water) {}

  // The buffer of an up link; null if it is down. Valid until flush().
  [[nodiscard]] std::string* buffer(std::string_view domain);
  [[nodiscard]] bool up(std::string_view domain) const;
  // More may be written now.
  [[nodiscard]] bool open(std::string_view domain) const;
  void mark(std::string_view domain, Sent sent);
  // Of that group: handed over, and neither confirmed nor lost.
  [[nodiscard]] bool waits(std::string_view domain, const std::weak_ptr<RoomExecutor>& room,
                           std::string_view group) const;
  void link(std::string_view domain, bool up);  // down: forgets buffer and marks
  // Hands all buffers to the links, or that one.
  void flush();
  void flush(std::string_view domain);
  [[nodiscard]] bool flushed() const;  // nothing is left to be handed over
  // What a confirmation covers, in the order it was sent.
  [[nodiscard]] std::deque<Sent> confirmed(std::string_view domain, Mark mark);
  // The same, of what did not arrive. What the same groups were handed since is forgotten with it.
  [[nodiscard]] std::deque<Sent> lost(std::string_view domain, Mark mark);

 private:
  struct Link {
    bool up = false;
    std::string buffer;
    std::deque<std::pair<Mark, Sent>> marks;
    Mark next = 1;
    Mark asked = 0;
  };
  [[nodiscard]] static bool waits_for_mark(const Link& link) {
    return !link.marks.empty() && link.marks.back().first > link.asked;
  }
  void flush(const std::string& domain, Link& link);
  Links& links_;
  std::size_t high_water_;
  std::map<std::string, Link, std::less<>> by_domain_;
};

}  // namespace hansa::engine
