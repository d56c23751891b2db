#pragma once
// An identity seen from outside: an account with the room's name (protocol §4). Everything is
// answered by the node from the room's settings; nothing depends on who or how many its members
// are, or whether they are there (requirement A7).

#include "engine/router.h"
#include "modules/act-as/parts.h"
#include "modules/act-as/portrait.h"
#include "xep-spec/xep_0115_caps.h"

namespace hansa::act_as {

// Its picture is another one: its subscribers are told, soon.
inline constexpr std::string_view kPictureWake = "act-as/picture";

class Profile {
 public:
  explicit Profile(const Parts& parts) : parts_(parts), portrait_(parts) {}
  // Rows of iq and of subscriptions; the router must outlive this.
  Status add_to(engine::Router& router);
  void add_to(rooms::Hooks& hooks);
  void on_picture_wake(engine::RoomTurn& turn);

 private:
  // A conversation's peer was blocked, or is no longer: in the acting room.
  void on_block(engine::RoomTurn& turn, const engine::Letter& letter) const;
  void on_info(engine::RoomTurn& turn, const xmpp::Stanza& stanza) const;
  void on_items(engine::RoomTurn& turn, const xmpp::Stanza& stanza) const;
  void on_ping(engine::RoomTurn& turn, const xmpp::Stanza& stanza) const;
  void on_time(engine::RoomTurn& turn, const xmpp::Stanza& stanza) const;
  void on_vcard(engine::RoomTurn& turn, const xmpp::Stanza& stanza) const;
  void on_pubsub(engine::RoomTurn& turn, const xmpp::Stanza& stanza);
  void on_subscribe(engine::RoomTurn& turn, const xmpp::Stanza& stanza);
  void on_unsubscribe(engine::RoomTurn& turn, const xmpp::Stanza& stanza) const;
  void on_probe(engine::RoomTurn& turn, const xmpp::Stanza& stanza);
  // The room, if the sender may know of it. Nothing: asked, or refused already.
  [[nodiscard]] std::optional<Right> known(engine::RoomTurn& turn,
                                           const xmpp::Stanza& stanza) const;
  void presence(engine::RoomTurn& turn, const xmpp::Jid& to, std::string_view type,
                std::string_view content = {}) const;
  [[nodiscard]] xep_0030::Info info_of(const std::string& name) const;
  [[nodiscard]] xep_0115::Caps caps_of(const std::string& name) const;
  // What its presence says.
  [[nodiscard]] std::string appearance(const engine::RoomTurn& turn) const;
  // What the settings say of its availability; in answer to a probe that, too, if it is not there.
  void availability(engine::RoomTurn& turn, const xmpp::Jid& to, bool probed) const;
  // Its name or avatar is another now, or its availability (`probed`).
  void tell_subscribers(engine::RoomTurn& turn, bool probed) const;
  const Parts& parts_;
  Portrait portrait_;
  const engine::Router* router_ = nullptr;
};

}  // namespace hansa::act_as
