#include "modules/act-as/act_as.h"

#include "modules/act-as/audit.h"
#include "modules/act-as/ending.h"
#include "modules/act-as/grants.h"
#include "modules/act-as/identities.h"
#include "modules/act-as/joined_rooms.h"
#include "modules/act-as/opening.h"
#include "modules/act-as/person.h"
#include "modules/act-as/privately.h"
#include "modules/act-as/profile.h"
#include "modules/act-as/revocations.h"
#include "modules/act-as/rules.h"
#include "modules/act-as/talks.h"
#include "modules/act-as/wordless.h"
#include "xep-spec/act_as.h"

namespace hansa::act_as {

using engine::RoomTurn;
using engine::Row;
using engine::Target;
using xmpp::Stanza;
using xmpp::StanzaKind;

struct ActAs::Impl {
  Impl(std::string domain, const rooms::Settings& settings, const rooms::Rooms& all,
       rooms::Hooks& hooks)
      : parts(Domains{settings.rooms, std::move(domain)}, all, settings), passing(parts, settings) {
    rules.add_to(hooks);
    passing.add_to(hooks);
    privately.add_to(hooks);
    revocations.add_to(hooks);
    profile.add_to(hooks);
    ending.add_to(hooks);
  }
  Status add_messages(engine::Router& router);
  Status add_queries(engine::Router& router);
  Status add_events(engine::Router& router);

  Parts parts;
  Passing passing;
  News news{parts};
  PeerRoom peer_room{parts, passing, news};
  JoinedRooms joined_rooms{parts, peer_room};
  Privately privately{parts};
  Peer peer{parts, peer_room};
  Identities identities{parts};
  Grants grants{parts};
  Audit audit{parts};
  Talks talks{parts, identities};
  Opening opening{parts, peer, news, identities};
  States states{parts};
  Wordless wordless{parts, opening, news};
  Person person{parts, passing, privately, opening, peer, peer_room, news, states, wordless};
  Profile profile{parts};
  Ending ending{parts, peer_room};
  Rules rules{parts, peer, news, states};
  Revocations revocations{parts};
};

ActAs::ActAs(std::string identities, const rooms::Settings& settings, const rooms::Rooms& rooms,
             rooms::Hooks& hooks)
    : impl_(std::make_unique<Impl>(std::move(identities), settings, rooms, hooks)) {}
ActAs::~ActAs() = default;

// What comes from a peer, in the conversation with him.
Status ActAs::Impl::add_messages(engine::Router& router) {
  struct Line {
    StanzaKind kind;
    const char* type;  // "": all that have no line of their own
    engine::RoomHandler handler;
  };
  const Line lines[] = {
      {StanzaKind::message, "",
       [this](RoomTurn& turn, const Stanza& stanza) { person.on_message(turn, stanza); }},
      {StanzaKind::message, "groupchat",
       [this](RoomTurn& turn, const Stanza& stanza) { peer_room.on_groupchat(turn, stanza); }},
      {StanzaKind::message, "error",
       [this](RoomTurn& turn, const Stanza& stanza) { person.on_error(turn, stanza); }},
      {StanzaKind::message, "headline", [](RoomTurn&, const Stanza&) {}},
      {StanzaKind::presence, "",
       [this](RoomTurn& turn, const Stanza& stanza) { peer_room.on_presence(turn, stanza); }},
      {StanzaKind::iq, "result",
       [this](RoomTurn& turn, const Stanza& stanza) { peer.on_answer(turn, stanza); }},
      {StanzaKind::iq, "error",
       [this](RoomTurn& turn, const Stanza& stanza) { peer.on_answer(turn, stanza); }},
  };
  for (const Line& line : lines) {
    const Row row{Target::identity_peer, line.kind, line.type, {}, {}, {}};
    if (const auto added = router.add(row, line.handler); !added) return added;
  }
  const std::string ns(xep_act_as::kNs);
  return router.add(
      Row{Target::identity_peer, StanzaKind::iq, "get", "heard", ns, {}},
      [this](RoomTurn& turn, const Stanza& stanza) { peer_room.on_heard(turn, stanza); });
}

Status ActAs::Impl::add_queries(engine::Router& router) {
  const std::string ns(xep_act_as::kNs);
  const Row query{Target::identities_service, StanzaKind::iq, "get", "identities", ns, ns};
  const auto added = router.add(query, [this](engine::ServiceTurn& turn, const Stanza& stanza) {
    identities.on_query(turn, stanza);
  });
  if (!added) return added;
  const Row open{Target::identity, StanzaKind::iq, "set", "open", ns, ns};
  return router.add(
      open, [this](RoomTurn& turn, const Stanza& stanza) { opening.on_query(turn, stanza); });
}

Status ActAs::Impl::add_events(engine::Router& router) {
  if (const auto added = Rights::add_to(router); !added) return added;
  const auto passed = router.add_passed(
      std::string(kOpenTopic),
      [this](RoomTurn& turn, const engine::Passed& p) { opening.on_passed(turn, p); });
  if (!passed) return passed;
  const auto held = router.add_passed(
      std::string(kHeldTopic),
      [this](RoomTurn& turn, const engine::Passed& p) { peer_room.on_held(turn, p); });
  if (!held) return held;
  const auto ends = router.add_passed(
      std::string(kEndingTopic),
      [this](RoomTurn& turn, const engine::Passed&) { static_cast<void>(ending.look(turn)); });
  if (!ends) return ends;
  router.add_life([this](RoomTurn& turn, engine::Life life) {
    if (life == engine::Life::loaded) static_cast<void>(ending.look(turn));
  });
  const auto alone = router.add_passed(
      std::string(kPrivateTopic),
      [this](RoomTurn& turn, const engine::Passed& p) { person.on_message(turn, p.stanza); });
  if (!alone) return alone;
  const auto serves = router.add_passed(
      std::string(kServesTopic),
      [this](RoomTurn& turn, const engine::Passed& p) { peer.on_answer(turn, p.stanza); });
  if (!serves) return serves;
  const auto left =
      router.add_passed(std::string(kLeftTopic),
                        [this](RoomTurn& turn, const engine::Passed&) { privately.left(turn); });
  if (!left) return left;
  const auto tie = router.add_answer(std::string(kAskTie),
                                     [](const engine::RoomState& room, const engine::Question&) {
                                       return PeerRoom::answer_tie(room);
                                     });
  if (!tie) return tie;
  const auto letter = router.add_letter(
      std::string(kNewsLetter),
      [this](RoomTurn& turn, const engine::Letter& l) { news.on_letter(turn, l); });
  if (!letter) return letter;
  const auto right = router.add_letter(
      std::string(kRightLetter),
      [this](RoomTurn& turn, const engine::Letter& l) { revocations.on_letter(turn, l); });
  if (!right) return right;
  router.add_life([this](RoomTurn& turn, engine::Life life) {
    if (turn.state<Conversation>().opened()) return peer.resume(turn, life);
    if (life == engine::Life::loaded) news.resume(turn);
  });
  static constexpr std::string_view kPrefix = "act-as";
  return router.add_timer(std::string(kPrefix), [this](RoomTurn& turn, std::string_view name) {
    if (name.starts_with(kRevokedTimer)) {
      return revocations.on_timer(turn, name.substr(kRevokedTimer.size()));
    }
    name.remove_prefix(kPrefix.size() + 1);
    if (name == "news") return news.on_wake(turn);
    if (name == "picture") return profile.on_picture_wake(turn);
    if (name == "state" || name == "marker") return states.on_wake(turn, name);
    peer.on_wake(turn, name);
  });
}

Status ActAs::add_to(engine::Router& router) {
  for (const auto add : {&Impl::add_messages, &Impl::add_queries, &Impl::add_events}) {
    if (const auto added = (impl_.get()->*add)(router); !added) return added;
  }
  if (const auto added = impl_->grants.add_to(router); !added) return added;
  if (const auto added = impl_->joined_rooms.add_to(router); !added) return added;
  if (const auto added = impl_->audit.add_to(router); !added) return added;
  if (const auto added = impl_->talks.add_to(router); !added) return added;
  return impl_->profile.add_to(router);
}

std::vector<Command> ActAs::commands() {
  Impl& impl = *impl_;
  return {
      {std::string(xep_act_as::kNodeIdentities), "Identities open to me",
       [&impl](engine::ServiceTurn& turn, const Stanza& stanza, const xep_0050::Request& request) {
         impl.identities.on_command(turn, stanza, request);
       }},
      {std::string(xep_act_as::kNodeRights), "Who may act as my rooms",
       [&impl](engine::ServiceTurn& turn, const Stanza& stanza, const xep_0050::Request& request) {
         impl.grants.on_command(turn, stanza, request);
       }},
      {std::string(xep_act_as::kNodeRooms), "Rooms that my rooms are in",
       [&impl](engine::ServiceTurn& turn, const Stanza& stanza, const xep_0050::Request& request) {
         impl.joined_rooms.on_command(turn, stanza, request);
       }},
      {std::string(xep_act_as::kNodeActs), "Who spoke as my rooms",
       [&impl](engine::ServiceTurn& turn, const Stanza& stanza, const xep_0050::Request& request) {
         impl.audit.on_command(turn, stanza, request);
       }},
      {std::string(xep_act_as::kNodeConversations), "Conversations of my rooms",
       [&impl](engine::ServiceTurn& turn, const Stanza& stanza, const xep_0050::Request& request) {
         impl.talks.on_list_command(turn, stanza, request);
       }},
      {std::string(xep_act_as::kNodeConversation), "Close, block, mute or assign a conversation",
       [&impl](engine::ServiceTurn& turn, const Stanza& stanza, const xep_0050::Request& request) {
         impl.talks.on_change_command(turn, stanza, request);
       }},
      {std::string(xep_act_as::kNodeOpen), "Open a conversation as a room",
       [&impl](engine::ServiceTurn& turn, const Stanza& stanza, const xep_0050::Request& request) {
         impl.opening.on_command(turn, stanza, request);
       }},
  };
}

std::vector<engine::FacetFactory> ActAs::facets() {
  return {[]() -> std::unique_ptr<engine::Facet> { return std::make_unique<Conversation>(); },
          []() -> std::unique_ptr<engine::Facet> { return std::make_unique<Tie>(); },
          []() -> std::unique_ptr<engine::Facet> { return std::make_unique<Acting>(); }};
}

}  // namespace hansa::act_as
