#include "modules/shared-rooms/shared_rooms.h"

#include <algorithm>

#include "base/limits.h"
#include "engine/fields.h"
#include "engine/letters.h"
#include "modules/shared-rooms/parts.h"
#include "xep-spec/xep_0045_muc.h"
#include "xep-spec/xep_0425_moderation.h"

namespace hansa::shared_rooms {
namespace {

constexpr std::string_view kFrame = "shared:frame";
constexpr std::string_view kAck = "shared:ack";
constexpr std::string_view kClear = "shared:clear";
constexpr std::string_view kRetry = "shared:retry";
constexpr std::string_view kOfferOn = "shared:offer";
constexpr std::string_view kCreated = "shared:created";
constexpr std::string_view kWaits = "shared:waits";

using xmpp::StanzaKind;

}  // namespace

SharedRooms::Parts::Parts(Settings given)
    : settings(std::move(given)),
      public_key(shared_log::public_key(settings.signing_key)),
      to_hub(settings) {}

void SharedRooms::Parts::ready(engine::Turn& turn) {
  while (incarnation == 0) incarnation = random_number(turn.random()) >> 1;
}

void SharedRooms::Parts::send(engine::Turn& turn, const xsr::Frame& frame) const {
  shared_log::send_frame(turn, {settings.link, settings.hub}, settings.hub, frame);
}

bool SharedRooms::Parts::ours(std::string_view jid) const {
  const std::string_view domain = jid.substr(jid.find('@') + 1);
  return std::find(settings.enterprise.begin(), settings.enterprise.end(), domain) !=
         settings.enterprise.end();
}

IndexRow decode_row(std::string_view bytes) {
  const engine::FieldReader in(bytes);
  return {std::string(in.text(1)), {{in.number(2), in.number(3)}, std::string(in.text(4))}};
}

std::string index_row(const RoomTurn& turn, const xsr::Point& point) {
  return engine::FieldWriter()
      .put(1, turn.room().address().text())
      .put(2, point.version.epoch)
      .put(3, point.version.sequence)
      .put_if(4, point.chain)
      .take();
}

void Here::apply_note(std::string_view key, const std::optional<std::string>& value) {
  constexpr std::string_view kOwn = "own/";
  constexpr std::string_view kLane = "lane/";
  if (key.starts_with(kOwn)) {
    const std::string jid(key.substr(kOwn.size()));
    if (value) {
      own[jid] = engine::text_number(*value);
    } else {
      own.erase(jid);
    }
  } else if (key == kPage) {
    page = {};
    if (!value) return;
    const std::size_t space = value->find(' ');
    page.epoch = engine::text_number(std::string_view(*value).substr(0, space));
    page.sequence = engine::text_number(std::string_view(*value).substr(space + 1));
  } else if (key == kBehind) {
    behind = value.has_value();
  } else if (key == kOffer) {
    offer = value ? read_offer(*value) : std::nullopt;
  } else if (key == kAnew) {
    doubted = value.has_value();
    asked_anew = asked_anew || doubted;
  } else if (key.starts_with(kLane)) {
    if (value) {
      lanes[std::string(key)] = *value;
    } else {
      lanes.erase(std::string(key));
    }
  }
}

SharedRooms::SharedRooms(Settings settings)
    : parts_(std::make_unique<Parts>(std::move(settings))) {}
SharedRooms::~SharedRooms() = default;
const SharedRooms::Counts& SharedRooms::counts() const { return parts_->counts; }

std::vector<engine::FacetFactory> SharedRooms::facets(std::uint32_t format) {
  return {shared_log::maker_of_logs(format),
          []() -> std::unique_ptr<engine::Facet> { return std::make_unique<Here>(); }};
}

engine::Settings SharedRooms::engine_settings() const {
  engine::Settings out;
  out.role = "node";
  out.addressing.shared = parts_->settings.shared;
  out.addressing.peers.insert(parts_->settings.hub);
  return out;
}

namespace {

// A frame that is about a room, in that room.
void in_room(SharedRooms::Parts& p, RoomTurn& turn, const xsr::Frame& frame) {
  const auto visit = [&]<typename T>(const T& one) {
    if constexpr (std::is_same_v<T, xsr::Entry>) p.on_entry(turn, one);
    if constexpr (std::is_same_v<T, xsr::Ordered>) p.on_ordered(turn, one);
    if constexpr (std::is_same_v<T, xsr::Welcome>) p.on_welcome(turn, one);
    if constexpr (std::is_same_v<T, xsr::List>) p.on_list(turn, one);
    if constexpr (std::is_same_v<T, xsr::Again>) p.on_again(turn);
    if constexpr (std::is_same_v<T, xsr::Problem>) p.on_problem(turn, one);
    if constexpr (std::is_same_v<T, xsr::Directed>) p.on_directed(turn, one);
    if constexpr (std::is_same_v<T, xsr::DirectedAck>) p.on_directed_ack(turn, one);
    if constexpr (std::is_same_v<T, xsr::Passing>) p.on_passing(turn, one);
  };
  std::visit(visit, frame);
}

void on_frame(SharedRooms::Parts& p, ServiceTurn& turn, const xmpp::Stanza& stanza) {
  p.ready(turn);
  const auto frame = xsr::parse_frame(*stanza.element().child_in(xsr::kNs));
  if (!frame) {
    const std::string condition(row_of(frame.error().condition).element);
    return p.send(turn, xsr::Problem{{}, condition, frame.error().text});
  }
  if (const auto* hello = std::get_if<xsr::Hello>(&*frame)) {
    // A hello of an earlier life came after ours, on a connection that repeats: the hub takes us
    // for that one, and nothing that we acknowledge counts.
    if (hello->answers != 0 && hello->answers != p.incarnation && p.up) p.on_link(turn, true);
  } else if (const auto* differ = std::get_if<xsr::Differ>(&*frame)) {
    p.differ = differ->buckets;
    if (!p.differ.empty()) p.send_rooms(turn, {});
  } else if (const auto* next = std::get_if<xsr::Next>(&*frame)) {
    p.send_rooms(turn, next->after);
  } else if (const auto* created = std::get_if<xsr::Created>(&*frame)) {
    p.on_created(turn, *created);
  } else if (const auto* clear = std::get_if<xsr::Clear>(&*frame)) {
    p.on_clear(turn, clear->link);
  } else if (const auto* problem = std::get_if<xsr::Problem>(&*frame)) {
    if (problem->room.empty() && problem->condition == "resource-constraint") {
      turn.log(LogLevel::warning, "the hub could not compare all rooms; it is asked again soon");
      return p.hello_again(turn);
    }
    turn.log(LogLevel::warning,
             "the hub says of " + problem->room + ": " + problem->condition + ' ' + problem->text);
    const auto room = xmpp::Jid::parse(problem->room);
    if (room && room->domain() == p.settings.shared) {
      turn.pass(*room, {std::string(kFrame), stanza, {}});
    }
  } else if (const xmpp::Jid* room = shared_log::room_of(*frame)) {
    if (room->domain() == p.settings.shared) turn.pass(*room, {std::string(kFrame), stanza, {}});
  }
}

}  // namespace

Status SharedRooms::add_to(engine::Router& router) {
  Parts& p = *parts_;
  using engine::Target;
  Status added = Done{};
  const auto row = [&](StanzaKind kind, std::string type, std::string name, std::string_view ns,
                       auto handler) {
    if (!added) return;
    added = router.add(
        {Target::shared_room, kind, std::move(type), std::move(name), std::string(ns), ""},
        engine::RoomHandler([&p, handler](RoomTurn& turn, const xmpp::Stanza& s) {
          p.ready(turn);
          handler(turn, s);
        }));
  };
  const auto said = [&p](RoomTurn& turn, const xmpp::Stanza& s) { p.on_message(turn, s); };
  row(StanzaKind::message, "groupchat", "", "", said);
  const auto said_to = [&p](RoomTurn& turn, const xmpp::Stanza& s) { p.say_to(turn, s); };
  row(StanzaKind::message, "chat", "", "", said_to);
  const auto create = [&p](RoomTurn& turn, const xmpp::Stanza& s) { p.on_create(turn, s); };
  row(StanzaKind::iq, "set", "query", xep_0045::kNsOwner, create);
  const auto admin = [&p](RoomTurn& turn, const xmpp::Stanza& s) { p.on_admin(turn, s); };
  row(StanzaKind::iq, "set", "query", xep_0045::kNsAdmin, admin);
  const auto moderate = [&p](RoomTurn& turn, const xmpp::Stanza& s) { p.on_moderate(turn, s); };
  row(StanzaKind::iq, "set", "moderate", xep_0425::kNs, moderate);
  const auto presence = [&p](RoomTurn& turn, const xmpp::Stanza& s) { p.on_presence(turn, s); };
  row(StanzaKind::presence, "", "", "", presence);
  if (!added) return added;

  added = router.add({Target::link, StanzaKind::message, "", "", std::string(xsr::kNs), ""},
                     engine::ServiceHandler([&p](ServiceTurn& turn, const xmpp::Stanza& stanza) {
                       on_frame(p, turn, stanza);
                     }));
  if (!added) return added;
  const auto passed = [&p](RoomTurn& turn, const engine::Passed& one) {
    const auto frame = xsr::parse_frame(*one.stanza.element().child_in(xsr::kNs));
    if (frame) in_room(p, turn, *frame);
  };
  if (added = router.add_passed(std::string(kFrame), passed); !added) return added;
  const auto ack = [&p](RoomTurn& turn, const engine::Passed& one) {
    p.on_ack(turn, std::string(one.param("life")));
  };
  if (added = router.add_passed(std::string(kAck), ack); !added) return added;
  const auto clear = [&p](RoomTurn& turn, const engine::Passed& one) {
    p.clear(turn, std::string(one.param("link")));
  };
  if (added = router.add_passed(std::string(kClear), clear); !added) return added;
  const auto offer = [&p](RoomTurn& turn, const engine::Passed&) { p.on_offer(turn); };
  if (added = router.add_passed(std::string(kOfferOn), offer); !added) return added;
  const auto created = [&p](RoomTurn& turn, const engine::Passed&) {
    if (turn.state<SharedLog>().exists()) p.created_again(turn);
  };
  if (added = router.add_passed(std::string(kCreated), created); !added) return added;
  const auto waits = [&p](RoomTurn& turn, const engine::Passed&) {
    if (turn.state<SharedLog>().exists()) p.arm(turn);
  };
  if (added = router.add_passed(std::string(kWaits), waits); !added) return added;
  const auto retry = [&p](RoomTurn& turn, std::string_view) { p.on_retry(turn); };
  if (added = router.add_timer(std::string(kRetry), retry); !added) return added;
  if (added = shared_log::add_answers(router); !added) return added;

  router.add_link([&p](ServiceTurn& turn, std::string_view link, bool up) {
    p.ready(turn);
    if (link == p.settings.hub) p.on_link(turn, up);
  });
  router.add_room_link([&p](RoomTurn& turn, std::string_view link, bool loaded) {
    p.ready(turn);
    if (link == p.settings.hub) p.on_room_link(turn, loaded);
  });
  router.add_life([&p](RoomTurn& turn, engine::Life life) {
    p.ready(turn);
    if (life == engine::Life::loaded) p.on_loaded(turn);
    // It left memory before its retry was due, and might again before the next one is.
    if (life == engine::Life::woken) p.look(turn);
  });
  return Done{};
}

}  // namespace hansa::shared_rooms
