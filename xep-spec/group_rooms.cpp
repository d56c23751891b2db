#include "xep-spec/group_rooms.h"

namespace hansa::xep_group_rooms {

std::optional<Create> parse(const xmpp::Element& parent) {
  const xmpp::Element* const element = parent.child("create", kNs);
  if (element == nullptr) return std::nullopt;
  Create create;
  if (const xmpp::Element* const x = element->child("x", xep_0004::kNs)) {
    create.settings = xep_0004::parse(*x);
  }
  for (const xmpp::Element& child : element->children()) {
    if (!child.is("member", kNs)) continue;
    create.members.push_back({std::string(child.attr("jid")),
                              std::string(child.attr("affiliation")),
                              std::string(child.attr("nick"))});
  }
  return create;
}

void write(xmpp::Writer& writer, const Create& create) {
  writer.open("create", kNs);
  if (create.settings) xep_0004::write(writer, *create.settings);
  for (const Named& member : create.members) {
    writer.open("member")
        .attr("jid", member.jid)
        .attr_if("affiliation", member.affiliation)
        .attr_if("nick", member.nick)
        .close();
  }
  writer.close();
}

std::string too_many_members(std::size_t limit) {
  std::string out;
  xmpp::Writer(out).open("too-many-members", kNs).attr("limit", std::to_string(limit)).close();
  return out;
}

}  // namespace hansa::xep_group_rooms
