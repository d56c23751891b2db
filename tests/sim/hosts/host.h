#pragma once
// A simplified but honest host: routes stanzas between its clients, its components (bytes over a
// Wire, the host's side of XEP-0114) and the other host; keeps messages for absent users; answers
// for absent clients with the errors of RFC 6121 §8.5; answers what a component asks in order.

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/sim/hosts/watch.h"
#include "tests/sim/hosts/wire.h"
#include "xmpp/parser.h"

namespace hansa::sim::hosts {

// A client as its host knows it.
class Client {
 public:
  virtual ~Client() = default;
  virtual void on_stanza(const xmpp::Stanza& stanza) = 0;
  virtual void on_disconnected() = 0;
};

class Host {
 public:
  Host(Schedule& schedule, Watch& watch, std::string domain, std::vector<std::string> components)
      : schedule_(schedule),
        watch_(watch),
        domain_(std::move(domain)),
        components_(components.begin(), components.end()) {}

  void set_other(Host& other) { other_ = &other; }
  // A service of the host's own (its rooms), for that domain.
  using Service = std::function<void(const xmpp::Stanza&)>;
  void set_service(std::string domain, Service service);

  // A component dials; null: the host is down.
  std::shared_ptr<Wire> accept(const std::string& domain);
  void cut(const std::string& component);
  void stall(const std::string& component, Millis time);  // reads nothing from it
  [[nodiscard]] bool is_up() const { return up_; }
  // Everything in memory is gone; it is back after `down`.
  void restart(Millis down);

  [[nodiscard]] bool login(const std::string& full, Client& client);
  void logout(const std::string& full);
  // The client is dead and the host does not know it yet; when it does, it gives back what the
  // client did not read, or not.
  void vanish(const std::string& full, Millis noticed);
  [[nodiscard]] bool knows(const std::string& full) const { return sessions_.contains(full); }
  void from_client(std::string xml);
  // From a service of its own.
  void route(const Packet& packet);
  // From the other host.
  void from_other(const Packet& packet);

 private:
  struct Link {
    std::shared_ptr<Wire> wire;
    xmpp::StreamParser parser;
    bool open = false;
  };
  struct Session {
    Client* client = nullptr;
    bool deaf = false;
    std::vector<xmpp::Stanza> unread;
    std::set<std::string> directed;  // addresses to be told when it ends
  };
  void on_bytes(const std::string& component, std::string_view bytes);
  void on_component(const std::string& component, Link& link, const xmpp::StreamEvent& event,
                    std::string_view bytes);
  void to_component(const Packet& packet);
  void to_user(const Packet& packet);
  void to_bare(const Packet& packet);
  void to_other(const Packet& packet);
  void deliver(const std::string& full, Session& session, const Packet& packet);
  void refuse(const xmpp::Stanza& stanza, std::string_view condition, std::string_view type);
  void note_directed(const xmpp::Stanza& presence);
  void end_session(const std::string& full);
  [[nodiscard]] std::vector<std::string> sessions_of(const std::string& bare) const;

  Schedule& schedule_;
  Watch& watch_;
  std::string domain_;
  std::set<std::string> components_;
  Host* other_ = nullptr;
  std::map<std::string, Service> services_;
  bool up_ = true;
  std::uint64_t life_ = 1;
  std::map<std::string, Link> links_;
  std::map<std::string, Session> sessions_;
  std::map<std::string, std::vector<std::string>> offline_;  // survives a restart
  std::deque<Packet> outgoing_;                              // to the other host
  bool sending_ = false;
};

}  // namespace hansa::sim::hosts
