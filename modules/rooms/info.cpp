#include "modules/rooms/info.h"

#include "engine/fields.h"
#include "modules/rooms/entries.h"
#include "modules/rooms/rights.h"

namespace hansa::rooms {
namespace {

// Config travels as in an entry, its password left out; tags of our own begin past its.
constexpr std::uint32_t kConfig = 101;
constexpr std::uint32_t kCreator = 102;
constexpr std::uint32_t kAffiliation = 103;
constexpr std::uint32_t kPassword = 104;
constexpr std::uint32_t kMembers = 106;
constexpr std::uint32_t kOccupants = 107;

std::size_t count_members(const Room& room) {
  std::size_t count = 0;
  for (const auto& [bare, member] : room.members()) {
    if (member.affiliation >= Affiliation::member) ++count;
  }
  return count;
}

}  // namespace

std::string answer_info(const engine::RoomState& state, const xmpp::Jid& actor) {
  const Room& room = state.get<Room>();
  Config config = room.config();
  const bool password = !config.password.empty();
  config.password.clear();
  const Affiliation affiliation = room.affiliation(actor);
  engine::FieldWriter out;
  out.put(kConfig, std::string_view(write_settings(config).bytes));
  out.put_if(kCreator, room.creator().text());
  out.put(kAffiliation, static_cast<std::uint64_t>(affiliation));
  out.put(kPassword, std::uint64_t{password ? 1U : 0U});
  out.put(kMembers, static_cast<std::uint64_t>(count_members(room)));
  out.put(kOccupants, static_cast<std::uint64_t>(room.occupants()));
  return out.take();
}

Info read_info(const engine::Answer& answer) {
  const engine::FieldReader in(answer.value);
  const Config config = read_config(in.text(kConfig));
  Info info;
  info.name = config.name;
  info.description = config.description;
  info.lang = config.lang;
  info.creator = read_jid(in.text(kCreator));
  info.affiliation = static_cast<Affiliation>(
      in.number(kAffiliation, static_cast<std::uint64_t>(Affiliation::none)));
  info.listed = answer.exists && config.listed && !config.conversation && !config.locked;
  info.members_only = config.members_only;
  info.moderated = config.moderated;
  info.nonanonymous = config.nonanonymous;
  info.password = in.number(kPassword) != 0;
  info.persistent = config.persistent;
  info.conversation = config.conversation;
  info.outward = config.outward;
  info.members = in.number(kMembers);
  info.occupants = in.number(kOccupants);
  return info;
}

std::string member_key(const xmpp::Jid& bare, const xmpp::Jid& room) {
  std::string key = "member/";
  key += bare.bare_text();
  key += '/';
  key += room.bare_text();
  return key;
}

std::pair<std::string, std::string> member_range(const xmpp::Jid& bare) {
  std::string from = "member/";
  from += bare.bare_text();
  std::string to = from;
  return {std::move(from += '/'), std::move(to += static_cast<char>('/' + 1))};
}

}  // namespace hansa::rooms
