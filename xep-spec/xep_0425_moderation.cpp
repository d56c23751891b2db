#include "xep-spec/xep_0425_moderation.h"

#include "xep-spec/xep_0421_occupant_id.h"
#include "xep-spec/xep_0422_fastening.h"
#include "xep-spec/xep_0424_retraction.h"

namespace hansa::xep_0425 {
namespace {

std::string reason_in(const xmpp::Element& moderate) {
  const xmpp::Element* const reason = moderate.child("reason", moderate.ns());
  return reason == nullptr ? std::string() : reason->text();
}

}  // namespace

std::optional<Request> parse(const xmpp::Element& payload) {
  if (payload.is("moderate", kNs)) {
    if (payload.child("retract", xep_0424::kNs) == nullptr) return std::nullopt;
    return Request{std::string(payload.attr("id")), reason_in(payload)};
  }
  if (!payload.is("apply-to", xep_0422::kNs)) return std::nullopt;
  const xmpp::Element* const moderate = payload.child("moderate", kNsOld);
  if (moderate == nullptr || moderate->child("retract", xep_0424::kNsOld) == nullptr) {
    return std::nullopt;
  }
  return Request{std::string(payload.attr("id")), reason_in(*moderate)};
}

std::optional<Announcement> parse_announcement(const xmpp::Element& message) {
  if (const xmpp::Element* const retract = message.child("retract", xep_0424::kNs)) {
    const xmpp::Element* const moderated = retract->child("moderated", kNs);
    if (moderated == nullptr) return std::nullopt;
    const xmpp::Element* const reason = retract->child("reason", retract->ns());
    return Announcement{std::string(retract->attr("id")),
                        {std::string(moderated->attr("by")),
                         {},
                         reason == nullptr ? std::string() : reason->text()}};
  }
  const xmpp::Element* const apply_to = message.child("apply-to", xep_0422::kNs);
  const xmpp::Element* const moderated =
      apply_to == nullptr ? nullptr : apply_to->child("moderated", kNsOld);
  if (moderated == nullptr || moderated->child("retract", xep_0424::kNsOld) == nullptr) {
    return std::nullopt;
  }
  return Announcement{std::string(apply_to->attr("id")),
                      {std::string(moderated->attr("by")), {}, reason_in(*moderated)}};
}

void write_announcement(xmpp::Writer& writer, std::string_view id, const Moderated& moderated) {
  writer.open("retract", xep_0424::kNs).attr("id", id);
  write(writer, moderated);
  writer.close();
  writer.open("apply-to", xep_0422::kNs).attr("id", id);
  writer.open("moderated", kNsOld).attr("by", moderated.by);
  writer.empty("retract", xep_0424::kNsOld);
  if (!moderated.reason.empty()) writer.leaf("reason", moderated.reason);
  writer.close().close();
}

void write(xmpp::Writer& writer, const Moderated& moderated) {
  writer.open("moderated", kNs).attr("by", moderated.by);
  if (!moderated.occupant_id.empty()) xep_0421::write(writer, {moderated.occupant_id});
  writer.close();
  if (!moderated.reason.empty()) writer.leaf("reason", moderated.reason);
}

}  // namespace hansa::xep_0425
