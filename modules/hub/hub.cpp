#include "modules/hub/hub.h"

#include <algorithm>

#include "base/limits.h"
#include "engine/fields.h"
#include "engine/letters.h"
#include "modules/hub/parts.h"

namespace hansa::hub {
namespace {

constexpr std::string_view kPassed = "shared:frame";
constexpr std::string_view kStanding = "shared:standing";
constexpr std::string_view kRetry = "shared:retry";

}  // namespace

Hub::Parts::Parts(Settings given) : settings(std::move(given)) {
  for (const Enterprise& one : settings.enterprises) {
    LinkState& state = links[one.link];
    state.key = one.key;
    deliveries.try_emplace(one.link, settings, one.link, state);
    if (!one.key.empty()) pinned[one.link] = one.key;
  }
}

void Hub::Parts::ready(engine::Turn& turn) {
  while (incarnation == 0) incarnation = random_number(turn.random()) >> 1;
}

void Hub::Parts::send(engine::Turn& turn, const std::string& link, const xsr::Frame& frame) const {
  shared_log::send_frame(turn, {settings.domain, link}, link, frame);
}

void Hub::Parts::problem(engine::Turn& turn, const std::string& link, const std::string& room,
                         const Error& error) const {
  send(turn, link, xsr::Problem{room, std::string(row_of(error.condition).element), error.text});
}

const Enterprise* Hub::Parts::configured(std::string_view link) const {
  for (const Enterprise& one : settings.enterprises) {
    if (one.link == link) return &one;
  }
  return nullptr;
}

const Enterprise* Hub::Parts::enterprise_of(std::string_view jid) const {
  const std::string_view domain = jid.substr(jid.find('@') + 1);
  for (const Enterprise& one : settings.enterprises) {
    if (std::find(one.domains.begin(), one.domains.end(), domain) != one.domains.end()) return &one;
  }
  return nullptr;
}

std::string group_of(std::string_view link) { return "link/" + std::string(link); }

std::string encode(const IndexRow& row) {
  engine::FieldWriter out;
  out.put(1, row.address).put(2, row.version.epoch).put(3, row.version.sequence);
  for (const std::string& link : row.links) out.put(4, link);
  return out.take();
}

IndexRow decode_row(std::string_view bytes) {
  const engine::FieldReader in(bytes);
  IndexRow row{std::string(in.text(1)), {in.number(2), in.number(3)}, {}};
  for (const std::string_view link : in.all(4)) row.links.emplace_back(link);
  return row;
}

void write_index(RoomTurn& turn) {
  const auto& log = turn.state<SharedLog>();
  IndexRow row{turn.room().address().text(), log.version(), {}};
  for (const auto& [link, part] : log.participants()) {
    if (part.active()) row.links.push_back(link);
  }
  turn.index("shared/" + log.log(), encode(row));
}

Hub::Hub(Settings settings) : parts_(std::make_unique<Parts>(std::move(settings))) {}
Hub::~Hub() = default;
const Hub::Counts& Hub::counts() const { return parts_->counts; }

std::vector<engine::FacetFactory> Hub::facets(std::uint32_t format) {
  return {shared_log::maker_of_logs(format),
          []() -> std::unique_ptr<engine::Facet> { return std::make_unique<Watch>(); }};
}

engine::Settings Hub::engine_settings() const {
  engine::Settings out;
  out.role = "hub";
  out.addressing.shared = parts_->settings.shared;
  for (const Enterprise& one : parts_->settings.enterprises) {
    out.addressing.peers.insert(one.link);
  }
  return out;
}

Status Hub::add_to(engine::Router& router) {
  Parts& p = *parts_;
  // Frames of a link; those about a room are read again there.
  const auto on_frame = [&p](ServiceTurn& turn, const xmpp::Stanza& stanza) {
    p.ready(turn);
    const std::string link(stanza.from.domain());
    const auto frame = xsr::parse_frame(*stanza.element().child_in(xsr::kNs));
    if (!frame) return p.problem(turn, link, {}, frame.error());
    if (const auto* hello = std::get_if<xsr::Hello>(&*frame)) return p.on_hello(turn, link, *hello);
    if (const auto* rooms = std::get_if<xsr::Rooms>(&*frame)) return p.on_rooms(turn, link, *rooms);
    const xmpp::Jid* room = shared_log::room_of(*frame);
    if (room == nullptr || room->domain() != p.settings.shared) return;
    turn.pass(*room, {std::string(kPassed), stanza, {}});
  };
  Status added = router.add(
      {engine::Target::link, xmpp::StanzaKind::message, "", "", std::string(xsr::kNs), ""},
      engine::ServiceHandler(on_frame));
  if (!added) return added;

  const auto in_room = [&p](RoomTurn& turn, const engine::Passed& passed) {
    const std::string link(passed.stanza.from.domain());
    const auto frame = xsr::parse_frame(*passed.stanza.element().child_in(xsr::kNs));
    if (!frame) return;
    const auto visit = [&]<typename T>(const T& one) {
      if constexpr (std::is_same_v<T, xsr::Entry>) p.on_entry(turn, link, one);
      if constexpr (std::is_same_v<T, xsr::Have>) p.on_have(turn, link, one);
      if constexpr (std::is_same_v<T, xsr::Create>) p.on_create(turn, link, one);
      if constexpr (std::is_same_v<T, xsr::Offered>) p.on_offered(turn, link, one);
      if constexpr (std::is_same_v<T, xsr::Fetch>) p.on_fetch(turn, link, one);
      if constexpr (std::is_same_v<T, xsr::Passing>) p.on_passing(turn, link, one);
      if constexpr (std::is_same_v<T, xsr::Directed> || std::is_same_v<T, xsr::DirectedAck>) {
        p.on_directed(turn, link, *frame);
      }
    };
    std::visit(visit, *frame);
  };
  if (added = router.add_passed(std::string(kPassed), in_room); !added) return added;
  // A room in a hello's pages that stands elsewhere than here: as if it had said «have, again».
  const auto standing = [&p](RoomTurn& turn, const engine::Passed& passed) {
    const auto number = [&](std::string_view name) {
      return engine::text_number(passed.param(name));
    };
    xsr::Have have{turn.room().address(), std::string(passed.param("log")), {}, true, 0, {}};
    have.point = {{number("epoch"), number("seq")}, std::string(passed.param("chain"))};
    const std::string link(passed.param("link"));
    const auto& log = turn.state<SharedLog>();
    if (log.exists() && log.log() == have.log && log.participant(link) != nullptr) {
      p.go_back(turn, link, have, true);
    } else {
      p.on_have(turn, link, have);
    }
    turn.reply();
  };
  router.add_reading(std::string(kStanding));
  if (added = router.add_passed(std::string(kStanding), standing); !added) return added;
  const auto retry = [&p](RoomTurn& turn, std::string_view) { p.on_retry(turn); };
  if (added = router.add_timer(std::string(kRetry), retry); !added) return added;
  if (added = shared_log::add_answers(router); !added) return added;

  router.add_link([&p](ServiceTurn& turn, std::string_view link, bool up) {
    p.ready(turn);
    p.on_link(turn, link, up);
  });
  router.add_room_link([&p](RoomTurn& turn, std::string_view link, bool) {
    p.ready(turn);
    p.on_room_link(turn, std::string(link));
  });
  router.add_life([&p](RoomTurn& turn, engine::Life life) {
    p.ready(turn);
    if (life == engine::Life::loaded) p.on_loaded(turn);
    // It left memory before its retry was due, and might again before the next one is.
    if (life == engine::Life::woken) p.look(turn);
  });
  return Done{};
}

}  // namespace hansa::hub
