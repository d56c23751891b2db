#include "xep-spec/xep_0060_pubsub.h"

namespace hansa::xep_0060 {
namespace {

void write(xmpp::Writer& writer, std::string_view name, std::string_view ns, const Item& item) {
  writer.open(name, ns).open("items").attr("node", item.node);
  writer.open("item").attr_if("id", item.id).raw(item.content).close();
  writer.close().close();
}

}  // namespace

std::optional<Wanted> parse_wanted(const xmpp::Element& pubsub) {
  if (!pubsub.is("pubsub", kNs)) return std::nullopt;
  const xmpp::Element* const items = pubsub.child("items", kNs);
  if (items == nullptr || items->attr("node").empty()) return std::nullopt;
  Wanted wanted{std::string(items->attr("node")), {}};
  for (const xmpp::Element& item : items->children()) {
    if (item.is("item", kNs)) wanted.ids.emplace_back(item.attr("id"));
  }
  return wanted;
}

void write_answer(xmpp::Writer& writer, const Item& item) { write(writer, "pubsub", kNs, item); }
void write_event(xmpp::Writer& writer, const Item& item) { write(writer, "event", kNsEvent, item); }

}  // namespace hansa::xep_0060
