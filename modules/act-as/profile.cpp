#include "modules/act-as/profile.h"

#include <functional>

#include "base/limits.h"
#include "engine/fields.h"
#include "modules/act-as/acting.h"
#include "modules/act-as/talks.h"
#include "xep-spec/act_as.h"
#include "xep-spec/xep_0030_disco.h"
#include "xep-spec/xep_0054_vcard.h"
#include "xep-spec/xep_0060_pubsub.h"
#include "xep-spec/xep_0153_vcard_avatar.h"
#include "xep-spec/xep_0163_pep.h"
#include "xep-spec/xep_0172_nick.h"
#include "xep-spec/xep_0184_receipts.h"
#include "xep-spec/xep_0199_ping.h"
#include "xep-spec/xep_0202_time.h"
#include "xep-spec/xep_0308_correction.h"
#include "xep-spec/xep_0333_markers.h"
#include "xep-spec/xep_0424_retraction.h"
#include "xep-spec/xep_0444_reactions.h"
#include "xep-spec/xep_0461_replies.h"

namespace hansa::act_as {
namespace {

std::string name_of(const engine::RoomTurn& turn, const Right& right) {
  return right.info.name.empty() ? std::string(turn.room().address().local()) : right.info.name;
}
std::string name_of(const rooms::Room& room, const xmpp::Jid& address) {
  return room.config().name.empty() ? std::string(address.local()) : room.config().name;
}

// To his subscribers; what was set with it is on disk by then.
constexpr Millis kPictureTold{1000};

}  // namespace

Status Profile::add_to(engine::Router& router) {
  using engine::Target;
  using xmpp::StanzaKind;
  router_ = &router;
  struct Line {
    engine::Row row;
    std::function<void(Profile&, engine::RoomTurn&, const xmpp::Stanza&)> handler;
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
      {iq("pubsub", xep_0060::kNs, {}), &Profile::on_pubsub},
      {presence("subscribe"), &Profile::on_subscribe},
      {presence("unsubscribe"), &Profile::on_unsubscribe},
      {presence("probe"), &Profile::on_probe},
  };
  for (const Line& line : lines) {
    const auto added = router.add(
        line.row,
        [this, handler = line.handler](engine::RoomTurn& turn, const xmpp::Stanza& stanza) {
          handler(*this, turn, stanza);
        });
    if (!added) return added;
  }
  // We asked nobody for his presence: such answers mean nothing.
  for (const char* type : {"subscribed", "unsubscribed"}) {
    const auto added = router.add(presence(type), [](engine::RoomTurn&, const xmpp::Stanza&) {});
    if (!added) return added;
  }
  // What crosses the border, and so is understood (crossing.h); and what an account has.
  for (const std::string_view feature :
       {xep_0060::kRetrieveItems, xep_0060::kAutoSubscribe, xep_0115::kNs, xep_0184::kNs,
        xep_0308::kNs, xep_0333::kNs, xep_0424::kNs, xep_0444::kNs, xep_0461::kNs}) {
    router.add_feature(Target::identity, std::string(feature));
  }
  return router.add_letter(
      std::string(kBlockLetter),
      [this](engine::RoomTurn& turn, const engine::Letter& letter) { on_block(turn, letter); });
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

xep_0030::Info Profile::info_of(const std::string& name) const {
  xep_0030::Info info;
  info.identities.push_back({"account", "registered", name});
  info.identities.push_back({std::string(xep_0163::kCategory), std::string(xep_0163::kType), {}});
  for (const std::string& feature : router_->features(engine::Target::identity)) {
    info.features.push_back(feature);
  }
  return info;
}

xep_0115::Caps Profile::caps_of(const std::string& name) const {
  return {std::string(xep_act_as::kNs), xep_0115::verification(info_of(name))};
}

void Profile::on_info(engine::RoomTurn& turn, const xmpp::Stanza& stanza) const {
  const auto right = known(turn, stanza);
  if (!right) return;
  const std::string node(stanza.payload()->attr("node"));
  const std::string name = name_of(turn, *right);
  std::optional<xep_0030::Info> info = Portrait::info(turn, node);
  if (node.empty() || node == caps_of(name).info_node()) {
    info = info_of(name);
    info->node = node;
  }
  if (!info) return turn.refuse(Error(Condition::item_not_found));
  turn.reply(xmpp::written(*info));
}

void Profile::on_items(engine::RoomTurn& turn, const xmpp::Stanza& stanza) const {
  if (!known(turn, stanza)) return;
  const auto items = portrait_.items(turn, stanza.payload()->attr("node"));
  if (!items) return turn.refuse(Error(Condition::item_not_found));
  turn.reply(xmpp::written(*items));
}

void Profile::on_pubsub(engine::RoomTurn& turn, const xmpp::Stanza& stanza) {
  if (known(turn, stanza)) portrait_.answer(turn, stanza);
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
  const auto card = card_of_room(turn);
  if (!card) return;
  const std::string photos = *card ? xep_0054::photos_of((*card)->root()) : std::string();
  const std::string name = name_of(turn, *right);
  std::string content;
  xmpp::Writer writer(content);
  xep_0054::write(writer, {name, name, right->info.description,
                           identity_of(parts_.domains, turn.room().address()).text(), photos});
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

std::string Profile::appearance(const engine::RoomTurn& turn) const {
  const rooms::Room& room = turn.room().get<rooms::Room>();
  const std::string name = name_of(room, turn.room().address());
  const auto& avatar = room.extras().avatar();
  std::string content;
  xmpp::Writer writer(content);
  xep_0153::write(writer, {avatar.empty() ? std::string() : avatar.front()});
  writer.leaf("nick", xep_0172::kNs, name);
  xep_0115::write(writer, caps_of(name));
  return content;
}

void Profile::availability(engine::RoomTurn& turn, const xmpp::Jid& to, bool probed) const {
  if (turn.state<rooms::Room>().config().outward.available) {
    return presence(turn, to, {}, appearance(turn));
  }
  if (probed) presence(turn, to, "unavailable");
}

void Profile::on_subscribe(engine::RoomTurn& turn, const xmpp::Stanza& stanza) {
  const auto right = known(turn, stanza);
  if (!right) return;
  const auto& subscribers = turn.state<Acting>().subscribers();
  const std::string_view bare = stanza.from.bare_text();
  const bool is_new = !subscribers.contains(bare);
  const bool full = subscribers.size() >= limits::kSubscribers;
  if (is_new && (full || !right->info.outward.subscribe)) {
    return presence(turn, stanza.from, "unsubscribed");
  }
  const auto picture = portrait_.metadata(turn);
  if (turn.waiting()) return;
  if (is_new) turn.note(std::string(kSubscriberNote) + std::string(bare), "1");
  std::string nick;
  xmpp::Writer(nick).leaf("nick", xep_0172::kNs, name_of(turn, *right));
  presence(turn, stanza.from, "subscribed", nick);
  availability(turn, stanza.from, false);
  if (picture && *picture) portrait_.tell(turn, bare, *picture);
}

void Profile::on_unsubscribe(engine::RoomTurn& turn, const xmpp::Stanza& stanza) const {
  const std::string_view bare = stanza.from.bare_text();
  if (!turn.state<Acting>().subscribers().contains(bare)) return;
  turn.note(std::string(kSubscriberNote) + std::string(bare), std::nullopt);
  presence(turn, stanza.from, "unavailable");
}

void Profile::on_probe(engine::RoomTurn& turn, const xmpp::Stanza& stanza) {
  if (!known(turn, stanza)) return;
  const std::string_view bare = stanza.from.bare_text();
  if (!turn.state<Acting>().subscribers().contains(bare)) {
    return presence(turn, stanza.from, "unsubscribed");
  }
  const auto picture = portrait_.metadata(turn);
  if (turn.waiting()) return;
  availability(turn, stanza.from, true);
  if (picture && *picture) portrait_.tell(turn, bare, *picture);
}

void Profile::add_to(rooms::Hooks& hooks) {
  hooks.configured.emplace_back([this](engine::RoomTurn& turn, const rooms::Config& before) {
    const rooms::Config& config = turn.state<rooms::Room>().config();
    if (config.outward.available != before.outward.available) return tell_subscribers(turn, true);
    if (config.name != before.name) tell_subscribers(turn, false);
  });
  hooks.card_set.emplace_back([this](engine::RoomTurn& turn) {
    tell_subscribers(turn, false);
    portrait_.forget(turn);
    turn.wake(std::string(kPictureWake), kPictureTold);
  });
}

void Profile::tell_subscribers(engine::RoomTurn& turn, bool probed) const {
  const bool available = turn.state<rooms::Room>().config().outward.available;
  if (!available && !probed) return;
  const std::string content = available ? appearance(turn) : std::string();
  for (const std::string& bare : turn.state<Acting>().told_subscribers()) {
    presence(turn, read_jid(bare), available ? "" : "unavailable", content);
  }
}

void Profile::on_picture_wake(engine::RoomTurn& turn) {
  const auto picture = portrait_.metadata(turn);
  if (turn.waiting()) return;
  if (!picture) return turn.wake(std::string(kPictureWake), kPictureTold);
  for (const std::string& bare : turn.state<Acting>().told_subscribers()) {
    portrait_.tell(turn, bare, *picture);
  }
}

void Profile::on_block(engine::RoomTurn& turn, const engine::Letter& letter) const {
  const engine::FieldReader in(letter.bytes);
  const xmpp::Jid peer = read_jid(in.text(1));
  if (peer.empty() || !turn.state<Acting>().subscribers().contains(peer.text())) return;
  turn.note(std::string(kSubscriberNote) + peer.text(),
            std::string(in.number(2) != 0 ? kSubscriberBlocked : "1"));
  if (!turn.state<rooms::Room>().config().outward.available) return;
  if (in.number(2) != 0) return presence(turn, peer, "unavailable");
  availability(turn, peer, false);
}

}  // namespace hansa::act_as
