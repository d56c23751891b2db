#include "modules/rooms/clean.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "xep-spec/act_as.h"
#include "xep-spec/group_rooms.h"
#include "xep-spec/xep_0033_addresses.h"
#include "xep-spec/xep_0045_muc.h"
#include "xep-spec/xep_0172_nick.h"
#include "xep-spec/xep_0203_delay.h"
#include "xep-spec/xep_0289_fmuc.h"
#include "xep-spec/xep_0313_archive.h"
#include "xep-spec/xep_0317_hats.h"
#include "xep-spec/xep_0359_stanza_ids.h"
#include "xep-spec/xep_0421_occupant_id.h"
#include "xep-spec/xep_0424_retraction.h"
#include "xep-spec/xep_0425_moderation.h"
#include "xep-spec/xep_0452_mention_notice.h"
#include "xep-spec/xep_0463_affiliation_versions.h"
#include "xmpp/writer.h"

namespace hansa::rooms {
namespace {

// Whatever is in these namespaces is ours to say.
constexpr std::array kForged = {
    xep_0045::kNs,    xep_0045::kNsUser,   xep_0045::kNsAdmin,   xep_0045::kNsOwner, xep_0421::kNs,
    xep_0203::kNs,    xep_0203::kNsLegacy, xep_0033::kNs,        xep_0317::kNs,      xep_0172::kNs,
    xep_0463::kNs,    xep_0289::kNs,       xep_act_as::kNs,      xep_0313::kNs,      xep_0425::kNs,
    xep_0425::kNsOld, xep_0452::kNs,       xep_group_rooms::kNs,
};

// A <stanza-id/> of another archive may pass; one by this room may not, however it is spelt.
bool is_by(const xmpp::Element& stanza_id, const xmpp::Jid& room) {
  const Result<xmpp::Jid> by = xmpp::Jid::parse(stanza_id.attr("by"));
  return !by || by->bare() == room;
}

// What a moderator did is said by the room, wherever it stands; so is what is left in an archive.
bool is_moderation(const xmpp::Element& child) {
  return child.is("retracted", xep_0424::kNs) || child.child_in(xep_0425::kNs) != nullptr ||
         child.child_in(xep_0425::kNsOld) != nullptr;
}

bool may_pass(const xmpp::Element& child, const xmpp::Jid& room) {
  if (std::find(kForged.begin(), kForged.end(), child.ns()) != kForged.end()) return false;
  if (is_moderation(child)) return false;
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
