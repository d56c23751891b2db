#include "modules/act-as/references.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace hansa::act_as {
namespace {

struct Found {
  engine::Position position = 0;
  rooms::Message message;
};

// The newest message of the tail that fits.
template <typename Fits>
std::optional<Found> newest(const engine::RoomState& room, const Fits& fits) {
  const auto& tail = room.tail();
  for (auto entry = tail.rbegin(); entry != tail.rend(); ++entry) {
    if ((*entry)->kind != engine::EntryKind::message || (*entry)->erased) continue;
    Found found{(*entry)->position, rooms::read_message(**entry)};
    if (!found.message.from_room && fits(found)) return found;
  }
  return std::nullopt;
}

bool by_author_only(Reference reference) {
  return reference == Reference::correction || reference == Reference::retraction;
}

// By occupant-ids, which say it of our own people as well, and are not local.
bool same_author(const rooms::Message& a, const rooms::Message& b) {
  return a.from_peer == b.from_peer && !a.occupant_id.empty() && a.occupant_id == b.occupant_id;
}

// What the peer's side calls a message of ours or of its own.
std::string name_there(const Conversation& talk, const Found& found, Reference reference) {
  const bool room_id = talk.peer_kind() == PeerKind::room && reference != Reference::correction;
  if (room_id) return std::string(talk.sid_at(found.position));
  return found.message.from_peer ? found.message.id : talk.outgoing_id(found.message.stanza_id);
}

// The nick outside of one who speaks here under `nick`; empty: he has left, and it is not known.
std::string_view nick_there(const rooms::Room& room, std::string_view nick) {
  for (const auto& [key, one] : room.virtuals()) {
    if (one.nick == nick) return one.outside();
  }
  return nick.find(" (peer") == std::string_view::npos ? nick : std::string_view();
}

// Empty: it is not said whom an answer is for.
std::string author_there(const Domains& domains, const engine::RoomState& room,
                         const rooms::Message& message) {
  const Conversation& talk = room.get<Conversation>();
  const Opened& about = talk.about();
  if (talk.peer_kind() == PeerKind::room) {
    const std::string_view nick = message.from_peer
                                      ? nick_there(room.get<rooms::Room>(), message.nick)
                                      : std::string_view(talk.now().nick);
    if (nick.empty()) return {};
    const auto occupant = about.peer.with_resource(nick);
    return occupant ? occupant->text() : std::string();
  }
  return message.from_peer ? about.peer.text() : identity_of(domains, about.acting).text();
}

// --- who is mentioned: outside, each of ours is the room -----------------------------------------

std::optional<Referred> mention_there(const Domains& domains, const engine::RoomState& room,
                                      std::string_view address) {
  const Conversation& talk = room.get<Conversation>();
  const xmpp::Jid who = read_jid(address);
  if (who.bare() != room.address() || who.is_bare()) return std::nullopt;
  const bool peer_room = talk.peer_kind() == PeerKind::room;
  const xmpp::Jid& peer = talk.about().peer;
  for (const auto& [key, one] : room.get<rooms::Room>().virtuals()) {
    if (one.nick != who.resource()) continue;
    if (!peer_room) return Referred{peer.text(), {}};
    const auto there = peer.with_resource(one.outside());
    return there ? std::optional(Referred{there->text(), {}}) : std::nullopt;
  }
  if (!peer_room) return Referred{identity_of(domains, talk.about().acting).text(), {}};
  const auto self = peer.with_resource(talk.now().nick);
  return self ? std::optional(Referred{self->text(), {}}) : std::nullopt;
}

std::optional<Referred> mention_here(const engine::RoomState& room, std::string_view address) {
  const Conversation& talk = room.get<Conversation>();
  const xmpp::Jid who = read_jid(address);
  const bool peer_room = talk.peer_kind() == PeerKind::room;
  if (peer_room && who.bare() == talk.about().peer && !who.is_bare()) {
    for (const auto& [key, one] : room.get<rooms::Room>().virtuals()) {
      if (one.outside() != who.resource()) continue;
      const auto here = room.address().with_resource(one.nick);
      if (here) return Referred{here->text(), {}};
    }
    if (who.resource() != talk.now().nick) return std::nullopt;
    return Referred{room.address().text(), {}};  // the acting room: all who are here
  }
  const bool identity = who.local() == talk.about().acting.local() && who != talk.about().peer;
  if (!peer_room && identity) return Referred{room.address().text(), {}};
  return std::nullopt;
}

}  // namespace

Translate outward(const Domains& domains, const engine::RoomState& room,
                  const rooms::Message& said) {
  return [&](Reference reference, std::string_view id) -> std::optional<Referred> {
    const Conversation& talk = room.get<Conversation>();
    if (reference == Reference::mention) return mention_there(domains, room, id);
    if (id.empty()) return std::nullopt;
    if (reference == Reference::retraction && said.retracts > 0) {
      // It is erased by now: it was found by that id when it was taken back.
      const bool room_id = talk.peer_kind() == PeerKind::room;
      Referred out{room_id ? std::string(talk.sid_at(said.retracts)) : talk.outgoing_id(id), {}};
      if (out.id.empty()) return std::nullopt;
      return out;
    }
    const auto may_change = [&](const rooms::Message& m) {
      return same_author(m, said) || (said.over && !m.from_peer);
    };
    const auto found = newest(room, [&](const Found& one) {
      const rooms::Message& m = one.message;
      if (reference == Reference::correction) return m.id == id && may_change(m);
      return m.stanza_id == id || (!m.from_peer && m.origin_id == id);
    });
    if (!found || found->message.internal) return std::nullopt;
    if (by_author_only(reference) && !may_change(found->message)) return std::nullopt;
    Referred out{name_there(talk, *found, reference), author_there(domains, room, found->message)};
    if (out.id.empty()) return std::nullopt;
    return out;
  };
}

bool is_in_reach(const engine::RoomState& room, std::string_view stanza_id) {
  const Conversation& talk = room.get<Conversation>();
  const auto& tail = room.tail();
  return std::any_of(tail.rbegin(), tail.rend(), [&](const engine::EntryPtr& entry) {
    if (entry->kind != engine::EntryKind::message) return false;
    const rooms::Message message = rooms::read_message(*entry);
    if (message.stanza_id != stanza_id && message.origin_id != stanza_id) return false;
    const bool leaves = !message.internal && !message.from_room;
    return talk.peer_kind() != PeerKind::room || !leaves || !talk.sid_at(entry->position).empty();
  });
}

Translate inward(const engine::RoomState& room, std::string occupant_id) {
  return [&room, occupant_id = std::move(occupant_id)](
             Reference reference, std::string_view id) -> std::optional<Referred> {
    const Conversation& talk = room.get<Conversation>();
    if (reference == Reference::mention) return mention_here(room, id);
    if (id.empty()) return std::nullopt;
    const bool room_id = talk.peer_kind() == PeerKind::room && reference != Reference::correction;
    const engine::Position position = room_id ? talk.position_of(id) : 0;
    if (room_id && position == 0) return std::nullopt;
    const auto found = newest(room, [&](const Found& one) {
      if (room_id) return one.position == position;
      const rooms::Message& m = one.message;
      return m.from_peer ? m.id == id : talk.outgoing_id(m.stanza_id) == id;
    });
    if (!found) return std::nullopt;
    const rooms::Message& message = found->message;
    const bool his = message.from_peer && message.occupant_id == occupant_id;
    if (by_author_only(reference) && !his) return std::nullopt;
    if (reference == Reference::receipt && message.from_peer) return std::nullopt;
    const bool own_id = reference == Reference::correction || reference == Reference::receipt;
    const auto author = room.address().with_resource(message.nick);
    return Referred{own_id ? message.id : message.stanza_id,
                    author ? author->text() : std::string()};
  };
}

}  // namespace hansa::act_as
