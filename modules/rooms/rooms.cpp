#include "modules/rooms/rooms.h"

#include "modules/rooms/admin.h"
#include "modules/rooms/affiliations.h"
#include "modules/rooms/applications.h"
#include "modules/rooms/bounces.h"
#include "modules/rooms/companions.h"
#include "modules/rooms/create.h"
#include "modules/rooms/delivery.h"
#include "modules/rooms/destroy.h"
#include "modules/rooms/founding.h"
#include "modules/rooms/info.h"
#include "modules/rooms/invitations.h"
#include "modules/rooms/member_rooms.h"
#include "modules/rooms/messages.h"
#include "modules/rooms/moderation.h"
#include "modules/rooms/occupant_presence.h"
#include "modules/rooms/occupants.h"
#include "modules/rooms/operator.h"
#include "modules/rooms/operator_commands.h"
#include "modules/rooms/owner.h"
#include "modules/rooms/passing.h"
#include "modules/rooms/people_commands.h"
#include "modules/rooms/private_messages.h"
#include "modules/rooms/questions.h"
#include "modules/rooms/reading.h"
#include "modules/rooms/registration.h"
#include "modules/rooms/relay.h"
#include "modules/rooms/roles.h"
#include "modules/rooms/room_disco.h"
#include "modules/rooms/room_requests.h"
#include "modules/rooms/self_ping.h"
#include "modules/rooms/speech.h"
#include "modules/rooms/views.h"
#include "modules/rooms/virtuals.h"
#include "modules/rooms/vouching.h"
#include "xep-spec/act_as.h"
#include "xep-spec/xep_0030_disco.h"
#include "xep-spec/xep_0077_registration.h"
#include "xep-spec/xep_0199_ping.h"
#include "xep-spec/xep_0359_stanza_ids.h"
#include "xep-spec/xep_0410_self_ping.h"
#include "xep-spec/xep_0421_occupant_id.h"

namespace hansa::rooms {

using engine::Row;
using engine::Target;
using xmpp::StanzaKind;

namespace {
// A message that took longer to come was kept somewhere, and its stamp says when it was said.
constexpr Millis kHeld{5000};
}  // namespace

class Rooms::Impl {
 public:
  Impl(const Settings& settings, const Hooks& hooks)
      : member_rooms_(settings), context_{settings,       hooks,    delivery_,
                                          &member_rooms_, &relays_, &vouching_} {}

  Status add_to(engine::Router& router);
  Status add_events(engine::Router& router);
  [[nodiscard]] const Context& context() const { return context_; }

 private:
  using Feature = void (*)(const Context&, engine::RoomTurn&, const xmpp::Stanza&);
  [[nodiscard]] engine::RoomHandler with_context(Feature feature) const {
    return [this, feature](engine::RoomTurn& turn, const xmpp::Stanza& stanza) {
      feature(context_, turn, stanza);
    };
  }
  SessionDelivery delivery_;
  MemberRooms member_rooms_;
  Relays relays_;
  Vouching vouching_;
  Context context_;
};

namespace {

// What a client answers to what the room passed on to it; an error may say that it is gone.
void on_answer(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& iq) {
  if (!context.relays->on_answer(turn, iq) && iq.is_error()) on_bounce(context, turn, iq);
}

// What is answered to the room itself.
void on_room_answer(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& iq) {
  if (context.vouching->on_answer(turn, iq)) return;
  if (!context.member_rooms->on_answer(turn, iq) && iq.is_error()) on_bounce(context, turn, iq);
}

}  // namespace

Status Rooms::Impl::add_events(engine::Router& router) {
  router.add_life([this](engine::RoomTurn& turn, engine::Life life) {
    sessions_on_life(context_, turn, life);
  });
  struct Timer {
    std::string_view name;
    engine::TimerHandler handler;
  };
  const Timer timers[] = {
      {kLaggingWake, [](engine::RoomTurn& turn, std::string_view) { check_lagging(turn); }},
      {kTogetherWake,
       [this](engine::RoomTurn& turn, std::string_view) { bring_together(context_, turn); }},
      {kRelayWake, [this](engine::RoomTurn& turn, std::string_view) { relays_.on_wake(turn); }},
      {kMemberRoomsWake, [this](engine::RoomTurn& turn,
                                std::string_view name) { member_rooms_.on_wake(turn, name); }},
      {kVouchingWake,
       [this](engine::RoomTurn& turn, std::string_view) { vouching_.on_wake(turn); }},
      {kApplicationTimer, [](engine::RoomTurn& turn, std::string_view) { expire(turn); }},
  };
  for (const Timer& timer : timers) {
    const Status added = router.add_timer(std::string(timer.name), timer.handler);
    if (!added) return added;
  }
  const Status passed_on = router.add_letter(
      std::string(kPassedLetter), [this](engine::RoomTurn& turn, const engine::Letter& letter) {
        on_passed_letter(context_, turn, letter);
      });
  if (!passed_on) return passed_on;
  using Passing = void (*)(const Context&, engine::RoomTurn&, const engine::Passed&);
  const std::pair<std::string_view, Passing> topics[] = {{kQuestionTopic, &on_question_passed},
                                                         {kFoundTopic, &on_found_passed},
                                                         {kDecideTopic, &on_decide_passed},
                                                         {kVouchedTopic, &on_vouched_join},
                                                         {kAllListedTopic, &on_all_listed}};
  for (const auto& [topic, handler] : topics) {
    const Status added = router.add_passed(
        std::string(topic),
        [this, handler = handler](engine::RoomTurn& turn, const engine::Passed& passed) {
          handler(context_, turn, passed);
        });
    if (!added) return added;
  }
  if (const Status added = add_operator(context_, router); !added) return added;
  using Answer = std::string (*)(const engine::RoomState&, const xmpp::Jid&);
  const std::pair<std::string_view, Answer> answers[] = {{kAsk, &answer_info},
                                                         {kAskListing, &answer_listing},
                                                         {kAskCandidates, &answer_candidates},
                                                         {kAskRequests, &answer_requests},
                                                         {kAskMemberRooms, &answer_member_rooms}};
  for (const auto& [topic, answer] : answers) {
    const Status added = router.add_answer(
        std::string(topic),
        [answer = answer](const engine::RoomState& room, const engine::Question& question) {
          return answer(room, question.actor);
        });
    if (!added) return added;
  }
  return Done{};
}

Status Rooms::Impl::add_to(engine::Router& router) {
  struct Entry {
    Row row;
    engine::RoomHandler handler;
  };
  const std::string admin(xep_0045::kNsAdmin);
  const std::string owner(xep_0045::kNsOwner);
  const std::string info(xep_0030::kNsInfo);
  const std::string items(xep_0030::kNsItems);
  const std::string ping(xep_0199::kNs);
  const std::string registration(xep_0077::kNs);
  const std::string act_as(xep_act_as::kNs);
  constexpr auto kIq = StanzaKind::iq;
  const Entry rows[] = {
      {{Target::occupant, StanzaKind::presence, "", "", "", std::string(xep_0045::kNs)},
       with_context(&on_occupant_presence)},
      {{Target::room, StanzaKind::presence, "", "", "", ""}, with_context(&on_room_presence)},
      {{Target::room, StanzaKind::message, "groupchat", "", "", ""}, with_context(&on_groupchat)},
      {{Target::room, StanzaKind::message, "error", "", "", ""}, with_context(&on_bounce)},
      {{Target::room, StanzaKind::message, "", "", "", ""}, with_context(&on_room_message)},
      {{Target::occupant, StanzaKind::message, "", "", "", ""}, with_context(&on_private_message)},
      {{Target::room, kIq, "get", "query", admin, ""}, with_context(&on_admin_get)},
      {{Target::room, kIq, "set", "query", admin, ""}, with_context(&on_admin_set)},
      {{Target::room, kIq, "get", "query", owner, ""}, with_context(&on_owner_get)},
      {{Target::room, kIq, "set", "query", owner, ""}, with_context(&on_owner_set)},
      {{Target::room, kIq, "get", "query", info, info}, with_context(&on_room_info)},
      {{Target::room, kIq, "get", "query", items, items}, with_context(&on_room_items)},
      {{Target::room, kIq, "error", "", "", ""}, with_context(&on_room_answer)},
      {{Target::room, kIq, "result", "", "", ""}, with_context(&on_room_answer)},
      {{Target::room, kIq, "set", "join", act_as, act_as}, with_context(&on_room_join)},
      {{Target::room, kIq, "set", "leave", act_as, ""}, with_context(&on_room_leave)},
      {{Target::room, kIq, "get", "membership", act_as, ""}, with_context(&on_membership)},
      {{Target::occupant, kIq, "error", "", "", ""}, with_context(&on_answer)},
      {{Target::occupant, kIq, "result", "", "", ""}, with_context(&on_answer)},
      {{Target::occupant, kIq, "get", "", "", ""}, with_context(&on_occupant_request)},
      {{Target::occupant, kIq, "set", "", "", ""}, with_context(&on_occupant_request)},
      {{Target::occupant, kIq, "get", "query", info, ""}, with_context(&on_occupant_disco)},
      {{Target::occupant, kIq, "get", "query", items, ""}, with_context(&on_occupant_disco)},
      {{Target::room, kIq, "get", "query", registration, registration},
       with_context(&on_register_get)},
      {{Target::room, kIq, "set", "query", registration, ""}, with_context(&on_register_set)},
      {{Target::occupant, kIq, "get", "ping", ping, ""}, with_context(&on_occupant_ping)},
  };
  for (const Entry& entry : rows) {
    if (const Status added = router.add(entry.row, entry.handler); !added) return added;
  }
  for (const std::string_view feature : {xep_0045::kNs, xep_0045::kFeatureStableId, xep_0359::kNs,
                                         xep_0421::kNs, xep_0410::kFeature}) {
    router.add_feature(Target::room, std::string(feature));
  }
  if (const Status added = add_companions(context_, router); !added) return added;
  context_.router = &router;
  router.add_feature(Target::rooms_service, std::string(xep_0045::kFeatureStableId));
  router.add_feature(Target::rooms_service, std::string(xep_group_rooms::kNs));
  return add_events(router);
}

Rooms::Rooms(const Settings& settings, Hooks& hooks)
    : impl_(std::make_unique<Impl>(settings, hooks)) {}
Rooms::~Rooms() = default;

Status Rooms::add_to(engine::Router& router) { return impl_->add_to(router); }

std::vector<Command> Rooms::commands() const {
  std::vector<Command> all = people_commands(impl_->context());
  for (Command& command : operator_commands(impl_->context())) all.push_back(std::move(command));
  return all;
}

void Rooms::create(engine::RoomTurn& turn, const xmpp::Jid& owner, const Config& config,
                   const std::map<std::string, Member>& members) const {
  create_room(impl_->context(), turn, owner, config, members);
}

engine::Position Rooms::say_as(engine::RoomTurn& turn, const VirtualOccupant& who, std::string id,
                               std::string content, WallTime said) const {
  show_virtual(impl_->context(), turn, who);
  Message message;
  message.nick = who.nick;
  message.occupant_id = virtual_id(impl_->context(), turn.room(), who.key);
  message.id = std::move(id);
  message.content = std::move(content);
  if (said.ms + kHeld.count() < turn.now().ms) message.said = said;
  message.from_peer = true;
  return append_message(turn, std::move(message), engine::EntryKind::message);
}

void Rooms::retract_as(engine::RoomTurn& turn, const VirtualOccupant& who,
                       const engine::Entry& target, std::string id, std::string content) const {
  show_virtual(impl_->context(), turn, who);
  Message message;
  message.nick = who.nick;
  message.occupant_id = id_of(turn.room(), who.key);
  message.id = std::move(id);
  message.content = std::move(content);
  message.from_peer = true;
  retract(turn, target, std::move(message), {});
}

void Rooms::moderate_as(engine::RoomTurn& turn, const engine::Entry& target, std::string_view by,
                        std::string reason) const {
  RetractedBy who{turn.room().address().text(), {}, std::move(reason)};
  if (const auto known = room_of(turn).virtuals().find(std::string(by));
      known != room_of(turn).virtuals().end()) {
    who.by = occupant_address(turn.room(), known->second.nick);
    who.by_id = id_of(turn.room(), by);
  }
  announce_moderation(turn, target, std::move(who));
}

std::string Rooms::id_of(const engine::RoomState& room, std::string_view key) const {
  return virtual_id(impl_->context(), room, key);
}

void Rooms::pass_as(engine::RoomTurn& turn, const VirtualOccupant& who, std::string content) const {
  const auto& known = room_of(turn).virtuals();
  if (!known.contains(who.key)) return;
  Message message;
  message.nick = who.nick;
  message.occupant_id = virtual_id(impl_->context(), turn.room(), who.key);
  message.content = std::move(content);
  message.from_peer = true;
  say_live(turn, std::move(message));
}

void Rooms::subject_as(engine::RoomTurn& turn, const VirtualOccupant& who, std::string id,
                       std::string subject) const {
  show_virtual(impl_->context(), turn, who);
  Message message;
  message.nick = who.nick;
  message.occupant_id = virtual_id(impl_->context(), turn.room(), who.key);
  message.id = std::move(id);
  xmpp::Writer(message.content).open("subject").text(subject).close();
  message.from_peer = true;
  append_message(turn, std::move(message), engine::EntryKind::subject);
}

void Rooms::remove_virtual(engine::RoomTurn& turn, std::string_view key) const {
  remove_virtual_occupant(impl_->context(), turn, key);
}

void Rooms::notice(engine::RoomTurn& turn, std::string_view text, bool logged,
                   std::string content) const {
  Message message;
  message.from_room = true;
  xmpp::Writer(message.content).open("body").text(text).close();
  message.content += content;
  if (logged) {
    append_message(turn, std::move(message), engine::EntryKind::message);
  } else {
    say_live(turn, std::move(message));
  }
}

bool Rooms::take_question(engine::RoomTurn& turn, const xmpp::Stanza& message) {
  return on_question_message(turn, message);
}

void Rooms::set_right(engine::RoomTurn& turn, const xmpp::Jid& bare, Role role,
                      Affiliation affiliation) const {
  grant_right(impl_->context(), turn, bare, role, affiliation);
}

void Rooms::destroy(engine::RoomTurn& turn, std::string_view reason) const {
  xep_0045::Destroy destroy;
  destroy.reason = reason;
  destroy_room(impl_->context(), turn, destroy);
}

Reading Rooms::may_read(engine::RoomTurn& turn, const xmpp::Jid& who) const {
  return rooms::may_read(impl_->context(), turn, who);
}

engine::Position Rooms::say(engine::RoomTurn& turn, const xmpp::Jid& speaker, std::string_view nick,
                            std::string content, bool internal) const {
  Message message;
  message.nick = nick;
  message.internal = internal;
  message.occupant_id = occupant_id(impl_->context(), turn.room(), speaker);
  message.content = std::move(content);
  message.speaker = speaker;
  return append_message(turn, std::move(message), engine::EntryKind::message);
}

}  // namespace hansa::rooms
