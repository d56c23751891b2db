#include "tests/sim/hosts/copies.h"

#include "tests/sim/xml.h"

namespace hansa::sim::hosts {
namespace {

constexpr std::string_view kVersionsNs = "urn:xmpp:muc:affiliations:1";
constexpr std::string_view kArchiveNs = "urn:xmpp:mam:2";
constexpr std::string_view kSetNs = "http://jabber.org/protocol/rsm";
constexpr std::string_view kForwardNs = "urn:xmpp:forward:0";
constexpr Millis kPatience{20'000};

}  // namespace

std::string MemberCopy::asks() const {
  const std::string since = version_.empty() ? "" : " since='" + version_ + "'";
  return "<mav xmlns='" + std::string(kVersionsNs) + "'" + since + "/>";
}

bool MemberCopy::take(const xmpp::Element& stanza) {
  const xmpp::Element* const x = stanza.child("x", kMucUserNs);
  const xmpp::Element* const mav = x == nullptr ? nullptr : x->child("mav", kVersionsNs);
  if (mav == nullptr) return true;
  const std::string since(mav->attr("since"));
  const std::string until(mav->attr("until"));
  const bool whole = since.empty() && stanza.name() == "message";
  // One's own presence says which version the list has; a change may come twice around a join.
  if (!whole && known_.contains(until)) return true;
  if (!whole && !known_.contains(since)) return false;
  if (whole) members_.clear();
  for (const xmpp::Element& item : x->children()) {
    if (!item.is("item", kMucUserNs) || item.attr("jid").empty()) continue;
    const std::string bare(item.attr("jid").substr(0, item.attr("jid").find('/')));
    const std::string affiliation(item.attr("affiliation"));
    if (affiliation == "none") {
      members_.erase(bare);
    } else {
      members_[bare] = affiliation;
    }
  }
  version_ = until;
  known_.insert(until);
  return true;
}

bool ArchiveCopy::may_ask(MonoTime now) const { return id_.empty() || now - asked_at_ > kPatience; }

std::string ArchiveCopy::ask(const std::string& queryid, MonoTime now) {
  queryid_ = queryid;
  asked_at_ = now;
  page_.clear();
  const std::string after = kept_.empty() ? "" : "<after>" + kept_.back().id + "</after>";
  return "<query xmlns='" + std::string(kArchiveNs) + "' queryid='" + queryid + "'><set xmlns='" +
         std::string(kSetNs) + "'><max>7</max>" + after + "</set></query>";
}

void ArchiveCopy::take(const xmpp::Stanza& message) {
  const xmpp::Element* const result = message.child("result", kArchiveNs);
  if (result == nullptr || queryid_.empty() || result->attr("queryid") != queryid_) return;
  const xmpp::Element* const forwarded = result->child("forwarded", kForwardNs);
  const xmpp::Element* const said =
      forwarded == nullptr ? nullptr : forwarded->child("message", xmpp::ns::kClient);
  page_.push_back({std::string(result->attr("id")), said == nullptr ? "" : body_of(*said)});
}

void ArchiveCopy::answered(const xmpp::Stanza& iq) {
  if (id_.empty() || iq.id != id_) return;
  id_.clear();
  queryid_.clear();
  const xmpp::Element* const fin = iq.child("fin", kArchiveNs);
  if (fin == nullptr) return;
  complete_ = fin->attr("complete") == "true";
  kept_.insert(kept_.end(), page_.begin(), page_.end());
  page_.clear();
}

}  // namespace hansa::sim::hosts
