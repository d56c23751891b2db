#pragma once
// What the entries of acting say, as bytes (engine/fields.h). A tag never changes its meaning: old
// logs are folded for ever (design §3). Who acted stands in local parts only.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/entry.h"
#include "xep-spec/act_as_talks.h"
#include "xmpp/jid.h"

namespace hansa::act_as {

enum class PeerKind : std::uint8_t { unknown = 0, person = 1, room = 2 };

// opened: this room is the conversation of `acting` with `peer`.
struct Opened {
  xmpp::Jid acting;              // the room
  xmpp::Jid peer;                // bare
  engine::Position version = 0;  // of the acting room, at which the right was asked
  std::string nick;              // wished for in a peer that is a room
  std::string secret;            // local: outgoing ids are made with it
  xmpp::Jid actor;               // local: who opened it; empty: the peer wrote first
  std::string log = {};          // local: of the acting room; empty: opened when it was not kept
};
[[nodiscard]] engine::SharedPart write_shared(const Opened& opened);
[[nodiscard]] engine::LocalPart write_local(const Opened& opened);
[[nodiscard]] Opened read_opened(const engine::Entry& entry);

// peer_known. `guessed`: nobody said so.
struct PeerKnown {
  PeerKind kind = PeerKind::unknown;
  bool guessed = false;
};
[[nodiscard]] engine::SharedPart write_peer_known(const PeerKnown& known);
[[nodiscard]] PeerKnown read_peer_known(const engine::Entry& entry);

// peer_joined: the acting room came into the peer's room, or is out of it for good.
struct PeerJoined {
  bool in = false;
  std::string nick;
  std::string reason;
};
[[nodiscard]] engine::SharedPart write_peer_joined(const PeerJoined& joined);
[[nodiscard]] PeerJoined read_peer_joined(const engine::Entry& entry);

// crossed: what was said at `position` was seen at the peer, or refused there; and so was all up to
// `until` (0: up to that position).
struct Crossed {
  engine::Position position = 0;
  std::string stanza_id;  // given by the peer's room
  std::string refused;    // why; empty: it arrived
  engine::Position until = 0;
};
[[nodiscard]] engine::SharedPart write_crossed(const Crossed& crossed);
[[nodiscard]] Crossed read_crossed(const engine::Entry& entry);

// conversation, in the acting room: those members are told of news there. Bytes of a letter too.
struct Announcement {
  xmpp::Jid conversation;
  xmpp::Jid peer;
  bool first = false;                // letter: nobody was told before
  std::string token;                 // entry: ids of the invitations are made with it
  std::vector<std::string> told;     // entry, local: bare JIDs
  std::vector<std::string> present;  // letter: who is in the conversation
  std::vector<std::string> again;    // letter: who was in since the last news
};
[[nodiscard]] engine::SharedPart write_shared(const Announcement& news);
[[nodiscard]] engine::LocalPart write_local(const Announcement& news);
[[nodiscard]] Announcement read_news(const engine::Entry& entry);
[[nodiscard]] std::string write_letter(const Announcement& news);
[[nodiscard]] Announcement read_letter(std::string_view bytes);

// right, in the acting room: a member was given the right to act, perhaps towards one peer only and
// until a time, or it was taken. All of it local: these are real addresses of our own people.
struct Grant {
  std::string member;  // bare JID
  std::string peer;    // bare JID; empty: towards all
  bool given = true;
  WallTime until;   // 0: for good
  xmpp::Jid actor;  // who gave or took it; empty: the operator, or it followed from something else
  [[nodiscard]] bool holds(WallTime now) const { return until.ms == 0 || now.ms < until.ms; }
};
[[nodiscard]] engine::LocalPart write_local(const Grant& grant);
[[nodiscard]] Grant read_grant(std::string_view bytes);

// talk, in a conversation: what a member did to it. Who, and whom it was assigned to, is local.
struct TalkChange {
  xep_act_as::Action action = xep_act_as::Action::close;
  std::string member;  // bare JID; of assign: empty means nobody
  xmpp::Jid actor;     // empty: it followed from a message
};
[[nodiscard]] engine::SharedPart write_shared(const TalkChange& change);
[[nodiscard]] engine::LocalPart write_local(const TalkChange& change);
[[nodiscard]] TalkChange read_talk_change(const engine::Entry& entry);

// A random-looking id, always the same for the same secret and text.
[[nodiscard]] std::string derived_id(std::string_view secret, std::string_view text);
// An address that we wrote ourselves; empty if it does not prepare any more.
[[nodiscard]] xmpp::Jid read_jid(std::string_view text);

}  // namespace hansa::act_as
