#include "modules/rooms/create.h"

#include <algorithm>
#include <cassert>

#include "modules/rooms/affiliations.h"
#include "modules/rooms/entries.h"
#include "modules/rooms/notes.h"

namespace hansa::rooms {
namespace {

constexpr std::string_view kAskPrefix = "ask-";
constexpr std::size_t kTokenSize = 16;

bool is_base32(char c) { return (c >= 'a' && c <= 'z') || (c >= '2' && c <= '7'); }

}  // namespace

void create_room(const Context& context, engine::RoomTurn& turn, const xmpp::Jid& owner,
                 const Config& config, const std::map<std::string, Member>& members) {
  assert(!turn.room().exists());
  turn.append(engine::EntryKind::created, write_created(owner, config));
  if (owner.empty()) turn.note(std::string(kSettingsNote), write_settings(config).bytes);
  Member first;
  first.affiliation = Affiliation::owner;
  if (owner.domain() == context.settings.rooms) first.kind = MemberKind::room;
  if (!owner.empty()) append_member(turn, owner.bare(), first);
  for (const auto& [bare, member] : members) {
    const xmpp::Jid jid = read_jid(bare);
    if (!jid.empty() && jid != owner.bare()) append_member(turn, jid, member);
  }
  keep_listing(turn);
}

bool is_reserved_name(std::string_view local) {
  return local.find('%') != std::string_view::npos || is_question_name(local);
}

bool is_question_name(std::string_view local) {
  if (!local.starts_with(kAskPrefix) || local.size() != kAskPrefix.size() + kTokenSize)
    return false;
  return std::all_of(local.begin() + kAskPrefix.size(), local.end(), is_base32);
}

Error reserved_name() {
  return Error(Condition::not_allowed, "Rooms with such a name cannot be created.");
}

std::optional<Error> may_not_create(const Context& context, const xmpp::Jid& who,
                                    std::string_view local) {
  if (is_reserved_name(local)) return reserved_name();
  switch (context.settings.create) {
    case Settings::Create::anyone: return std::nullopt;
    case Settings::Create::enterprise:
      if (context.is_enterprise(who) || context.is_admin(who)) return std::nullopt;
      return Error(Condition::not_allowed,
                   "There is no such room, and only users of this enterprise may create rooms.");
    case Settings::Create::admins:
      if (context.is_admin(who)) return std::nullopt;
      return Error(Condition::not_allowed,
                   "There is no such room, and only administrators of this service may create "
                   "rooms.");
  }
  return std::nullopt;
}

}  // namespace hansa::rooms
