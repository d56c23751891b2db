#include "modules/rooms/profile.h"

#include "base/limits.h"
#include "modules/rooms/news.h"
#include "modules/rooms/reading.h"
#include "xep-spec/xep_0054_vcard.h"
#include "xep-spec/xep_0153_vcard_avatar.h"

namespace hansa::rooms {
namespace {

// Whoever may know of the room may see its card. Wait: a read was asked.
Verdict may_see(const Context& context, engine::RoomTurn& turn, const xmpp::Jid& who) {
  const Config& config = room_of(turn).config();
  if (turn.room().exists() && config.listed && !config.conversation) return Verdict::allow();
  return may_read(context, turn, who).verdict;
}

std::optional<Error> may_not_set(const Context& context, const engine::RoomTurn& turn,
                                 const xmpp::Jid& who) {
  const Room& room = room_of(turn);
  if (!turn.room().exists() || room.config().conversation) {
    return Error(Condition::item_not_found);
  }
  if (room.affiliation(who) == Affiliation::owner || context.is_admin(who)) return std::nullopt;
  return Error(Condition::forbidden, "Only owners may change the room's card and avatar.");
}

std::string default_card(const engine::RoomState& state) {
  const Config& config = state.get<Room>().config();
  const std::string name = config.name.empty() ? std::string(state.address().local()) : config.name;
  std::string card;
  xmpp::Writer writer(card);
  xep_0054::write(writer, {name, {}, config.description, state.address().text()});
  return card;
}

std::string avatar_presence(const engine::RoomTurn& turn, const xmpp::Jid& to) {
  const auto& hashes = room_of(turn).extras().avatar();
  std::string content;
  xmpp::Writer writer(content);
  xep_0153::write(writer, {hashes.empty() ? std::string() : hashes.front()});
  std::string stanza;
  xmpp::write_stanza(stanza,
                     {.kind = xmpp::StanzaKind::presence,
                      .type = {},
                      .from = turn.room().address().text(),
                      .to = to.text(),
                      .id = {},
                      .lang = {}},
                     content);
  return stanza;
}

}  // namespace

void on_card_get(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& iq) {
  const Verdict verdict = may_see(context, turn, iq.from);
  if (verdict.kind == Verdict::Kind::wait) return;
  if (verdict.kind == Verdict::Kind::deny) return turn.refuse(verdict.error);
  const std::string key = card_key(turn.room().log_id());
  const auto* const found = turn.ask_index(key, key + '\0', 1);
  if (found == nullptr) return;
  if (!found->ok()) return turn.refuse(found->error());
  turn.reply((*found)->empty() ? default_card(turn.room()) : (*found)->front().second);
}

void on_card_set(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& iq) {
  if (const auto why = may_not_set(context, turn, iq.from)) return turn.refuse(*why);
  const xmpp::Element& card = *iq.payload();
  const std::string xml = card.first_child() == nullptr ? std::string() : xmpp::to_xml(card);
  if (xml.size() > limits::kCardBytes) {
    return turn.refuse(Error(Condition::policy_violation, "A room's card has at most " +
                                                              std::to_string(limits::kCardBytes) +
                                                              " bytes, its avatar included."));
  }
  const auto hashes = xep_0153::photo_hashes(card);
  if (!hashes) return turn.refuse(Error(Condition::bad_request, "That photo is not in base64."));
  turn.append(engine::EntryKind::profile, write_profile(*hashes, xml));
  std::optional<std::string> kept;
  if (!xml.empty()) kept = xml;
  turn.index(card_key(turn.room().log_id()), std::move(kept));
  turn.reply();
  tell_changed(turn);
  for (const auto& [full, session] : room_of(turn).sessions()) {
    turn.send(avatar_presence(turn, session.jid));
  }
  for (const auto& hook : context.hooks.card_set) hook(turn);
}

void show_avatar(engine::RoomTurn& turn, const xmpp::Jid& to) {
  if (!room_of(turn).extras().avatar().empty()) turn.send(avatar_presence(turn, to));
}

}  // namespace hansa::rooms
