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

Item item_of(const Listed& room) {
  Item item;
  item.address = room.address;
  item.name =
      room.info.name.empty() ? room.address.substr(0, room.address.find('@')) : room.info.name;
  item.description = room.info.description;
  item.language = room.info.lang;
  item.users = room.info.occupants;
  item.open = !room.info.members_only && !room.info.password;
  item.anonymity = room.info.nonanonymous ? xep_0433::kNotAnonymous : xep_0433::kSemiAnonymous;
  return item;
}

bool is_wanted(const Search& search, const Words& words, const Item& item) {
  if (!search.rooms || item.users < search.least_users) return false;
  if (search.all) return true;
  std::string text;
  if (search.in_name) text.append(item.name).append("\n");
  if (search.in_description) text.append(item.description).append("\n");
  if (search.in_address) text.append(item.address);
  return words.all_in(text);
}

// A place in the order: what a page's ids are. Rooms of more users come first.
struct Place {
  std::uint64_t users = 0;
  std::string address;
};
std::string id_of(const Search& search, const Item& item) {
  if (search.key == xep_0433::Key::address) return item.address;
  return std::to_string(item.users) + " " + item.address;
}
Place place_of(const Search& search, const std::string& id) {
  if (search.key == xep_0433::Key::address) return {0, id};
  const std::size_t space = id.find(' ');
  if (space == std::string::npos) return {0, id};
  return {std::strtoull(id.c_str(), nullptr, 10), id.substr(space + 1)};
}
bool is_before(const Place& a, const Place& b) {
  return a.users != b.users ? a.users > b.users : a.address < b.address;
}
Place place_of(const Search& search, const Item& item) {
  return {search.key == xep_0433::Key::address ? 0 : item.users, item.address};
}

// The page of `items`, which are in order.
xep_0433::Results page_of(const Search& search, std::vector<Item> items) {
  const xep_0059::Request page = search.page.value_or(xep_0059::Request{});
  const std::uint64_t most = std::min(page.max.value_or(kPageDefault), kPageMost);
  xep_0433::Results results;
  results.page.count = items.size();
  std::size_t from = 0;
  std::size_t to = items.size();
  if (page.after) {
    const Place after = place_of(search, *page.after);
    while (from < to && !is_before(after, place_of(search, items[from]))) ++from;
  }
  if (page.before && !page.before->empty()) {
    const Place before = place_of(search, *page.before);
    while (to > from && !is_before(place_of(search, items[to - 1]), before)) --to;
  }
  if (to - from > most) {
    if (page.before && !page.after) {
      from = to - most;
    } else {
      to = from + most;
    }
  }
  if (from < to) {
    results.page.first = id_of(search, items[from]);
    results.page.last = id_of(search, items[to - 1]);
    results.page.index = from;
  }
  results.items.assign(items.begin() + static_cast<long>(from),
                       items.begin() + static_cast<long>(to));
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
  const Result<std::vector<Listed>> rooms = every_listed_room(turn);
  if (turn.waiting()) return;
  if (!rooms) return turn.refuse(rooms.error(), {}, xep_0433::condition("rate-limit"));
  std::vector<Item> items;
  for (const Listed& room : *rooms) {
    Item item = item_of(room);
    if (is_wanted(search, words, item)) items.push_back(std::move(item));
  }
  std::sort(items.begin(), items.end(), [&](const Item& a, const Item& b) {
    return is_before(place_of(search, a), place_of(search, b));
  });
  turn.reply(xmpp::written(page_of(search, std::move(items))));
}

}  // namespace

Status add_search_to(engine::Router& router) {
  return router.add(engine::Row{engine::Target::rooms_service, xmpp::StanzaKind::iq, "get",
                                "search", std::string(xep_0433::kNs), std::string(xep_0433::kNs)},
                    on_search);
}

}  // namespace hansa::disco
