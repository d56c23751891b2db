#include "modules/disco/search.h"

#include <algorithm>

#include "modules/disco/directory.h"
#include "modules/disco/words.h"
#include "xep-spec/xep_0433_channel_search.h"

namespace hansa::disco {
namespace {

using xep_0433::Item;
using xep_0433::Search;

constexpr std::uint64_t kPageDefault = 50;
constexpr std::uint64_t kPageMost = 100;

Item item_of(const ListedRoom& room) {
  Item item;
  item.address = room.address;
  item.name = room.name.empty() ? room.address.substr(0, room.address.find('@')) : room.name;
  item.description = room.description;
  item.language = room.lang;
  item.users = room.users;
  item.open = !room.members_only && !room.password;
  item.anonymity = room.nonanonymous ? xep_0433::kNotAnonymous : xep_0433::kSemiAnonymous;
  return item;
}

bool is_wanted(const Search& search, const Words& words, const ListedRoom& room) {
  if (search.all) return true;
  std::string text;
  if (search.in_name) text.append(item_of(room).name).append("\n");
  if (search.in_description) text.append(room.description).append("\n");
  if (search.in_address) text.append(room.address);
  return words.all_in(text);
}

// A place in the order: what a page's ids are.
std::string id_of(Order order, std::uint64_t users, const std::string& address) {
  return order == Order::address ? address : std::to_string(users) + " " + address;
}
std::optional<Place> place_of(Order order, const std::optional<std::string>& id) {
  if (!id) return std::nullopt;
  const std::size_t space = id->find(' ');
  if (order == Order::address || space == std::string::npos) return Place{0, *id};
  return Place{std::strtoull(id->c_str(), nullptr, 10), id->substr(space + 1)};
}

Wanted wanted_of(const Search& search, const Words& words) {
  const xep_0059::Request page = search.page.value_or(xep_0059::Request{});
  Wanted wanted;
  wanted.order = search.key == xep_0433::Key::address ? Order::address : Order::users;
  wanted.most = std::min(page.max.value_or(kPageDefault), kPageMost);
  wanted.least_users = search.least_users;
  wanted.after = place_of(wanted.order, page.after);
  wanted.before = place_of(wanted.order, page.before);
  if (!search.all) {
    wanted.fits = [&](const ListedRoom& room) { return is_wanted(search, words, room); };
  }
  return wanted;
}

// Whoever pages on goes on after `last`, or before `first`: where the search has stopped, if that
// is not at a room that was found.
xep_0433::Results results_of(const Wanted& wanted, const Found& found) {
  xep_0433::Results results;
  for (const ListedRoom& room : found.rooms) results.items.push_back(item_of(room));
  const auto id = [&](const ListedRoom& room) {
    return id_of(wanted.order, room.users, room.address);
  };
  xep_0059::Page& page = results.page;
  page.count = found.count;
  const std::optional<std::string> reached =
      found.reached
          ? std::optional(id_of(wanted.order, found.reached->users, found.reached->address))
          : std::nullopt;
  if (!found.rooms.empty()) {
    page.first = id(found.rooms.front());
    page.last = id(found.rooms.back());
    page.index = found.before;
  } else if (reached) {
    page.first = page.last = *reached;
  }
  if (reached) (wanted.before && !wanted.after ? page.first : page.last) = *reached;
  return results;
}

void reply_form(engine::ServiceTurn& turn) {
  std::string content;
  xmpp::Writer writer(content);
  writer.open("search", xep_0433::kNs);
  xep_0004::write(writer, xep_0433::search_form());
  writer.close();
  turn.reply(content);
}

void on_search(engine::ServiceTurn& turn, const xmpp::Stanza& request) {
  if (xep_0433::asks_for_form(*request.payload())) return reply_form(turn);
  const xep_0433::Parsed parsed = xep_0433::parse(*request.payload());
  if (parsed.refusal) return turn.refuse(parsed.refusal->error, {}, parsed.refusal->detail);
  const Search& search = parsed.search;
  const Words words(search.terms);
  if (!search.rooms) return turn.reply(xmpp::written(xep_0433::Results{{}, {{}, {}, {}, 0}}));
  const Wanted wanted = wanted_of(search, words);
  const Result<Found> found = find_rooms(turn, wanted);
  if (turn.waiting()) return;
  if (!found) return turn.refuse(found.error());
  turn.reply(xmpp::written(results_of(wanted, *found)));
}

}  // namespace

Status add_search_to(engine::Router& router) {
  return router.add(engine::Row{engine::Target::rooms_service, xmpp::StanzaKind::iq, "get",
                                "search", std::string(xep_0433::kNs), std::string(xep_0433::kNs)},
                    on_search);
}

}  // namespace hansa::disco
