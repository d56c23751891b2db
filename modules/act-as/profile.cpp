#include "modules/act-as/profile.h"

#include "base/limits.h"
#include "engine/fields.h"
#include "modules/act-as/acting.h"
#include "modules/act-as/talks.h"
#include "xep-spec/act_as.h"
#include "xep-spec/xep_0030_disco.h"
#include "xep-spec/xep_0054_vcard.h"
#include "xep-spec/xep_0060_pubsub.h"
#include "xep-spec/xep_0153_vcard_avatar.h"
#include "xep-spec/xep_0172_nick.h"
#include "xep-spec/xep_0184_receipts.h"
#include "xep-spec/xep_0199_ping.h"
#include "xep-spec/xep_0202_time.h"
#include "xep-spec/xep_0308_correction.h"
#include "xep-spec/xep_0333_markers.h"
#include "xep-spec/xep_0424_retraction.h"
#include "xep-spec/xep_0444_reactions.h"
#include "xep-spec/xep_0461_replies.h"
#include "xmpp/parser.h"

namespace hansa::act_as {
namespace {

std::string name_of(const engine::RoomTurn& turn, const Right& right) {
  return right.info.name.empty() ? std::string(turn.room().address().local()) : right.info.name;
}
std::string name_of(const rooms::Room& room, const xmpp::Jid& address) {
  return room.config().name.empty() ? std::string(address.local()) : room.config().name;
}

// The avatar is the room's (XEP-0486). Nothing: a read was asked.
std::optional<std::string> photos_of_room(engine::RoomTurn& turn) {
  if (turn.state<rooms::Room>().extras().avatar().empty()) return std::string();
  const std::string key = rooms::card_key(turn.room().log_id());
  const auto* const found = turn.ask_index(key, key + '\0', 1);
  if (found == nullptr) return std::nullopt;
  if (!found->ok() || (*found)->empty()) return std::string();
  const auto card = xmpp::parse_element((*found)->front().second, xmpp::ns::kClient);
  return card ? xep_0054::photos_of((*card)->root()) : std::string();
}

}  // namespace

Status Profile::add_to(engine::Router& router) {
  using engine::Target;
  using xmpp::StanzaKind;
  router_ = &router;
  struct Line {
    engine::Row row;
    void (Profile::*handler)(engine::RoomTurn&, const xmpp::Stanza&) const;
  };
  const auto iq = [](std::string_view name, std::string_view ns, std::string_view feature) {
    return engine::Row{Target::identity,  StanzaKind::iq,  "get",
                       std::string(name), std::string(ns), std::string(feature)};
  };
  const auto presence = [](std::string type) {
    return engine::Row{Target::identity, StanzaKind::presence, std::move(type), {}, {}, {}};
  };
  const Line lines[] = {
      {iq("query", xep_0030::kNsInfo, xep_0030::kNsInfo), &Profile::on_info},
      {iq("query", xep_0030::kNsItems, xep_0030::kNsItems), &Profile::on_items},
      {iq("ping", xep_0199::kNs, xep_0199::kNs), &Profile::on_ping},
      {iq("time", xep_0202::kNs, xep_0202::kNs), &Profile::on_time},
      {iq("vCard", xep_0054::kNs, xep_0054::kNs), &Profile::on_vcard},
      {presence("subscribe"), &Profile::on_subscribe},
      {presence("unsubscribe"), &Profile::on_unsubscribe},
      {presence("probe"), &Profile::on_probe},
  };
  for (const Line& line : lines) {
    const auto added = router.add(
        line.row,
        [this, handler = line.handler](engine::RoomTurn& turn, const xmpp::Stanza& stanza) {
          (this->*handler)(turn, stanza);
        });
    if (!added) return added;
  }
  // We asked nobody for his presence: such answers mean nothing.
  for (const char* type : {"subscribed", "unsubscribed"}) {
    const auto added = router.add(presence(type), [](engine::RoomTurn&, const xmpp::Stanza&) {});
    if (!added) return added;
  }
  // What crosses the border, and so is understood (crossing.h).
  for (const std::string_view feature :
       {xep_0184::kNs, xep_0308::kNs, xep_0333::kNs, xep_0424::kNs, xep_0444::kNs, xep_0461::kNs}) {
    router.add_feature(Target::identity, std::string(feature));
  }
  const auto block = router.add_letter(
      std::string(kBlockLetter),
      [this](engine::RoomTurn& turn, const engine::Letter& letter) { on_block(turn, letter); });
  if (!block) return block;
  // Keys of devices and all other nodes: an identity has none.
  return router.add(iq("pubsub", xep_0060::kNs, {}),
                    [](engine::RoomTurn& turn, const xmpp::Stanza&) {
                      turn.refuse(Error(Condition::item_not_found));
                    });
}

std::optional<Right> Profile::known(engine::RoomTurn& turn, const xmpp::Stanza& stanza) const {
  const auto right = parts_.rights.ask_outside(turn, turn.room().address(), stanza.from);
  if (!right) return std::nullopt;
  if (!*right) {
    turn.refuse(right->error());
    return std::nullopt;
  }
  if ((*right)->blocked) {  // XEP-0191 §3.3: an error for requests, silence for presence
    if (stanza.kind == xmpp::StanzaKind::iq) turn.refuse(Error(Condition::service_unavailable));
    return std::nullopt;
  }
  if ((*right)->known) return **right;
  if (stanza.kind == xmpp::StanzaKind::iq) turn.refuse(Error(Condition::item_not_found));
  if (stanza.type == "subscribe" || stanza.type == "probe") {
    presence(turn, stanza.from, "unsubscribed");
  }
  return std::nullopt;
}

void Profile::on_info(engine::RoomTurn& turn, const xmpp::Stanza& stanza) const {
  const auto right = known(turn, stanza);
  if (!right) return;
  if (!stanza.payload()->attr("node").empty()) {
    return turn.refuse(Error(Condition::item_not_found));
  }
  xep_0030::Info info;
  info.identities.push_back({"account", "registered", name_of(turn, *right)});
  for (const std::string& feature : router_->features(engine::Target::identity)) {
    info.features.push_back(feature);
  }
  turn.reply(xmpp::written(info));
}

void Profile::on_items(engine::RoomTurn& turn, const xmpp::Stanza& stanza) const {
  if (!known(turn, stanza)) return;
  xep_0030::Items items;
  items.node = stanza.payload()->attr("node");
  if (!items.node.empty()) return turn.refuse(Error(Condition::item_not_found));
  turn.reply(xmpp::written(items));
}

// As the node answers for its domains: nothing in it is of a member's client.
void Profile::on_ping(engine::RoomTurn& turn, const xmpp::Stanza& stanza) const {
  if (known(turn, stanza)) turn.reply();
}

void Profile::on_time(engine::RoomTurn& turn, const xmpp::Stanza& stanza) const {
  if (!known(turn, stanza)) return;
  std::string content;
  xmpp::Writer writer(content);
  xep_0202::write(writer, {turn.now()});
  turn.reply(content);
}

void Profile::on_vcard(engine::RoomTurn& turn, const xmpp::Stanza& stanza) const {
  const auto right = known(turn, stanza);
  if (!right) return;
  const auto photos = photos_of_room(turn);
  if (!photos) return;
  const std::string name = name_of(turn, *right);
  std::string content;
  xmpp::Writer writer(content);
  xep_0054::write(writer, {name, name, right->info.description,
                           identity_of(parts_.domains, turn.room().address()).text(), *photos});
  turn.reply(content);
}

// --- presence: constant, for those who subscribed -----------------------------------------------

void Profile::presence(engine::RoomTurn& turn, const xmpp::Jid& to, std::string_view type,
                       std::string_view content) const {
  const xmpp::Jid room = turn.room().address();
  const bool full = type.empty() || type == "unavailable";
  const xmpp::Jid from =
      full ? full_identity_of(parts_.domains, room) : identity_of(parts_.domains, room);
  xmpp::Head head;
  head.kind = xmpp::StanzaKind::presence;
  head.type = type;
  head.from = from.text();
  head.to = to.bare_text();
  std::string out;
  xmpp::write_stanza(out, head, content);
  turn.send(std::move(out));
}

void Profile::availability(engine::RoomTurn& turn, const xmpp::Jid& to, bool probed) const {
  const rooms::Room& room = turn.state<rooms::Room>();
  if (!room.config().outward.available) {
    if (probed) presence(turn, to, "unavailable");
    return;
  }
  const auto& avatar = room.extras().avatar();
  std::string content;
  xmpp::Writer writer(content);
  xep_0153::write(writer, {avatar.empty() ? std::string() : avatar.front()});
  writer.leaf("nick", xep_0172::kNs, name_of(room, turn.room().address()));
  presence(turn, to, {}, content);
}

void Profile::on_subscribe(engine::RoomTurn& turn, const xmpp::Stanza& stanza) const {
  const auto right = known(turn, stanza);
  if (!right) return;
  const auto& subscribers = turn.state<Acting>().subscribers();
  const std::string_view bare = stanza.from.bare_text();
  if (!subscribers.contains(bare)) {
    const bool full = subscribers.size() >= limits::kSubscribers;
    if (full || !right->info.outward.subscribe) return presence(turn, stanza.from, "unsubscribed");
    turn.note(std::string(kSubscriberNote) + std::string(bare), "1");
  }
  std::string nick;
  xmpp::Writer(nick).leaf("nick", xep_0172::kNs, name_of(turn, *right));
  presence(turn, stanza.from, "subscribed", nick);
  availability(turn, stanza.from, false);
}

void Profile::on_unsubscribe(engine::RoomTurn& turn, const xmpp::Stanza& stanza) const {
  const std::string_view bare = stanza.from.bare_text();
  if (!turn.state<Acting>().subscribers().contains(bare)) return;
  turn.note(std::string(kSubscriberNote) + std::string(bare), std::nullopt);
  presence(turn, stanza.from, "unavailable");
}

void Profile::on_probe(engine::RoomTurn& turn, const xmpp::Stanza& stanza) const {
  if (!known(turn, stanza)) return;
  if (turn.state<Acting>().subscribers().contains(stanza.from.bare_text())) {
    return availability(turn, stanza.from, true);
  }
  presence(turn, stanza.from, "unsubscribed");
}

void Profile::add_to(rooms::Hooks& hooks) {
  hooks.configured.emplace_back([this](engine::RoomTurn& turn, const rooms::Config& before) {
    const rooms::Config& config = turn.state<rooms::Room>().config();
    if (config.outward.available != before.outward.available) return tell_subscribers(turn, true);
    if (config.name != before.name) tell_subscribers(turn, false);
  });
  hooks.card_set.emplace_back([this](engine::RoomTurn& turn) { tell_subscribers(turn, false); });
}

void Profile::tell_subscribers(engine::RoomTurn& turn, bool probed) const {
  for (const std::string& bare : turn.state<Acting>().subscribers()) {
    availability(turn, read_jid(bare), probed);
  }
}

void Profile::on_block(engine::RoomTurn& turn, const engine::Letter& letter) const {
  const engine::FieldReader in(letter.bytes);
  const xmpp::Jid peer = read_jid(in.text(1));
  if (peer.empty() || !turn.state<Acting>().subscribers().contains(peer.text())) return;
  if (!turn.state<rooms::Room>().config().outward.available) return;
  if (in.number(2) != 0) return presence(turn, peer, "unavailable");
  availability(turn, peer, false);
}

}  // namespace hansa::act_as
