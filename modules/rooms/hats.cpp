#include "modules/rooms/hats.h"

#include <array>
#include <set>

#include "base/limits.h"
#include "modules/rooms/news.h"
#include "modules/rooms/presence.h"
#include "xep-spec/xep_0050_commands.h"
#include "xep-spec/xep_0317_hats.h"

namespace hansa::rooms {
namespace {

namespace field = xep_0317::field;
using What = HatChange::What;

using Case = CommandCase;

const Extras& extras_of(const Case& c) { return room_of(c.turn).extras(); }

void refuse(const Case& c, Condition condition, std::string text) {
  c.turn.refuse(Error(condition, std::move(text)));
}

// Everybody who wears one of them is shown anew.
void show_wearers(const Case& c, const std::set<std::string>& bares) {
  std::set<std::string> nicks;
  for (const auto& [full, session] : room_of(c.turn).sessions()) {
    if (bares.contains(std::string(session.jid.bare_text()))) nicks.insert(session.nick);
  }
  for (const std::string& nick : nicks) show_occupant(c.context, c.turn, nick);
}

std::set<std::string> wearers_of(const Extras& extras, const std::string& uri) {
  std::set<std::string> bares;
  for (const auto& [bare, uris] : extras.worn()) {
    if (uris.contains(uri)) bares.insert(bare);
  }
  return bares;
}

void append_change(const Case& c, const HatChange& change) {
  c.turn.append(engine::EntryKind::hats, write_hat_change(change));
}

// --- the commands --------------------------------------------------------------------------------

void create(const Case& c) {
  if (!c.request.form) return ask_form(c, xep_0317::create_form());
  const Hat hat{c.value(field::kUri), c.value(field::kTitle), c.value(field::kHue)};
  if (hat.uri.empty() || hat.title.empty()) {
    return refuse(c, Condition::bad_request, "A hat has a title and a URI.");
  }
  if (hat.uri.size() > limits::kHatBytes || hat.title.size() > limits::kHatBytes ||
      !xep_0317::is_hue(hat.hue)) {
    return refuse(c, Condition::not_acceptable, "That title or URI is too long, or that hue none.");
  }
  if (!extras_of(c).hats().contains(hat.uri) && extras_of(c).hats().size() >= limits::kHats) {
    return refuse(c, Condition::not_allowed,
                  "A room has at most " + std::to_string(limits::kHats) + " hats.");
  }
  append_change(c, {What::made, hat, {}});
  finish(c);
  tell_changed(c.turn);
  show_wearers(c, wearers_of(extras_of(c), hat.uri));
}

// The hat that the form names; nothing: there is no form yet (it was sent), or no such hat.
std::optional<std::string> named_hat(const Case& c, bool with_person) {
  if (!c.request.form) {
    ask_form(c, xep_0317::choice_form(extras_of(c).hats(), with_person));
    return std::nullopt;
  }
  std::string uri = c.value(field::kUri);
  if (uri.empty()) uri = c.value(field::kHat);
  if (extras_of(c).hats().contains(uri)) return uri;
  refuse(c, Condition::item_not_found, "There is no such hat here.");
  return std::nullopt;
}

void destroy(const Case& c) {
  const auto uri = named_hat(c, false);
  if (!uri) return;
  const std::set<std::string> bares = wearers_of(extras_of(c), *uri);
  append_change(c, {What::destroyed, {*uri, {}, {}}, {}});
  finish(c);
  tell_changed(c.turn);
  show_wearers(c, bares);
}

void give(const Case& c, bool taken) {
  const auto uri = named_hat(c, true);
  if (!uri) return;
  const Result<xmpp::Jid> who = xmpp::Jid::parse(c.value(field::kJid));
  if (!who || who->local().empty()) {
    return refuse(c, Condition::jid_malformed, "A hat is worn by a person: user@domain.");
  }
  const std::string bare(who->bare_text());
  const bool worn = wearers_of(extras_of(c), *uri).contains(bare);
  if (taken && !worn) return refuse(c, Condition::item_not_found, "He does not wear it.");
  if (!taken && !worn) {
    const auto wearing = extras_of(c).worn().find(bare);
    const bool new_one = wearing == extras_of(c).worn().end();
    if ((new_one && extras_of(c).worn().size() >= limits::kHatWearers) ||
        (!new_one && wearing->second.size() >= limits::kHatsWorn)) {
      return refuse(c, Condition::not_allowed, "That is too many hats.");
    }
  }
  if (taken || !worn) {
    append_change(c, {taken ? What::taken : What::given, {*uri, {}, {}}, bare});
  }
  finish(c);
  show_wearers(c, {bare});
}

void assign(const Case& c) { give(c, false); }
void unassign(const Case& c) { give(c, true); }

void list(const Case& c) { finish(c, xep_0317::list_form(extras_of(c).hats())); }

void list_assigned(const Case& c) {
  std::vector<std::pair<std::string, Hat>> worn;
  for (const auto& [bare, uris] : extras_of(c).worn()) {
    for (Hat& hat : extras_of(c).hats_of(bare)) worn.emplace_back(bare, std::move(hat));
  }
  finish(c, xep_0317::assigned_form(worn));
}

constexpr std::array<RoomCommand, 6> kCommands{{
    {xep_0317::kCreate, "Make a hat", &create, For::admins},
    {xep_0317::kDestroy, "Do away with a hat", &destroy, For::admins},
    {xep_0317::kAssign, "Give somebody a hat", &assign, For::admins},
    {xep_0317::kUnassign, "Take somebody's hat", &unassign, For::admins},
    {xep_0317::kList, "List the hats", &list, For::members},
    {xep_0317::kListAssigned, "List who wears a hat", &list_assigned, For::admins},  // addresses
}};

}  // namespace

std::span<const RoomCommand> hat_commands() { return kCommands; }

std::string hats_of(const Room& room, const xmpp::Jid& who) {
  std::string out;
  const std::vector<Hat> hats = room.extras().hats_of(who.bare_text());
  if (hats.empty()) return out;
  xmpp::Writer writer(out);
  xep_0317::write(writer, hats);
  return out;
}

}  // namespace hansa::rooms
