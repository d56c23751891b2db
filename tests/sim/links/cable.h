#pragma once
// The way between a node and the hub: whole stanzas, late, in order while a connection lasts. A
// connection that breaks loses the tail of each direction; what its sender could not know to have
// arrived may come again on the next one, before or amid what is new there (XEP-0198, or a host
// that queues). A direction may be slow, unread, or dead without anybody being told.

#include <array>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/sim/schedule.h"
#include "xmpp/parser.h"
#include "xmpp/stanza.h"

namespace hansa::sim::links {

class Cable {
 public:
  enum End : std::size_t { node = 0, hub = 1 };
  // Of the process at one end; gone when it detaches.
  struct Handlers {
    std::function<void(bool up)> link;
    std::function<void(xmpp::Stanza)> stanza;
    std::function<void()> drained;
  };
  // What goes on in a stanza's place, and what goes back to its writer.
  struct Passed {
    std::vector<xmpp::Stanza> on;
    std::vector<xmpp::Stanza> back;
  };
  struct Observer {
    std::function<void(const std::string& what)> broken;  // somebody wrote what is no XML
    // What a fault did to a stanza: lost, again.
    std::function<void(std::string_view fault, End from, const xmpp::Stanza&)> hit;
    std::function<Passed(End from, xmpp::Stanza)> passes;  // when it is written
    std::function<void(End from, std::size_t queued)> grew;
    std::function<void()> up;  // a new connection
  };
  Cable(Schedule& schedule, std::string name, Observer observer)
      : schedule_(schedule), name_(std::move(name)), observer_(std::move(observer)) {}

  void attach(End end, Handlers handlers);
  void detach(End end);  // the process is gone; its peer hears of it
  void write(End from, std::string_view bytes);
  [[nodiscard]] std::size_t queued(End from) const { return sides_[from].bytes; }
  [[nodiscard]] bool is_up() const { return connected_; }

  void cut();
  // Nothing goes from that end for so long; nobody is told before `noticed`.
  void block(End from, Millis time, Millis noticed);
  // No connection for so long.
  void part(Millis time);
  // That end reads nothing for so long, and nobody minds.
  void stall(End reader, Millis time);
  void slow(std::size_t bytes_per_second, Millis time);
  void mend();

 private:
  struct Item {
    xmpp::Stanza stanza;
    std::size_t bytes = 0;
  };
  struct Side {  // of the end that writes
    std::optional<Handlers> handlers;
    std::optional<xmpp::StreamParser> parser;
    bool up = false;
    std::deque<Item> out;
    std::size_t bytes = 0;
    std::deque<Item> unconfirmed;  // delivered; the writer cannot know it
    std::deque<Item> again;        // on the next connection
    MonoTime blocked{0};           // before that nothing goes
    bool scheduled = false;
  };
  static End other(End end) { return end == node ? hub : node; }
  void dial_later();
  void dial();
  void connect();
  void lose(End writer);
  void tell(End end, bool up);
  void schedule_read(End writer);
  void read(End writer);
  void repeat(End writer, bool amid);
  void put(End writer, Item item);

  Schedule& schedule_;
  std::string name_;
  Observer observer_;
  std::array<Side, 2> sides_;
  bool connected_ = false;
  bool dialling_ = false;
  std::uint64_t connection_ = 0;
  MonoTime parted_{0};
  MonoTime slow_until_{0};
  std::size_t bytes_per_second_ = 0;
};

}  // namespace hansa::sim::links
