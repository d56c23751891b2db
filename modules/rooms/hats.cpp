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

struct Case {
  const Context& context;
  engine::RoomTurn& turn;
  const xmpp::Stanza& iq;
  const xep_0050::Request& request;
  [[nodiscard]] const Extras& extras() const { return room_of(turn).extras(); }
  [[nodiscard]] std::string value(std::string_view var) const {
    return request.form ? std::string(request.form->value(var).value_or("")) : std::string();
  }
};

void answer(const Case& c, std::optional<xep_0004::Form> form, bool done) {
  xep_0050::Response response;
  response.node = c.request.node;
  response.session_id = c.request.session_id.empty() ? "1" : c.request.session_id;
  response.status = done ? xep_0050::Status::completed : xep_0050::Status::executing;
  if (!done) {
    response.actions = {xep_0050::Action::complete};
    response.execute = xep_0050::Action::complete;
  }
  response.form = std::move(form);
  c.turn.reply(xmpp::written(response));
}

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
  if (!c.request.form) return answer(c, xep_0317::create_form(), false);
  const Hat hat{c.value(field::kUri), c.value(field::kTitle), c.value(field::kHue)};
  if (hat.uri.empty() || hat.title.empty()) {
    return refuse(c, Condition::bad_request, "A hat has a title and a URI.");
  }
  if (hat.uri.size() > limits::kHatBytes || hat.title.size() > limits::kHatBytes ||
      !xep_0317::is_hue(hat.hue)) {
    return refuse(c, Condition::not_acceptable, "That title or URI is too long, or that hue none.");
  }
  if (!c.extras().hats().contains(hat.uri) && c.extras().hats().size() >= limits::kHats) {
    return refuse(c, Condition::not_allowed,
                  "A room has at most " + std::to_string(limits::kHats) + " hats.");
  }
  append_change(c, {What::made, hat, {}});
  answer(c, std::nullopt, true);
  tell_changed(c.turn);
  show_wearers(c, wearers_of(c.extras(), hat.uri));
}

// The hat that the form names; nothing: there is no form yet (it was sent), or no such hat.
std::optional<std::string> named_hat(const Case& c, bool with_person) {
  if (!c.request.form) {
    answer(c, xep_0317::choice_form(c.extras().hats(), with_person), false);
    return std::nullopt;
  }
  std::string uri = c.value(field::kUri);
  if (uri.empty()) uri = c.value(field::kHat);
  if (c.extras().hats().contains(uri)) return uri;
  refuse(c, Condition::item_not_found, "There is no such hat here.");
  return std::nullopt;
}

void destroy(const Case& c) {
  const auto uri = named_hat(c, false);
  if (!uri) return;
  const std::set<std::string> bares = wearers_of(c.extras(), *uri);
  append_change(c, {What::destroyed, {*uri, {}, {}}, {}});
  answer(c, std::nullopt, true);
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
  const bool worn = wearers_of(c.extras(), *uri).contains(bare);
  if (taken && !worn) return refuse(c, Condition::item_not_found, "He does not wear it.");
  if (!taken && !worn) {
    const auto wearing = c.extras().worn().find(bare);
    const bool new_one = wearing == c.extras().worn().end();
    if ((new_one && c.extras().worn().size() >= limits::kHatWearers) ||
        (!new_one && wearing->second.size() >= limits::kHatsWorn)) {
      return refuse(c, Condition::not_allowed, "That is too many hats.");
    }
  }
  if (taken || !worn) {
    append_change(c, {taken ? What::taken : What::given, {*uri, {}, {}}, bare});
  }
  answer(c, std::nullopt, true);
  show_wearers(c, {bare});
}

void assign(const Case& c) { give(c, false); }
void unassign(const Case& c) { give(c, true); }

void list(const Case& c) { answer(c, xep_0317::list_form(c.extras().hats()), true); }

void list_assigned(const Case& c) {
  std::vector<std::pair<std::string, Hat>> worn;
  for (const auto& [bare, uris] : c.extras().worn()) {
    for (Hat& hat : c.extras().hats_of(bare)) worn.emplace_back(bare, std::move(hat));
  }
  answer(c, xep_0317::assigned_form(worn), true);
}

struct HatCommand {
  std::string_view node;
  std::string_view name;
  void (*run)(const Case&);
  bool for_admins;
};
constexpr std::array<HatCommand, 6> kCommands{{
    {xep_0317::kCreate, "Make a hat", &create, true},
    {xep_0317::kDestroy, "Do away with a hat", &destroy, true},
    {xep_0317::kAssign, "Give somebody a hat", &assign, true},
    {xep_0317::kUnassign, "Take somebody's hat", &unassign, true},
    {xep_0317::kList, "List the hats", &list, false},
    {xep_0317::kListAssigned, "List who wears a hat", &list_assigned, true},  // real addresses
}};

bool may_use(const Context& context, const Room& room, const xmpp::Jid& who,
             const HatCommand& command) {
  const Affiliation affiliation = room.affiliation(who);
  if (affiliation >= Affiliation::admin || context.is_admin(who)) return true;
  const bool belongs = room.present(who) || affiliation >= Affiliation::member;
  return !command.for_admins && belongs;
}

}  // namespace

void on_room_command(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& iq) {
  if (!turn.room().exists() || room_of(turn).config().conversation) {
    return turn.refuse(Error(Condition::item_not_found));
  }
  const auto parsed = xep_0050::parse_request(*iq.payload());
  if (!parsed) return turn.refuse(Error(Condition::bad_request, "A command has a node."));
  if (parsed->error) {
    return turn.refuse(*parsed->error, {}, xep_0050::condition("malformed-action"));
  }
  const Case c{context, turn, iq, parsed->request};
  for (const HatCommand& command : kCommands) {
    if (command.node != c.request.node) continue;
    if (!may_use(context, room_of(turn), iq.from, command)) {
      return turn.refuse(
          Error(Condition::forbidden, "Only admins and owners may do that with hats."));
    }
    if (c.request.action == xep_0050::Action::prev) {
      return turn.refuse(Error(Condition::bad_request, "There is no stage before this one."), {},
                         xep_0050::condition("bad-action"));
    }
    if (c.request.action != xep_0050::Action::cancel) return command.run(c);
    return turn.reply(xmpp::written(xep_0050::canceled(c.request)));
  }
  turn.refuse(Error(Condition::item_not_found, "There is no such command."));
}

std::vector<std::pair<std::string_view, std::string_view>> room_commands(const Context& context,
                                                                         const Room& room,
                                                                         const xmpp::Jid& who) {
  std::vector<std::pair<std::string_view, std::string_view>> out;
  for (const HatCommand& command : kCommands) {
    if (may_use(context, room, who, command)) out.emplace_back(command.node, command.name);
  }
  return out;
}

std::string hats_of(const Room& room, const xmpp::Jid& who) {
  std::string out;
  const std::vector<Hat> hats = room.extras().hats_of(who.bare_text());
  if (hats.empty()) return out;
  xmpp::Writer writer(out);
  xep_0317::write(writer, hats);
  return out;
}

}  // namespace hansa::rooms
