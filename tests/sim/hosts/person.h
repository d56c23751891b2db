#pragma once
// A person with a client: joins rooms, speaks, changes nick, leaves, comes back under new
// resources, dies without a word. What he wanted and did not see happen he tries again, with the
// same ids, as clients do. A careful one keeps copies: of member lists by versions, of archives by
// pages.

#include <map>
#include <set>
#include <string>

#include "tests/sim/hosts/copies.h"
#include "tests/sim/hosts/host.h"

namespace hansa::sim::hosts {

class Person final : public Client {
 public:
  Person(Schedule& schedule, Watch& watch, Host& host, std::string bare, std::string nick);
  ~Person() override;

  void login();
  void logout();
  void vanish();
  [[nodiscard]] bool online() const { return !full_.empty(); }
  [[nodiscard]] const std::string& bare() const { return bare_; }
  [[nodiscard]] const std::string& full() const { return full_; }
  [[nodiscard]] const std::string& own_nick() const { return nick_; }
  [[nodiscard]] const std::string& nick(const std::string& room) const;

  // He wants to be in, and stays so until he leaves; `literal`: he asks for no history.
  void join(const std::string& room, bool literal = false);
  void leave(const std::string& room);
  [[nodiscard]] bool is_in(const std::string& room) const;
  // Asks in again, to be told everything anew: who is in, by nick, as far as he knows.
  void look_around(const std::string& room);
  [[nodiscard]] std::map<std::string, std::string> seen(const std::string& room) const;
  void rename(const std::string& room, const std::string& nick);
  // From now on he keeps that room's member list, by versions (XEP-0463); null: he does not.
  void keep_members(const std::string& room) { member_copies_[room]; }
  [[nodiscard]] const MemberCopy* members(const std::string& room) const;
  // The next page of that room's archive (XEP-0313) is asked for, if it is not under way.
  void read_archive(const std::string& room);
  [[nodiscard]] const ArchiveCopy& archive(const std::string& room) { return archives_[room]; }
  // Whether he still is in (XEP-0410): he may have been put out without hearing of it.
  void ping_rooms();
  // A message to a room he is in, or to an identity (`room` is then that address).
  void say(const std::string& room, const std::string& body);
  // A request; what it is answered with is kept under its id.
  std::string ask(const std::string& to, std::string_view type, const std::string& content);
  [[nodiscard]] const std::string* answer(const std::string& id) const;
  [[nodiscard]] std::size_t unacknowledged() const { return said_.size(); }
  void forget_said() { said_.clear(); }
  // Rooms that put him out: he does not try again.
  [[nodiscard]] const std::set<std::string>& put_out() const { return put_out_; }
  void forgive(const std::string& room) { put_out_.erase(room); }

  void on_stanza(const xmpp::Stanza& stanza) override;
  void on_disconnected() override;

 private:
  struct View {
    bool wanted = false;
    bool in = false;
    bool literal = false;
    MonoTime tried;
    std::string nick;
    std::map<std::string, std::string> nicks;  // of those who are shown to be in → role
  };
  struct Said {
    std::string room;
    std::string id;
    std::string origin;
    MonoTime first;
    MonoTime tried;
  };
  [[nodiscard]] std::string mark(const std::string& what);
  void look();  // tries again what did not happen
  void try_join(const std::string& room, View& view);
  void try_say(const std::string& body, Said& said);
  void on_presence(const xmpp::Stanza& stanza);
  void take_versions(const std::string& room, const xmpp::Stanza& stanza);
  void on_message(const xmpp::Stanza& stanza);
  void forget_session();
  void send(std::string xml) { host_.from_client(std::move(xml)); }

  Schedule& schedule_;
  Watch& watch_;
  Host& host_;
  std::string bare_;
  std::string nick_;
  std::string full_;
  std::map<std::string, View> views_;
  std::map<std::string, Said> said_;  // by body
  std::map<std::string, std::string> answers_;
  std::map<std::string, std::string> pings_;  // id → room
  std::map<std::string, MemberCopy> member_copies_;
  std::map<std::string, ArchiveCopy> archives_;
  std::set<std::string> put_out_;
  std::shared_ptr<char> alive_ = std::make_shared<char>();
};

}  // namespace hansa::sim::hosts
