#include "app/admin_answer.h"

#include "modules/rooms/rooms.h"

namespace hansa::app {
namespace {

constexpr std::size_t kRoomsPerPage = 100;
constexpr std::size_t kBytesPerPage = 64 * 1024;
constexpr std::string_view kShow = "app:show";
constexpr std::string_view kMembers = "app:members";

std::string row(std::initializer_list<std::string_view> fields) {
  std::string out;
  for (const std::string_view field : fields) {
    if (!out.empty()) out += '\t';
    out += printable(field);
  }
  return out + '\n';
}

Error no_room(const xmpp::Jid& room) {
  return Error(Condition::item_not_found, "there is no room " + room.text() + " on this node");
}

Error not_read(const xmpp::Jid& room, const Error& why) {
  return Error(why.condition,
               "the room " + room.text() + " cannot be read: " + std::string(why.message()));
}

// --- room list: address, members, occupants, what it is, name -----------------------------------

std::string listed(const std::string& address, const rooms::Info& info) {
  std::string_view what = info.listed ? "listed" : "hidden";
  if (info.conversation) what = "conversation";
  return row(
      {address, std::to_string(info.members), std::to_string(info.occupants), what, info.name});
}

Result<AdminPage> page_of(engine::ServiceTurn& turn, const RoomList&, const AdminPlace& place) {
  const auto* addresses = turn.ask_rooms(place.after, kRoomsPerPage);
  if (addresses == nullptr) return AdminPage{};
  if (!*addresses) return addresses->error();
  AdminPage page;
  for (const auto& [address, log_id] : **addresses) {
    const Result<xmpp::Jid> room = xmpp::Jid::parse(address);
    if (!room) continue;
    const engine::Answer* answer = turn.ask({*room, std::string(rooms::kAsk), {}});
    if (answer == nullptr) continue;
    if (answer->failed) {
      page.rows += row({address, "", "", "cannot be read", answer->failed->message()});
    } else if (answer->exists) {
      page.rows += listed(address, rooms::read_info(*answer));
    }
  }
  if ((*addresses)->size() == kRoomsPerPage) {
    page.next = AdminPlace{(*addresses)->back().first, 0};
  }
  return page;
}

// --- room show: what, value ---------------------------------------------------------------------

std::string show(const engine::RoomState& state) {
  const auto& room = state.get<rooms::Room>();
  const rooms::Config& config = room.config();
  const auto yes = [](bool value) { return std::string_view(value ? "yes" : "no"); };
  constexpr std::string_view kMayAct[] = {"", "owners", "admins", "members", "chosen"};
  std::string out = row({"address", state.address().text()});
  out += row({"name", config.name});
  out += row({"description", config.description});
  out += row({"creator", room.creator().text()});
  out += row({"log", state.log_id()});
  out += row({"position", std::to_string(state.last_position())});
  out += row({"last entry", to_datetime(state.last_stamp())});
  out += row({"conversation", yes(config.conversation)});
  out += row({"listed", yes(config.listed)});
  out += row({"members only", yes(config.members_only)});
  out += row({"moderated", yes(config.moderated)});
  out += row({"real addresses shown", yes(config.nonanonymous)});
  out += row({"password", yes(!config.password.empty())});
  const rooms::Outward& outward = config.outward;
  out += row({"may act", kMayAct[static_cast<std::size_t>(outward.persons)]});
  out += row({"may act in rooms", kMayAct[static_cast<std::size_t>(outward.rooms)]});
  for (const auto& [bare, member] : room.members()) {
    out += row({"member", bare, name_of(member.affiliation), member.nick});
  }
  for (const auto& [full, session] : room.sessions()) {
    out += row({"occupant", full, name_of(session.role), session.nick});
  }
  for (const auto& [key, occupant] : room.virtuals()) {
    out += row({"occupant", key, "peer", occupant.nick});
  }
  return out;
}

// One answer of the room is the whole page.
Result<AdminPage> asked_of(engine::ServiceTurn& turn, const xmpp::Jid& room,
                           std::string_view topic) {
  const engine::Answer* answer = turn.ask({room, std::string(topic), {}});
  if (answer == nullptr) return AdminPage{};
  if (answer->failed) return not_read(room, *answer->failed);
  if (!answer->exists) return no_room(room);
  return AdminPage{answer->value, std::nullopt};
}

Result<AdminPage> page_of(engine::ServiceTurn& turn, const RoomShow& request, const AdminPlace&) {
  return asked_of(turn, request.room, kShow);
}

// --- room members list: address, affiliation, kind, reserved nick --------------------------------

std::string members(const engine::RoomState& state) {
  std::string out;
  for (const auto& [bare, member] : state.get<rooms::Room>().members()) {
    constexpr std::string_view kKinds[] = {"unknown", "person", "room", "enterprise"};
    const auto kind = static_cast<std::size_t>(member.kind);
    out += row({bare, name_of(member.affiliation), kKinds[kind < std::size(kKinds) ? kind : 0],
                member.nick});
  }
  return out;
}

Result<AdminPage> page_of(engine::ServiceTurn& turn, const MembersList& request,
                          const AdminPlace&) {
  return asked_of(turn, request.room, kMembers);
}

// --- room log -----------------------------------------------------------------------------------

storage::Position first_of(const RoomLog& log, storage::Position last) {
  const storage::Position to = std::min(log.to, last);
  if (log.most == 0 || log.most > to) return log.from;
  return std::max(log.from, to - log.most + 1);
}

Result<AdminPage> page_of(engine::ServiceTurn& turn, const RoomLog& log, const AdminPlace& place) {
  storage::Position from = place.next;
  if (from == 0) {
    const engine::Answer* answer = turn.ask({log.room, std::string(rooms::kAsk), {}});
    if (answer == nullptr) return AdminPage{};
    if (answer->failed) return not_read(log.room, *answer->failed);
    if (!answer->exists && answer->version == 0) return no_room(log.room);
    from = first_of(log, answer->version);
  }
  const Result<std::vector<engine::EntryPtr>>* entries =
      turn.ask_page(log.room, from, kBytesPerPage);
  if (entries == nullptr) return AdminPage{};
  if (!*entries) return not_read(log.room, entries->error());
  AdminPage page;
  for (const engine::EntryPtr& entry : **entries) {
    if (entry->position > log.to || (log.until && !(entry->stamp < *log.until))) return page;
    if (log.since && entry->stamp < *log.since) continue;
    page.rows += log.json ? entry_json(*entry) : entry_row(*entry);
  }
  if (!(*entries)->empty()) page.next = AdminPlace{"", (*entries)->back()->position + 1};
  return page;
}

Result<AdminPage> page_of(engine::ServiceTurn&, const RoomChange&, const AdminPlace&) {
  return AdminPage{};  // has no rows
}

}  // namespace

void pass_change(engine::ServiceTurn& turn, const RoomChange& change,
                 std::function<void(const Status&)> done) {
  const auto told = [done = std::move(done)](const Result<std::string>& answer) {
    done(answer ? Status(Done{}) : Status(answer.error()));
  };
  turn.pass(change.room, {change.topic, {}, change.params, told});
}

Result<AdminPage> admin_page(engine::ServiceTurn& turn, const AdminRequest& request,
                             const AdminPlace& place) {
  return std::visit([&](const auto& asked) { return page_of(turn, asked, place); }, request);
}

Status add_admin_rows(engine::Router& router) {
  using Tells = std::string (*)(const engine::RoomState&);
  const std::pair<std::string_view, Tells> kAnswers[] = {{kShow, &show}, {kMembers, &members}};
  for (const auto& [topic, tells] : kAnswers) {
    const Status added = router.add_answer(
        std::string(topic), [tells = tells](const engine::RoomState& state,
                                            const engine::Question&) { return tells(state); });
    if (!added) return added;
  }
  return Done{};
}

}  // namespace hansa::app
