#include "modules/rooms/list_versions.h"

#include <algorithm>
#include <charconv>

#include "base/limits.h"
#include "engine/letters.h"
#include "modules/rooms/notes.h"
#include "xep-spec/xep_0045_muc.h"
#include "xep-spec/xep_0463_affiliation_versions.h"

namespace hansa::rooms {
namespace {

using engine::Position;
using xep_0045::Item;

// Of the log's id: so that a room that was made anew does not know the old one's versions.
constexpr std::size_t kLogCharacters = 10;
constexpr std::size_t kIdLength = 26;

std::string version_of(const engine::RoomState& room, Position position) {
  return room.log_id().substr(0, kLogCharacters) + "." + std::to_string(position);
}

// Nothing: it is none of this room's.
std::optional<Position> position_of(const engine::RoomState& room, std::string_view version) {
  const std::string prefix = room.log_id().substr(0, kLogCharacters) + ".";
  if (!version.starts_with(prefix)) return std::nullopt;
  const std::string_view digits = version.substr(prefix.size());
  Position position = 0;
  const auto [end, failed] =
      std::from_chars(digits.data(), digits.data() + digits.size(), position);
  const bool known = failed == std::errc() && end == digits.data() + digits.size() &&
                     position <= room.get<Room>().extras().list_version();
  return known ? std::optional(position) : std::nullopt;
}

enum class Sight : std::uint8_t { nothing, members, all };  // `all`: the banned, too

Sight sight_of(const Room& room, const Session& who) {
  const Affiliation affiliation = room.affiliation(who);
  if (affiliation >= Affiliation::admin) return Sight::all;
  const Config& config = room.config();
  const bool open = (config.nonanonymous && affiliation >= Affiliation::member) ||
                    config.member_list.has(who.role);
  return open && !config.conversation ? Sight::members : Sight::nothing;
}

struct Changed {
  Position position;
  Item item;
};

Changed changed(std::string_view bare, Affiliation affiliation, Position position) {
  Changed out;
  out.position = position;
  out.item.jid = bare;
  out.item.affiliation = name_of(affiliation);
  return out;
}

// What changed after `since` (0: all there is), in that order.
std::vector<Changed> changes_since(const Room& room, Position since, Sight sight) {
  std::vector<Changed> all;
  for (const auto& [bare, member] : room.members()) {
    if (member.changed <= since && since != 0) continue;
    const bool hidden = member.affiliation == Affiliation::outcast && sight != Sight::all;
    if (hidden && since == 0) continue;
    all.push_back(changed(bare, hidden ? Affiliation::none : member.affiliation, member.changed));
  }
  if (since != 0) {
    for (const auto& [bare, position] : room.extras().removed()) {
      if (position > since) all.push_back(changed(bare, Affiliation::none, position));
    }
  }
  std::sort(all.begin(), all.end(),
            [](const Changed& a, const Changed& b) { return a.position < b.position; });
  return all;
}

void send_part(engine::RoomTurn& turn, const xmpp::Jid& to, const xep_0463::Versions& versions,
               const std::vector<Item>& items) {
  const std::string id = random_token(turn.random(), kIdLength);
  std::string content;
  xmpp::Writer writer(content);
  writer.open("x", xep_0045::kNsUser);
  xep_0463::write(writer, versions);
  for (const Item& item : items) {
    writer.open("item").attr("jid", item.jid).attr("affiliation", item.affiliation).close();
  }
  writer.close();
  std::string stanza;
  xmpp::write_stanza(stanza,
                     {.kind = xmpp::StanzaKind::message,
                      .type = {},
                      .from = turn.room().address().text(),
                      .to = to.text(),
                      .id = id,
                      .lang = {}},
                     content);
  turn.send(std::move(stanza));
}

// The parts follow each other: each begins with the version at which the one before it ended. What
// is sent is ordered by the last change, so that each such version is one to go on from.
void send_parts(engine::RoomTurn& turn, const xmpp::Jid& to, std::string since,
                const std::vector<Changed>& all) {
  const engine::RoomState& room = turn.room();
  std::size_t sent = 0;
  do {
    std::vector<Item> items;
    while (sent < all.size() && items.size() < limits::kListPart) {
      items.push_back(all[sent++].item);
    }
    const Position until =
        sent < all.size() ? all[sent - 1].position : room_of(turn).extras().list_version();
    std::string text = version_of(room, until);
    send_part(turn, to, {std::move(since), text}, items);
    since = std::move(text);
  } while (sent < all.size());
}

void refuse(engine::RoomTurn& turn, const xmpp::Jid& to) {
  std::string content;
  xmpp::Writer writer(content);
  xmpp::write_error(writer, Error(Condition::forbidden, "The member list is not yours to see."));
  std::string stanza;
  xmpp::write_stanza(stanza,
                     {.kind = xmpp::StanzaKind::message,
                      .type = "error",
                      .from = turn.room().address().text(),
                      .to = to.text(),
                      .id = random_token(turn.random(), kIdLength),
                      .lang = {}},
                     content);
  turn.send(std::move(stanza));
}

}  // namespace

void note_change(engine::RoomTurn& turn, const xmpp::Jid& who, Affiliation after, Position before) {
  const Extras& extras = room_of(turn).extras();
  if (!extras.is_tracked()) turn.note(std::string(kListNote), engine::number_text(before));
  if (after != Affiliation::none) {
    if (!extras.removed().contains(who.text())) return;
    return turn.note(note_key(kLeftNote, who.text()), std::nullopt);
  }
  turn.note(note_key(kLeftNote, who.text()), engine::number_text(extras.list_version()));
  if (extras.removed().size() <= limits::kRemovedMembers) return;
  const auto oldest =
      std::min_element(extras.removed().begin(), extras.removed().end(),
                       [](const auto& a, const auto& b) { return a.second < b.second; });
  turn.note(std::string(kListNote), engine::number_text(oldest->second));
  turn.note(note_key(kLeftNote, std::string(oldest->first)), std::nullopt);
}

std::string present_version(const engine::RoomState& room) {
  return xmpp::written(
      xep_0463::Versions{{}, version_of(room, room.get<Room>().extras().list_version())});
}

std::string change_versions(const engine::RoomState& room, const MemberChange& change) {
  return xmpp::written(
      xep_0463::Versions{version_of(room, change.since), version_of(room, change.until)});
}

void send_list(engine::RoomTurn& turn, const Session& to, const std::string& since) {
  const Room& room = room_of(turn);
  const Sight sight = sight_of(room, to);
  if (sight == Sight::nothing) return refuse(turn, to.jid);
  const auto known = position_of(turn.room(), since);
  if (!known || *known < room.extras().forgotten()) {
    return send_parts(turn, to.jid, {}, changes_since(room, 0, sight));
  }
  if (*known == room.extras().list_version()) return;  // §4.2: the presence says so
  // What happened before he belonged is not for him (§8).
  const auto member = room.members().find(to.jid.bare_text());
  if (member != room.members().end() && *known < member->second.since) {
    return refuse(turn, to.jid);
  }
  send_parts(turn, to.jid, since, changes_since(room, *known, sight));
}

void tell_change(engine::RoomTurn& turn, const MemberChange& change,
                 const std::set<std::string>& saw) {
  const Room& room = room_of(turn);
  const Affiliation to = change.member.affiliation;
  const xep_0463::Versions versions{version_of(turn.room(), change.since),
                                    version_of(turn.room(), change.until)};
  for (const auto& [full, session] : room.sessions()) {
    const Sight sight = sight_of(room, session);
    if (sight == Sight::nothing || !session.versions || saw.contains(full)) continue;
    const bool hidden = to == Affiliation::outcast && sight != Sight::all;
    if (hidden && change.before < Affiliation::member) continue;
    const Changed shown = changed(change.who.text(), hidden ? Affiliation::none : to, 0);
    send_part(turn, session.jid, versions, {shown.item});
  }
}

}  // namespace hansa::rooms
