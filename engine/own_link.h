#pragma once
// The link that leads back (links.h, kOwnLink): what our rooms and identities say to each other is
// read again as if it had come from a host, and goes to its room in the same settle(). One whose
// room has its line full waits, and all behind it, as on any link. Owned by the engine; private to
// engine/.

#include <deque>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/engine.h"
#include "xmpp/parser.h"
#include "xmpp/stanza.h"

namespace hansa::engine {

class OwnLink {
 public:
  explicit OwnLink(Engine::Impl& engine);
  // What the outbox has for it, to its rooms. Once the engine is stopped: to nobody.
  void deliver();
  [[nodiscard]] bool empty() const { return line_.empty(); }

 private:
  // Read, or: what was written before that mark has been read.
  using Item = std::variant<xmpp::Stanza, Mark>;
  void read(std::string_view bytes);
  bool pass_on(Item& item);
  void reached(Mark mark);
  Engine::Impl& engine_;
  xmpp::StreamParser parser_;
  std::vector<xmpp::StreamEvent> events_;
  std::deque<Item> line_;
  std::set<std::string> receivers_;  // rooms, since the last mark
};

}  // namespace hansa::engine
