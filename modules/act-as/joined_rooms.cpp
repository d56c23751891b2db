#include "modules/act-as/joined_rooms.h"

#include "base/limits.h"
#include "modules/act-as/forms.h"
#include "xep-spec/act_as.h"

namespace hansa::act_as {
namespace {

using xep_act_as::PeerAct;

constexpr std::string_view kTopic = "act-as:peer-room";

engine::Passed act_of(const xmpp::Stanza& stanza, const xmpp::Jid& acting, PeerAct act) {
  return {std::string(kTopic),
          stanza,
          {{"acting", acting.text()}, {"act", act == PeerAct::leave ? "leave" : "voice"}},
          {}};
}

}  // namespace

Status JoinedRooms::add_to(engine::Router& router) {
  const std::string ns(xep_act_as::kNs);
  const auto row = [&](const char* type, const char* name) {
    return engine::Row{engine::Target::identity, xmpp::StanzaKind::iq, type, name, ns, {}};
  };
  const auto listed = router.add(
      row("get", "rooms"),
      [this](engine::RoomTurn& turn, const xmpp::Stanza& stanza) { on_list(turn, stanza); });
  if (!listed) return listed;
  for (const char* name : {"leave", "voice"}) {
    const auto added = router.add(
        row("set", name),
        [this](engine::RoomTurn& turn, const xmpp::Stanza& stanza) { on_act(turn, stanza); });
    if (!added) return added;
  }
  return router.add_passed(
      std::string(kTopic),
      [this](engine::RoomTurn& turn, const engine::Passed& passed) { on_passed(turn, passed); });
}

std::optional<xep_act_as::JoinedRooms> JoinedRooms::list(engine::Turn& turn,
                                                         const xmpp::Jid& acting) const {
  const auto [from, to] = conversation_range(acting);
  const auto rows = turn.ask_whole_index(from, to, limits::kConversationsTold);
  if (!rows) return std::nullopt;
  xep_act_as::JoinedRooms out;
  if (!rows->ok()) return out;
  for (const auto& [key, peer] : **rows) {
    const xmpp::Jid talk = read_jid(std::string_view(key).substr(from.size()));
    const engine::Answer* const answer = turn.ask({talk, std::string(kAskTie), {}});
    if (answer == nullptr || answer->value.empty()) continue;  // asked, or no room
    const std::string& value = answer->value;
    const std::size_t first = value.find('\n');
    const std::size_t second = value.find('\n', first + 1);
    out.rooms.push_back({read_jid(peer), value.substr(0, first), value.substr(second + 1), talk});
  }
  if (turn.waiting()) return std::nullopt;
  return out;
}

void JoinedRooms::on_list(engine::RoomTurn& turn, const xmpp::Stanza& stanza) const {
  const rooms::Room& room = turn.state<rooms::Room>();
  const bool member = room.affiliation(stanza.from) >= rooms::Affiliation::member;
  if (!turn.room().exists() || room.config().conversation || !member) {
    return turn.refuse(Error(Condition::item_not_found));
  }
  const auto all = list(turn, turn.room().address());
  if (all) turn.reply(xmpp::written(*all));
}

void JoinedRooms::on_act(engine::RoomTurn& turn, const xmpp::Stanza& stanza) const {
  const auto act = xep_act_as::parse_peer_act(*stanza.payload());
  if (!act) return turn.refuse(Error(Condition::bad_request, "Which room is meant?"));
  const xmpp::Jid acting = turn.room().address();
  const xmpp::Jid talk =
      conversation_address(parts_.domains.rooms, acting.local(), act->second.bare());
  if (talk.empty() || is_marked(acting)) return turn.refuse(Error(Condition::item_not_found));
  turn.pass(talk, act_of(stanza, acting, act->first));
}

// In the conversation.
void JoinedRooms::on_passed(engine::RoomTurn& turn, const engine::Passed& passed) {
  const xmpp::Jid acting = read_jid(passed.param("acting"));
  const xmpp::Jid& actor = passed.stanza.from;
  const Conversation& talk = turn.state<Conversation>();
  Towards towards = talk.towards();
  towards.kind = PeerKind::room;
  if (!parts_.rights.need(turn, acting, actor, towards)) return;
  if (!talk.opened() || talk.peer_kind() != PeerKind::room) {
    return turn.refuse(Error(Condition::item_not_found, "There is no conversation with a room."));
  }
  if (passed.param("act") == "leave") {
    room_.leave(turn);
  } else if (!room_.ask_voice(turn)) {
    return turn.refuse(
        Error(Condition::unexpected_request, "Your room is not in " + towards.peer + "."));
  }
  turn.reply(passed.param("reply"));
}

// --- the command ---------------------------------------------------------------------------------

void JoinedRooms::offer_form(engine::ServiceTurn& turn, const xmpp::Stanza& stanza,
                             const xep_0050::Request& request) const {
  const auto [from, to] = rooms::member_range(stanza.from.bare());
  const auto* const keys = turn.ask_index(from, to, limits::kIdentities);
  if (keys == nullptr) return;
  if (!*keys) return turn.refuse(keys->error());
  std::vector<xep_0004::Option> options;
  for (const auto& [key, value] : **keys) {
    const xmpp::Jid acting = read_jid(std::string_view(key).substr(from.size()));
    if (acting.empty() || is_marked(acting)) continue;
    const auto all = list(turn, acting);
    if (!all) continue;
    for (const xep_act_as::JoinedRoom& one : all->rooms) {
      options.push_back({std::string(acting.local()) + " in " + one.room.text() + ": " + one.state,
                         identity_of(parts_.domains, acting).text() + " " + one.room.text()});
    }
  }
  if (turn.waiting()) return;
  if (options.empty()) {
    return turn.refuse(Error(Condition::item_not_found, "None of your rooms is in another one."));
  }
  xep_0004::Form form;
  form.title = "Rooms that my rooms are in";
  form.instructions = "To join one, or to try again, open the conversation with it.";
  const std::string first = options.front().value;
  form.fields.push_back(xep_0004::hidden("FORM_TYPE", xep_act_as::kNodeRooms));
  form.fields.push_back(xep_0004::list_field("room", "Room", first, std::move(options)));
  form.fields.push_back(xep_0004::list_field(
      "act", "What is to be done", "nothing",
      {{"Nothing", "nothing"}, {"Ask for voice there", "voice"}, {"Leave it for good", "leave"}}));
  offer(turn, request.node, std::move(form));
}

void JoinedRooms::on_command(engine::ServiceTurn& turn, const xmpp::Stanza& stanza,
                             const xep_0050::Request& request) {
  if (!is_filled(request)) return offer_form(turn, stanza, request);
  const std::string which(request.form->value("room").value_or(""));
  const std::size_t space = which.find(' ');
  const xmpp::Jid identity = read_jid(which.substr(0, space));
  const xmpp::Jid peer =
      space == std::string::npos ? xmpp::Jid() : read_jid(which.substr(space + 1));
  if (identity.domain() != parts_.domains.identities || peer.empty()) {
    return refuse_form(turn, "Choose one of the rooms offered.");
  }
  const std::string_view act = request.form->value("act").value_or("nothing");
  if (act == "nothing") {
    xep_0050::Response response;
    response.node = request.node;
    response.session_id = request.session_id;
    return turn.reply(xmpp::written(response));
  }
  if (act != "leave" && act != "voice") return refuse_form(turn, "Choose what is to be done.");
  const bool leave = act == "leave";
  const xmpp::Jid acting = room_of(parts_.domains, identity);
  const xmpp::Jid talk = conversation_address(parts_.domains.rooms, acting.local(), peer);
  if (talk.empty() || is_marked(acting)) return turn.refuse(Error(Condition::item_not_found));
  engine::Passed passed = act_of(stanza, acting, leave ? PeerAct::leave : PeerAct::voice);
  passed.params["reply"] = xmpp::written(xep_0050::done(
      request, leave ? "Your room is not in " + peer.text() + " any more."
                     : "The moderators of " + peer.text() + " are asked for voice."));
  turn.pass(talk, std::move(passed));
}

}  // namespace hansa::act_as
