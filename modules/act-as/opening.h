#pragma once
// Opening a conversation (requirements A1, A2, A10): by the extension's query to an identity, or by
// an ad-hoc command at the identities domain, which needs no session: all is in one form. Both are
// decided in the conversation's own room, so that the answer says what is durable there.

#include "engine/turn.h"
#include "modules/act-as/identities.h"
#include "modules/act-as/news.h"
#include "modules/act-as/parts.h"
#include "modules/act-as/peer.h"

namespace hansa::act_as {

inline constexpr std::string_view kOpenTopic = "act-as:open";

class Opening {
 public:
  Opening(const Parts& parts, Peer& peer, News& news, const Identities& identities)
      : parts_(parts), peer_(peer), news_(news), identities_(identities) {}

  // In the acting room: hands it to the conversation.
  void on_query(engine::RoomTurn& turn, const xmpp::Stanza& stanza);
  // At the service: the form, or the form filled in.
  void on_command(engine::ServiceTurn& turn, const xmpp::Stanza& stanza,
                  const xep_0050::Request& request);
  // In the conversation.
  void on_passed(engine::RoomTurn& turn, const engine::Passed& passed);
  // Makes this room the conversation that `opened` names.
  void create(engine::RoomTurn& turn, Opened opened, const rooms::Info& acting, PeerKind kind);

 private:
  void offer_form(engine::ServiceTurn& turn, const xmpp::Stanza& stanza,
                  const xep_0050::Request& request);
  void submitted(engine::ServiceTurn& turn, const xmpp::Stanza& stanza,
                 const xep_0050::Request& request);
  void say(engine::RoomTurn& turn, const xmpp::Jid& speaker, const std::string& body, bool note);
  [[nodiscard]] std::optional<Error> fault(const xmpp::Jid& acting, const xmpp::Jid& peer) const;
  const Parts& parts_;
  Peer& peer_;
  News& news_;
  const Identities& identities_;
};

}  // namespace hansa::act_as
