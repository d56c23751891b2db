#include "modules/act-as/portrait.h"

#include <algorithm>

#include "xep-spec/xep_0060_pubsub.h"
#include "xmpp/parser.h"

namespace hansa::act_as {
namespace {

constexpr std::size_t kKnown = 1024;  // pictures

const std::vector<std::string>& hashes(const engine::RoomTurn& turn) {
  return turn.room().get<rooms::Room>().extras().avatar();
}

bool is_node(std::string_view node) {
  return node == xep_0084::kNsMetadata || node == xep_0084::kNsData;
}

std::string written(const Portrait::Metadata& metadata) {
  std::string xml;
  xmpp::Writer writer(xml);
  xep_0084::write(writer, metadata);
  return xml;
}

}  // namespace

std::optional<xmpp::DocumentPtr> card_of_room(engine::RoomTurn& turn) {
  if (hashes(turn).empty()) return xmpp::DocumentPtr();
  const std::string key = rooms::card_key(turn.room().log_id());
  const auto* const found = turn.ask_index(key, key + '\0', 1);
  if (found == nullptr) return std::nullopt;
  if (!found->ok() || (*found)->empty()) return xmpp::DocumentPtr();
  auto card = xmpp::parse_element((*found)->front().second, xmpp::ns::kClient);
  return card ? std::move(*card) : xmpp::DocumentPtr();
}

std::optional<Portrait::Metadata> Portrait::metadata(engine::RoomTurn& turn) {
  if (hashes(turn).empty()) return Metadata();
  const std::string& hash = hashes(turn).front();
  const auto known = known_.find(turn.room().log_id());
  if (known != known_.end() && known->second.id == hash) return known->second;
  const auto card = card_of_room(turn);
  if (!card) return std::nullopt;
  const auto picture = *card == nullptr ? std::nullopt : xep_0084::picture_of((*card)->root());
  if (!picture || picture->metadata.id != hash) return std::nullopt;
  if (known_.size() >= kKnown) known_.clear();
  return known_.insert_or_assign(turn.room().log_id(), picture->metadata).first->second;
}

void Portrait::answer(engine::RoomTurn& turn, const xmpp::Stanza& stanza) const {
  // Keys of devices and all other nodes: an identity has none.
  const Error none(Condition::item_not_found);
  const auto wanted = xep_0060::parse_wanted(*stanza.payload());
  if (!wanted || !is_node(wanted->node)) return turn.refuse(none);
  const auto card = card_of_room(turn);
  if (!card) return;
  const auto picture = *card == nullptr ? std::nullopt : xep_0084::picture_of((*card)->root());
  if (!picture) return turn.refuse(none);
  const std::string& id = picture->metadata.id;
  if (!wanted->ids.empty() && !std::ranges::count(wanted->ids, id)) return turn.refuse(none);
  xep_0060::Item item{wanted->node, id, written(picture->metadata)};
  if (wanted->node == xep_0084::kNsData) {
    item.content.clear();
    xmpp::Writer data(item.content);
    xep_0084::write_data(data, picture->base64);
  }
  std::string content;
  xmpp::Writer writer(content);
  xep_0060::write_answer(writer, item);
  turn.reply(content);
}

void Portrait::tell(engine::RoomTurn& turn, std::string_view bare, const Metadata& metadata) const {
  std::string content;
  xmpp::Writer writer(content);
  xep_0060::write_event(writer, {std::string(xep_0084::kNsMetadata),
                                 metadata ? metadata->id : std::string(), written(metadata)});
  const xmpp::Jid from = identity_of(parts_.domains, turn.room().address());
  const std::string id = random_token(turn.random(), kStanzaIdCharacters);
  xmpp::Head head;
  head.kind = xmpp::StanzaKind::message;
  head.type = "headline";
  head.from = from.text();
  head.to = bare;
  head.id = id;
  std::string out;
  xmpp::write_stanza(out, head, content);
  turn.send(std::move(out));
}

std::optional<xep_0030::Items> Portrait::items(const engine::RoomTurn& turn,
                                               std::string_view node) const {
  const std::string own = identity_of(parts_.domains, turn.room().address()).text();
  xep_0030::Items items;
  items.node = node;
  if (node.empty()) {
    if (hashes(turn).empty()) return items;
    items.items.push_back({own, std::string(xep_0084::kNsMetadata), {}});
    items.items.push_back({own, std::string(xep_0084::kNsData), {}});
    return items;
  }
  if (!is_node(node) || hashes(turn).empty()) return std::nullopt;
  items.items.push_back({own, {}, hashes(turn).front()});
  return items;
}

std::optional<xep_0030::Info> Portrait::info(const engine::RoomTurn& turn, std::string_view node) {
  if (!is_node(node) || hashes(turn).empty()) return std::nullopt;
  xep_0030::Info info;
  info.node = node;
  info.identities.push_back({"pubsub", "leaf", {}});
  info.features.emplace_back(xep_0060::kNs);
  return info;
}

}  // namespace hansa::act_as
