#include "engine/own_link.h"

#include <cassert>
#include <utility>

#include "engine/impl.h"
#include "xmpp/ns.h"

namespace hansa::engine {
namespace {

std::string opening() {
  std::string tag = "<stream:stream xmlns='";
  tag.append(xmpp::ns::kClient).append("' xmlns:stream='");
  return tag.append(xmpp::ns::kStreams).append("'>");
}

}  // namespace

OwnLink::OwnLink(Engine::Impl& engine, Links& others) : engine_(engine), others_(others) {
  parser_.feed(opening(), events_);
}

// --- as a link ----------------------------------------------------------------------------------

void OwnLink::write(std::string_view domain, std::string bytes) {
  if (domain != kOwnLink) return others_.write(domain, std::move(bytes));
  if (!engine_.stopped) read(bytes);
}

void OwnLink::confirm(std::string_view domain, Mark mark) {
  if (domain != kOwnLink) return others_.confirm(domain, mark);
  if (!engine_.stopped) line_.push_back({mark});
}

std::size_t OwnLink::queued(std::string_view domain) const {
  return domain == kOwnLink ? bytes_ : others_.queued(domain);
}

// --- what is on it ------------------------------------------------------------------------------

void OwnLink::deliver() {
  if (engine_.stopped) {
    line_.clear();
    bytes_ = 0;
  }
  const bool was_open = engine_.outbox.open(kOwnLink);
  pass_on_all();
  if (!was_open && engine_.outbox.open(kOwnLink)) engine_.owner.on_drained(kOwnLink);
}

void OwnLink::pass_on_all() {
  // What is answered at once, without a room, is read at once.
  for (engine_.outbox.flush(kOwnLink); !line_.empty(); engine_.outbox.flush(kOwnLink)) {
    while (!line_.empty()) {
      if (!pass_on(line_.front())) return;
      bytes_ -= line_.front().bytes;
      line_.pop_front();
    }
  }
}

void OwnLink::read(std::string_view bytes) {
  events_.clear();
  parser_.feed(bytes, events_);
  const std::size_t before = line_.size();
  for (xmpp::StreamEvent& event : events_) {
    if (auto* const read = std::get_if<xmpp::StanzaRead>(&event)) {
      auto stanza = xmpp::Stanza::parse(std::move(read->stanza));
      if (stanza) {
        line_.push_back({std::move(*stanza)});
      } else {
        engine_.log.warn("rooms", "a stanza of ours to ourselves is none: " + stanza.error().text);
      }
    } else if (const auto* const refused = std::get_if<xmpp::StanzaRefused>(&event)) {
      engine_.log.warn("rooms", "a stanza of ours to ourselves is dropped: " + refused->text);
    } else {
      assert(false && "what we write is a stanza");
    }
  }
  if (line_.size() == before) return;
  line_.back().bytes = bytes.size();
  bytes_ += bytes.size();
}

// False: not yet.
bool OwnLink::pass_on(Item& item) {
  if (const Mark* const mark = std::get_if<Mark>(&item.what)) {
    reached(*mark);
    return true;
  }
  auto& stanza = std::get<xmpp::Stanza>(item.what);
  if (const auto to = engine_.room_for(stanza)) {
    RoomExecutor& room = engine_.room(to->first);
    if (room.crowded()) return false;
    receivers_.insert(to->first.text());
  }
  passed_within(stanza);
  engine_.dispatch(std::move(stanza));
  return true;
}

// --- confirming ---------------------------------------------------------------------------------

void OwnLink::reached(Mark mark) {
  const std::set<std::string> receivers = std::exchange(receivers_, {});
  const auto passage =
      passages_.emplace_back(std::make_shared<Passage>(Passage{mark, receivers.size() + 1}));
  for (const std::string& address : receivers) {
    const auto room = xmpp::Jid::parse(address);
    assert(room.ok() && "the address of a room is one");
    engine_.room(*room).take(
        ReachedEvent{[this, passage](bool stored) { heard_of(*passage, stored); }});
  }
  heard_of(*passage, true);
}

void OwnLink::heard_of(Passage& passage, bool stored) {
  passage.lost = passage.lost || !stored;
  if (--passage.rooms == 0) engine_.soon([this] { conclude(); });
}

// A mark covers all before it: in their order.
void OwnLink::conclude() {
  while (!passages_.empty() && passages_.front()->rooms == 0) {
    const std::shared_ptr<Passage> passage = std::move(passages_.front());
    passages_.pop_front();
    if (passage->lost) {
      engine_.lost(kOwnLink, passage->mark);
    } else {
      engine_.owner.on_confirmed(kOwnLink, passage->mark);
    }
  }
}

}  // namespace hansa::engine
