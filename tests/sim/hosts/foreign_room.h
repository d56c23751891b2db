#pragma once
// A room service that is not ours, as Prosody's behaves: one occupant per nick, reflection with the
// sender's id, stanza ids, history, errors that put an occupant out, self-pings (XEP-0410). The log
// outlives a restart of its host, occupants do not.

#include <deque>
#include <map>
#include <string>

#include "tests/sim/hosts/host.h"

namespace hansa::sim::hosts {

inline const std::string kForeignDomain = "muc.b.example";

class ForeignRooms {
 public:
  ForeignRooms(Schedule& schedule, Watch& watch, Host& host);
  void forget_occupants() { rooms_occupants_.clear(); }
  [[nodiscard]] bool is_in(const std::string& room, const std::string& bare) const;

 private:
  struct Said {
    std::string nick;
    std::string id;
    std::string content;  // with the stanza-id
    WallTime at;
  };
  using Occupants = std::map<std::string, std::string>;  // nick → full JID
  void on_stanza(const xmpp::Stanza& stanza);
  void on_presence(const xmpp::Stanza& stanza);
  void on_groupchat(const xmpp::Stanza& stanza);
  void on_iq(const xmpp::Stanza& stanza);
  void join(const xmpp::Stanza& stanza);
  void leave(const std::string& room, const std::string& nick, std::string_view status);
  void send_history(const std::string& room, const xmpp::Stanza& join);
  void send(std::string xml) { host_.route(packet(std::move(xml))); }
  void refuse(const xmpp::Stanza& stanza, std::string_view condition);
  [[nodiscard]] std::string nick_of(const std::string& room, const std::string& full) const;
  [[nodiscard]] static std::string presence(const std::string& room, const std::string& nick,
                                            const std::string& to, bool in,
                                            std::string_view status);

  Schedule& schedule_;
  Watch& watch_;
  Host& host_;
  std::map<std::string, Occupants> rooms_occupants_;
  std::map<std::string, std::deque<Said>> logs_;
};

}  // namespace hansa::sim::hosts
