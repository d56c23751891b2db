#pragma once
// What a careful client keeps of a room beside what it shows: the member list, by versions, and the
// archive, page after page. Both only ever add what the room says follows what they have.

#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/sim/schedule.h"
#include "xmpp/stanza.h"

namespace hansa::sim::hosts {

// A member list (XEP-0463): whole at first, then by what changed.
class MemberCopy {
 public:
  // <mav/> for the next join, with the version that is here.
  [[nodiscard]] std::string asks() const;
  // A stanza of the room. False: it tells of a change that does not follow this version.
  bool take(const xmpp::Element& stanza);
  [[nodiscard]] const std::string& version() const { return version_; }
  // Bare JID → affiliation; who has none is not in it.
  [[nodiscard]] const std::map<std::string, std::string>& members() const { return members_; }

 private:
  std::string version_;          // empty: nothing is here yet
  std::set<std::string> known_;  // versions that were here
  std::map<std::string, std::string> members_;
};

// An archive (XEP-0313) that is read forwards.
class ArchiveCopy {
 public:
  struct Kept {
    std::string id;  // of the archive
    std::string body;
  };
  [[nodiscard]] bool may_ask(MonoTime now) const;
  // The query for the page after what is here.
  [[nodiscard]] std::string ask(const std::string& queryid, MonoTime now);
  void asked(const std::string& id) { id_ = id; }
  void take(const xmpp::Stanza& message);
  void answered(const xmpp::Stanza& iq);
  [[nodiscard]] const std::vector<Kept>& kept() const { return kept_; }
  [[nodiscard]] bool complete() const { return complete_; }  // there was nothing more

 private:
  std::vector<Kept> kept_;
  std::vector<Kept> page_;
  std::string queryid_;
  std::string id_;
  MonoTime asked_at_;
  bool complete_ = false;
};

}  // namespace hansa::sim::hosts
