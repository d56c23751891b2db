// What a hub lost that we do not remember any more, beyond the newest items: it is read from our
// log and offered, some at a time, before anything new is sent. The hub drops what it has, and says
// so.

#include "base/limits.h"
#include "engine/letters.h"
#include "modules/shared-rooms/parts.h"

namespace hansa::shared_rooms {
namespace {

std::string text_of(const Offer& offer) {
  return engine::number_text(offer.next) + ' ' + engine::number_text(offer.last);
}

// With which the enterprise at `link` made the room: its maker names himself owner.
std::optional<xsr::Item> first_operation(const std::vector<engine::EntryPtr>& entries,
                                         std::string_view link) {
  for (const engine::EntryPtr& entry : entries) {
    auto stored = shared_log::item_of(*entry);
    if (!stored || stored->item.kind != xsr::kKindOperation || stored->item.origin.link != link) {
      continue;
    }
    const auto operation = xsr::read_operation(stored->item.payload);
    if (operation && shared_log::begins_room(*operation)) {
      return shared_log::as_made(std::move(stored->item));
    }
  }
  return std::nullopt;
}

// An item of ours or of others, as it was made. Those without order are sent as ever; what was
// found wrong here is not, nor what others refused.
std::optional<xsr::Item> offered_item(const SharedLog& log, const engine::Entry& entry) {
  auto stored = shared_log::item_of(entry);
  if (!stored || stored->void_ || log.unordered().contains(entry.position)) return std::nullopt;
  if (shared_log::hub_made(stored->item.kind)) return std::nullopt;
  return shared_log::as_made(std::move(stored->item));
}

}  // namespace

std::optional<Offer> read_offer(std::string_view text) {
  const std::size_t space = text.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  return Offer{engine::text_number(text.substr(0, space)),
               engine::text_number(text.substr(space + 1))};
}

// The hub begins again before what we remember, and we had more than that. To be asked before a
// welcome is taken, which is where remembering begins.
void SharedRooms::Parts::offer_all(RoomTurn& turn) {
  const auto& log = turn.state<SharedLog>();
  if (!log.may_have_forgotten()) return;
  turn.log(LogLevel::warning, turn.room().address().text() +
                                  ": the hub lost more than we remember; all of it is offered");
  turn.note(std::string(kOffer), text_of({1, turn.room().last_position()}));
  turn.state<Here>().offering.clear();
  waits(turn);
}

// The hub was put back to before this room was made: its node makes it once more, with the
// operation with which it began, and all else is offered. (Every frame for it is answered so.)
void SharedRooms::Parts::create_again(RoomTurn& turn) {
  const auto* page = turn.ask_page(turn.room().address(), 1, limits::kReadPageBytes);
  if (page == nullptr || !page->ok()) return;
  const auto& log = turn.state<SharedLog>();
  auto first = first_operation(**page, settings.link);
  if (!first || !may_ask_for(turn)) return;
  turn.log(LogLevel::warning,
           turn.room().address().text() + ": the hub has lost this room; it is made once more");
  turn.state<Here>().made_again = true;
  send(turn, xsr::Create{
                 turn.room().address(), log.log(), {}, {}, *std::move(first), log.version().epoch});
}

void SharedRooms::Parts::created_again(RoomTurn& turn) {
  turn.state<Here>().asked = false;
  have_again(turn);
}

// Nothing new is sent meanwhile: an enterprise's items keep their order.
void SharedRooms::Parts::offer_on(RoomTurn& turn) {
  const auto& here = turn.state<Here>();
  if (!up || !here.offer || here.asked_anew || !here.offering.empty()) return;
  turn.pass({"shared:offer", {}, {}, {}, 0});
}

void SharedRooms::Parts::on_offer(RoomTurn& turn) {
  const auto& log = turn.state<SharedLog>();
  auto& here = turn.state<Here>();
  if (!up || !here.offer || here.asked_anew || !here.offering.empty()) return;
  const auto* page = turn.ask_page(turn.room().address(), here.offer->next, limits::kReadPageBytes);
  if (page == nullptr || !page->ok()) return;
  Offer offer = *here.offer;
  if ((*page)->empty()) offer.next = offer.last + 1;
  for (const engine::EntryPtr& entry : **page) {
    if (entry->position > offer.last || here.offering.size() >= settings.window) break;
    offer.next = entry->position + 1;
    const auto item = offered_item(log, *entry);
    if (!item) continue;
    const bool act = shared_log::is_act(item->kind);
    here.offering[item->origin] = {item->origin, item->kind, xsr::item_hash(*item),
                                   act ? item->payload : std::string()};
    send(turn, xsr::Entry{turn.room().address(), log.log(), *item, entry->trace});
    ++counts.offered;
  }
  here.offered_to = offer;
  arm(turn);
  if (here.offering.empty()) offer_taken(turn);
}

// All of these are with the hub, durably there or ordered: what comes after them.
void SharedRooms::Parts::offer_taken(RoomTurn& turn) {
  const auto& here = turn.state<Here>();
  const Offer offer = here.offered_to;
  if (offer.next > offer.last) return offer_ends(turn);
  turn.note(std::string(kOffer), text_of(offer));
  offer_on(turn);
}

void SharedRooms::Parts::offer_ends(RoomTurn& turn) {
  auto& here = turn.state<Here>();
  here.offering.clear();
  if (here.offer) turn.note(std::string(kOffer), std::nullopt);
  turn.pause(kGroupHub, false);
  settled(turn);
}

void SharedRooms::Parts::offer_answered(RoomTurn& turn, const xsr::Origin& origin) {
  auto& here = turn.state<Here>();
  if (here.offering.erase(origin) > 0 && here.offering.empty()) offer_taken(turn);
}

}  // namespace hansa::shared_rooms
