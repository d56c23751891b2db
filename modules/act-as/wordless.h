#pragma once
// What comes to an identity without words, and somebody should hear of all the same: invitations
// into rooms, calls; and what nobody here could read. Also how many conversations others may begin.

#include <map>
#include <string>

#include "engine/turn.h"
#include "modules/act-as/news.h"
#include "modules/act-as/opening.h"
#include "modules/act-as/parts.h"

namespace hansa::act_as {

class Wordless {
 public:
  Wordless(const Parts& parts, Opening& opening, News& news)
      : parts_(parts), opening_(opening), news_(news) {}

  // From a person. False: it is nothing of that.
  bool heard(engine::RoomTurn& turn, const xmpp::Stanza& stanza, const Right& right,
             std::string_view nick);
  // From a room in which the acting room is not, in whose name somebody invites it (XEP-0045
  // §7.8.2): it is told, and nothing happens by itself.
  void invited(engine::RoomTurn& turn, const xmpp::Stanza& stanza, const Right& right);
  // Somebody's first message makes a conversation, for good. False: refused, too many from that
  // domain have done so lately.
  bool may_begin(engine::RoomTurn& turn, const xmpp::Jid& acting, const xmpp::Jid& from);

 private:
  struct Begun {
    double left = 0;
    MonoTime at{};
  };
  void begin(engine::RoomTurn& turn, const xmpp::Stanza& stanza, const Right& right, PeerKind kind);
  const Parts& parts_;
  Opening& opening_;
  News& news_;
  std::map<std::string, Begun> begun_;  // by acting room and domain
};

}  // namespace hansa::act_as
