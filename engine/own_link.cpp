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

OwnLink::OwnLink(Engine::Impl& engine) : engine_(engine) { parser_.feed(opening(), events_); }

void OwnLink::deliver() {
  do {
    Outbox::Piece piece = engine_.outbox.take_own();
    if (!piece.bytes.empty()) read(piece.bytes);
    if (piece.mark != 0) line_.emplace_back(piece.mark);
    if (engine_.stopped) line_.clear();
    while (!line_.empty() && pass_on(line_.front())) line_.pop_front();
    // What is answered at once, without a room, is read at once.
  } while (line_.empty() && engine_.outbox.has_own());
}

void OwnLink::read(std::string_view bytes) {
  events_.clear();
  parser_.feed(bytes, events_);
  for (xmpp::StreamEvent& event : events_) {
    if (auto* const read = std::get_if<xmpp::StanzaRead>(&event)) {
      auto stanza = xmpp::Stanza::parse(std::move(read->stanza));
      if (stanza) {
        line_.emplace_back(std::move(*stanza));
      } else {
        engine_.log.warn("rooms", "a stanza of ours to ourselves is none: " + stanza.error().text);
      }
    } else if (const auto* const refused = std::get_if<xmpp::StanzaRefused>(&event)) {
      engine_.log.warn("rooms", "a stanza of ours to ourselves is dropped: " + refused->text);
    } else {
      assert(false && "what we write is a stanza");
    }
  }
}

// False: not yet.
bool OwnLink::pass_on(Item& item) {
  if (const Mark* const mark = std::get_if<Mark>(&item)) {
    reached(*mark);
    return true;
  }
  auto& stanza = std::get<xmpp::Stanza>(item);
  if (const auto to = engine_.room_for(stanza)) {
    RoomExecutor& room = engine_.room(to->first);
    if (room.crowded()) return false;
    receivers_.insert(to->first.text());
  }
  engine_.links.passed_within(stanza);
  engine_.dispatch(std::move(stanza));
  return true;
}

// Confirmed is what those rooms have decided, durably: what one of them loses is not.
void OwnLink::reached(Mark mark) {
  const auto left = std::make_shared<std::size_t>(receivers_.size() + 1);
  const auto done = [&engine = engine_, left, mark] {
    if (--*left > 0) return;
    engine.soon([&engine, mark] { engine.owner.on_confirmed(kOwnLink, mark); });
  };
  for (const std::string& address : std::exchange(receivers_, {})) {
    const auto room = xmpp::Jid::parse(address);
    if (room) engine_.room(*room).take(ReachedEvent{done});
  }
  done();
}

}  // namespace hansa::engine
