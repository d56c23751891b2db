#pragma once
// Rooms in each other on several nodes, for tests of rings and of whatever else a graph may be.
// Header-only.

#include <initializer_list>
#include <string>
#include <vector>

#include "tests/support/nodes.h"

namespace hansa::test {

// Room r<i> lives on the i-th node in turn; person p<i> owns it and is in.
struct Graph : Nodes {
  Graph(std::initializer_list<const char*> names, int rooms) : Nodes(names) {
    for (const char* name : names) nodes.emplace_back(name);
    for (int i = 0; i < rooms; ++i) found(person(i), room_jid(i));
  }
  [[nodiscard]] const std::string& node_of(int i) const {
    return nodes[static_cast<std::size_t>(i) % nodes.size()];
  }
  [[nodiscard]] std::string local(int i) const { return "r" + std::to_string(i); }
  [[nodiscard]] std::string room_jid(int i) const { return Nodes::room(local(i), node_of(i)); }
  [[nodiscard]] std::string person(int i, const char* resource = "/1") const {
    return "p" + std::to_string(i) + "@" + node_of(i) + ".example" + resource;
  }
  [[nodiscard]] std::string talk(int member, int host) const {
    std::string peer = room_jid(host);
    peer.replace(peer.find('@'), 1, "\\40");
    return local(member) + "%" + peer + "@rooms." + node_of(member) + ".example";
  }
  [[nodiscard]] std::string identity(int i) const { return Nodes::identity(local(i), node_of(i)); }
  void asks(int member, int host) { opens(person(member), identity(member), room_jid(host)); }
  // r<member> becomes a member of r<host>. False: it was refused.
  bool joins(int member, int host) {
    heard.clear();
    asks(member, host);
    return is_taken(member, host);
  }
  // What was asked is answered: yes. False: nothing was.
  bool is_taken(int member, int host) {
    if (!answers(person(host, ""))) return false;
    enters(person(member), talk(member, host));
    heard.clear();
    crossed.clear();
    return true;
  }
  [[nodiscard]] std::size_t messages() const {
    std::size_t count = 0;
    for (const auto& [what, times] : crossed) {
      if (what.ends_with(" message")) count += times;
    }
    return count;
  }
  std::vector<std::string> nodes;
};

}  // namespace hansa::test
