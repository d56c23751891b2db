#pragma once
// The link that leads back (links.h, kOwnLink), beside those that were given: what our rooms and
// identities say to each other is read again as if it had come from a host, and goes to its room in
// the same settle(). One whose room has its line full waits, and all behind it; it counts as queued
// meanwhile, as on any link. Owned by the engine; private to engine/.
//
// Confirmed is what its rooms have decided, durably. What one of them could not store is lost, and
// followers begin again from there after a while, as after a broken link: what they were sent
// behind it, and other rooms of that time, arrived all the same, and comes again.

#include <deque>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/engine.h"
#include "xmpp/parser.h"
#include "xmpp/stanza.h"

namespace hansa::engine {

class OwnLink final : public Links {
 public:
  OwnLink(Engine::Impl& engine, Links& others);
  // What the outbox has for it, to its rooms. Once the engine is stopped: to nobody.
  void deliver();
  [[nodiscard]] bool empty() const { return line_.empty(); }

  void write(std::string_view domain, std::string bytes) override;
  void confirm(std::string_view domain, Mark mark) override;
  [[nodiscard]] std::size_t queued(std::string_view domain) const override;
  void passed_within(const xmpp::Stanza& stanza) override { others_.passed_within(stanza); }

 private:
  // Read, or: what was written before that mark has been read.
  struct Item {
    std::variant<xmpp::Stanza, Mark> what;
    std::size_t bytes = 0;  // of the piece that it was the last of
  };
  // Of a mark that was read: what its rooms have still to say.
  struct Passage {
    Mark mark;
    std::size_t rooms;
    bool lost = false;
  };
  void read(std::string_view bytes);
  void pass_on_all();
  bool pass_on(Item& item);
  void reached(Mark mark);
  void heard_of(Passage& passage, bool stored);
  void conclude();
  Engine::Impl& engine_;
  Links& others_;
  xmpp::StreamParser parser_;
  std::vector<xmpp::StreamEvent> events_;
  std::deque<Item> line_;
  std::size_t bytes_ = 0;                          // in line_
  std::set<std::string> receivers_;                // rooms, since the last mark
  std::deque<std::shared_ptr<Passage>> passages_;  // in the order of their marks
};

}  // namespace hansa::engine
