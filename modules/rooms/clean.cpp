#include "modules/rooms/clean.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "xep-spec/act_as.h"
#include "xep-spec/xep_0033_addresses.h"
#include "xep-spec/xep_0045_muc.h"
#include "xep-spec/xep_0172_nick.h"
#include "xep-spec/xep_0203_delay.h"
#include "xep-spec/xep_0289_fmuc.h"
#include "xep-spec/xep_0317_hats.h"
#include "xep-spec/xep_0359_stanza_ids.h"
#include "xep-spec/xep_0421_occupant_id.h"
#include "xep-spec/xep_0463_affiliation_versions.h"
#include "xmpp/writer.h"

namespace hansa::rooms {
namespace {

// Whatever is in these namespaces is ours to say.
constexpr std::array<std::string_view, 13> kForged = {
    xep_0045::kNs, xep_0045::kNsUser,   xep_0045::kNsAdmin, xep_0045::kNsOwner, xep_0421::kNs,
    xep_0203::kNs, xep_0203::kNsLegacy, xep_0033::kNs,      xep_0317::kNs,      xep_0172::kNs,
    xep_0463::kNs, xep_0289::kNs,       xep_act_as::kNs,
};

// A <stanza-id/> of another archive may pass; one by this room may not, however it is spelt.
bool is_by(const xmpp::Element& stanza_id, const xmpp::Jid& room) {
  const Result<xmpp::Jid> by = xmpp::Jid::parse(stanza_id.attr("by"));
  return !by || by->bare() == room;
}

bool may_pass(const xmpp::Element& child, const xmpp::Jid& room) {
  if (std::find(kForged.begin(), kForged.end(), child.ns()) != kForged.end()) return false;
  return !child.is("stanza-id", xep_0359::kNs) || !is_by(child, room);
}

}  // namespace

std::string clean_content(const xmpp::Element& stanza, const xmpp::Jid& room) {
  std::string out;
  xmpp::Writer writer(out);
  for (const xmpp::Element& child : stanza.children()) {
    if (may_pass(child, room)) writer.element(child);
  }
  return out;
}

}  // namespace hansa::rooms
