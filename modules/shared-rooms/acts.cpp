// Acts: operations on the list and erasures, which are signed and judged at their place in the
// order; and what our people ask to be erased.

#include "engine/letters.h"
#include "modules/shared-rooms/parts.h"
#include "xep-spec/xep_0425_moderation.h"
#include "xmpp/parser.h"

namespace hansa::shared_rooms {

// Signature, and the right at this place in the order.
Status SharedRooms::Parts::judge(const SharedLog& log, const shared_log::Pending& act,
                                 Judged what) const {
  const auto judged = [&](const auto& read, const auto& right) -> Status {
    if (!read) return read.error();
    Status good = Done{};
    if (!settings.wrong.accept_unsigned) {
      good = shared_log::check_signature(log, *read, act.origin, settings.pinned);
    }
    return good && what == Judged::all ? right(*read) : good;
  };
  if (act.kind == xsr::kKindErasure) {
    return judged(xsr::read_erasure(act.operation), [&](const xsr::Erasure& erasure) {
      return shared_log::check_right(log, erasure, act.origin);
    });
  }
  return judged(xsr::read_operation(act.operation), [&](const xsr::Operation& operation) {
    return shared_log::check_right(log, operation);
  });
}

// True: it changes nothing here, because it is not what its actor may do.
bool SharedRooms::Parts::wrong(RoomTurn& turn, const shared_log::Pending& act,
                               const xsr::Version& order) {
  const auto& log = turn.state<SharedLog>();
  // Up to the newest page, and while pages arrive, the list is, or may be, of a later time.
  const bool later = log.syncing() || order <= turn.state<Here>().page;
  const Status good = judge(log, act, later ? Judged::signature : Judged::all);
  if (good) return false;
  ++counts.bad_signatures;
  turn.log(LogLevel::error, turn.room().address().text() + ": the hub ordered an " + act.kind +
                                " that counts for nothing: " + good.error().text);
  return true;
}

// The item that comes, or the same one if it is here without order: as it was made. That counts,
// and not what became of it on its way.
shared_log::Pending as_made(const SharedLog& log, const xsr::Item& item) {
  const bool here = item.kind != xsr::kKindRefused && log.has(item.origin);
  const Position at = here ? log.position_of(item.origin) : 0;
  if (at > 0) return log.unordered().at(at);
  return {item.origin, item.kind, {}, shared_log::is_act(item.kind) ? item.payload : std::string()};
}

// The message that it takes the payload of, if it is an erasure: 0 if there is none here. Nothing:
// see find_erased(). To be asked before anything is changed.
std::optional<Position> erased_by(RoomTurn& turn, const shared_log::Pending& act) {
  if (act.kind != xsr::kKindErasure) return 0;
  return shared_log::find_erased(turn, act.operation);
}

// What an act does besides the log, now that it has its order and counts.
void SharedRooms::Parts::acted(RoomTurn& turn, const shared_log::Pending& act, Position erased) {
  if (erased > 0) turn.erase_payload(erased);
  if (act.kind != xsr::kKindOperation) return;
  const auto operation = xsr::read_operation(act.operation);
  if (operation) update_person(turn, operation->jid);
}

// --- what our people ask -------------------------------------------------------------------------

namespace {

struct Said {
  xsr::Item item;
  std::string by;  // bare JID
};

// Nothing: it is no message with that id, or not any more.
std::optional<Said> read_said(const engine::Entry& entry, std::string_view id) {
  const auto stored = shared_log::item_of(entry);
  if (!stored || entry.erased || stored->item.kind != xsr::kKindMessage || stored->item.id != id) {
    return std::nullopt;
  }
  const auto payload = xmpp::parse_element(stored->item.payload, xmpp::ns::kClient);
  if (!payload) return std::nullopt;
  return Said{stored->item, std::string((*payload)->root().attr("by"))};
}

// With a room's id. The outer one is nothing as long as a read is not answered.
std::optional<std::optional<Said>> find_said(RoomTurn& turn, const std::string& id) {
  using Found = std::optional<Said>;
  if (id.empty()) return Found();
  const auto& tail = turn.room().tail();
  for (auto entry = tail.rbegin(); entry != tail.rend(); ++entry) {
    if (Found said = read_said(**entry, id)) return said;
  }
  const std::string from = shared_log::message_keys(turn.room().log_id(), id);
  std::string to = from;
  ++to.back();
  const auto* const keys = turn.ask_index(from, to, 1);
  if (keys == nullptr) return std::nullopt;
  if (!keys->ok() || (*keys)->empty()) return Found();
  const Position position = engine::text_number((*keys)->front().second);
  const auto* const page = turn.ask_page(turn.room().address(), position, 1);
  if (page == nullptr) return std::nullopt;
  if (!page->ok() || (*page)->empty() || (*page)->front()->position != position) return Found();
  return read_said(*(*page)->front(), id);
}

}  // namespace

void SharedRooms::Parts::on_moderate(RoomTurn& turn, const xmpp::Stanza& stanza) {
  const std::string actor(stanza.from.bare_text());
  if (const Status may = may_write(turn, actor); !may) return turn.refuse(may.error());
  const auto request = xep_0425::parse(*stanza.payload());
  if (!request) {
    return turn.refuse(Error(Condition::bad_request, "Messages are moderated by retraction only."));
  }
  const auto found = find_said(turn, request->id);
  if (!found) return;
  if (!*found) {
    return turn.refuse(Error(Condition::item_not_found, "There is no such message (any more)."));
  }
  const auto& log = turn.state<SharedLog>();
  const std::string_view affiliation = log.affiliation(actor);
  if ((*found)->by != actor && affiliation != "owner" && affiliation != "admin") {
    return turn.refuse(
        Error(Condition::forbidden, "What others said is erased by owners and admins."));
  }
  xsr::Item item = own_item(turn, xsr::kKindErasure, {});
  xsr::Erasure erasure{(*found)->item.origin, request->id, actor, {}};
  shared_log::sign(erasure, log.log(), item.origin, settings.signing_key);
  item.payload = xsr::to_payload(erasure);
  say(turn, std::move(item));
  turn.reply();
}

}  // namespace hansa::shared_rooms
