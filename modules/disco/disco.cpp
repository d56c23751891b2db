#include "modules/disco/disco.h"

#include <algorithm>

#include "modules/disco/command_nodes.h"
#include "modules/disco/directory.h"
#include "xep-spec/xep_0030_disco.h"
#include "xep-spec/xep_0045_muc.h"

namespace hansa::disco {
namespace {

using engine::ServiceTurn;
using engine::Target;

// Pages that are not asked for: XEP-0045 §6.3 allows a part of a long list.
constexpr std::uint64_t kPageRooms = 100;

void info(const engine::Router& router, const CommandList& commands,
          const xep_0157::Contacts* contacts, ServiceTurn& turn, const xmpp::Stanza& request) {
  if (command_info(turn, request, commands)) return;
  xep_0030::Info answer;
  answer.identities.push_back({"conference", "text", "Rooms"});
  const std::set<std::string>& features = router.features(Target::rooms_service);
  answer.features.assign(features.begin(), features.end());
  if (contacts != nullptr && !contacts->empty()) {
    answer.forms.push_back(xep_0157::write_form(*contacts));
  }
  turn.reply(xmpp::written(answer));
}

std::optional<xep_0059::Request> page_asked(const xmpp::Stanza& request) {
  const xmpp::Element* set = request.payload()->child("set", xep_0059::kNs);
  return set == nullptr ? std::nullopt : xep_0059::parse(*set);
}

xep_0059::Page page_of(const Found& found) {
  xep_0059::Page page;
  if (!found.rooms.empty()) {
    page.first = found.rooms.front().address;
    page.last = found.rooms.back().address;
    page.index = found.before;
  }
  page.count = found.count;
  return page;
}

std::optional<Place> place_of(const std::optional<std::string>& address) {
  return address ? std::optional(Place{0, *address}) : std::nullopt;
}

void items(const CommandList& commands, ServiceTurn& turn, const xmpp::Stanza& request) {
  if (command_items(turn, request, commands)) return;
  const std::optional<xep_0059::Request> asked = page_asked(request);
  if (asked && asked->index) {
    return turn.refuse(
        Error(Condition::feature_not_implemented,
              "Pages by number are not offered here; ask for the page after a room."));
  }
  Wanted wanted;
  wanted.most = std::min(asked ? asked->max.value_or(kPageRooms) : kPageRooms, kPageRooms);
  if (asked) {
    wanted.after = place_of(asked->after);
    wanted.before = place_of(asked->before);
  }
  const Result<Found> found = find_rooms(turn, wanted);
  if (turn.waiting()) return;
  if (!found) return turn.refuse(found.error());
  xep_0030::Items answer;
  for (const ListedRoom& room : found->rooms) answer.items.push_back({room.address, "", room.name});
  if (asked || found->more) answer.page = page_of(*found);
  turn.reply(xmpp::written(answer));
}

}  // namespace

Status add_to(engine::Router& router, CommandList commands, const xep_0157::Contacts* contacts) {
  const auto row = [](std::string_view ns) {
    return engine::Row{Target::rooms_service, xmpp::StanzaKind::iq, "get", "query",
                       std::string(ns),       std::string(ns)};
  };
  router.add_feature(Target::rooms_service, std::string(xep_0045::kNs));
  router.add_feature(Target::rooms_service, std::string(xep_0059::kNs));
  const Status added =
      router.add(row(xep_0030::kNsInfo),
                 [&router, commands, contacts](ServiceTurn& turn, const xmpp::Stanza& request) {
                   info(router, commands, contacts, turn, request);
                 });
  if (!added) return added;
  return router.add(row(xep_0030::kNsItems),
                    [commands](ServiceTurn& turn, const xmpp::Stanza& request) {
                      items(commands, turn, request);
                    });
}

}  // namespace hansa::disco
