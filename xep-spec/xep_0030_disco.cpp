#include "xep-spec/xep_0030_disco.h"

#include <algorithm>

namespace hansa::xep_0030 {

bool Info::has_feature(std::string_view feature) const {
  return std::find(features.begin(), features.end(), feature) != features.end();
}

bool Info::has_identity(std::string_view category, std::string_view type) const {
  return std::any_of(identities.begin(), identities.end(), [&](const Identity& identity) {
    return identity.category == category && identity.type == type;
  });
}

std::optional<Info> parse_info(const xmpp::Element& element) {
  if (!element.is("query", kNsInfo)) return std::nullopt;
  Info info;
  info.node = element.attr("node");
  for (const xmpp::Element& child : element.children()) {
    if (child.is("identity", kNsInfo)) {
      info.identities.push_back({std::string(child.attr("category")),
                                 std::string(child.attr("type")), std::string(child.attr("name"))});
    } else if (child.is("feature", kNsInfo)) {
      info.features.emplace_back(child.attr("var"));
    } else if (auto form = xep_0004::parse(child)) {
      info.forms.push_back(std::move(*form));
    }
  }
  return info;
}

std::optional<Items> parse_items(const xmpp::Element& element) {
  if (!element.is("query", kNsItems)) return std::nullopt;
  Items items;
  items.node = element.attr("node");
  for (const xmpp::Element& child : element.children()) {
    if (auto page = xep_0059::parse_page(child)) items.page = std::move(*page);
    if (!child.is("item", kNsItems)) continue;
    items.items.push_back({std::string(child.attr("jid")), std::string(child.attr("node")),
                           std::string(child.attr("name"))});
  }
  return items;
}

void write(xmpp::Writer& writer, const Info& info) {
  writer.open("query", kNsInfo).attr_if("node", info.node);
  for (const Identity& identity : info.identities) {
    writer.open("identity")
        .attr("category", identity.category)
        .attr("type", identity.type)
        .attr_if("name", identity.name)
        .close();
  }
  for (const std::string& feature : info.features) {
    writer.open("feature").attr("var", feature).close();
  }
  for (const xep_0004::Form& form : info.forms) xep_0004::write(writer, form);
  writer.close();
}

void write(xmpp::Writer& writer, const Items& items) {
  writer.open("query", kNsItems).attr_if("node", items.node);
  for (const Item& item : items.items) {
    writer.open("item")
        .attr("jid", item.jid)
        .attr_if("node", item.node)
        .attr_if("name", item.name)
        .close();
  }
  if (items.page) xep_0059::write(writer, *items.page);
  writer.close();
}

}  // namespace hansa::xep_0030
