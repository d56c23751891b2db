#include "xep-spec/xep_0054_vcard.h"

namespace hansa::xep_0054 {
namespace {

std::string field(const xmpp::Element& card, std::string_view name) {
  const xmpp::Element* const child = card.child(name, kNs);
  return child == nullptr ? std::string() : child->text();
}

void write_field(xmpp::Writer& writer, std::string_view name, const std::string& value) {
  if (!value.empty()) writer.leaf(name, value);
}

}  // namespace

std::string photos_of(const xmpp::Element& card) {
  std::string out;
  xmpp::Writer writer(out);
  for (const xmpp::Element& child : card.children()) {
    if (child.is("PHOTO", kNs)) writer.element(child);
  }
  return out;
}

std::optional<VCard> parse(const xmpp::Element& element) {
  if (!element.is("vCard", kNs)) return std::nullopt;
  return VCard{field(element, "FN"),
               field(element, "NICKNAME"),
               field(element, "DESC"),
               field(element, "JABBERID"),
               {}};
}

void write(xmpp::Writer& writer, const VCard& card) {
  writer.open("vCard", kNs);
  write_field(writer, "FN", card.full_name);
  write_field(writer, "NICKNAME", card.nickname);
  write_field(writer, "JABBERID", card.jabber_id);
  write_field(writer, "DESC", card.description);
  writer.raw(card.photos);
  writer.close();
}

}  // namespace hansa::xep_0054
