#include "modules/act-as/revocations.h"

#include <set>

#include "base/limits.h"
#include "modules/act-as/acting.h"
#include "modules/act-as/conversation.h"

namespace hansa::act_as {
namespace {

// Letters of one batch. A timer whose name goes on, after that character, with a conversation's
// address tells those after it: in no bare JID is there such a character.
constexpr std::size_t kToldAtOnce = limits::kBatchEntries / 4;
constexpr char kAfter = ' ';

// When the next of his rights ends by itself; nothing: none does.
std::optional<WallTime> next_end(const engine::RoomTurn& turn, std::string_view bare) {
  std::optional<WallTime> next;
  for (const Grant& grant : turn.room().get<Acting>().grants_of(bare)) {
    if (grant.until.ms == 0 || !grant.holds(turn.now())) continue;
    if (!next || grant.until < *next) next = grant.until;
  }
  return next;
}

// Whoever has that affiliation, or more, has the right whatever else was given.
rooms::Affiliation least(rooms::MayAct who) {
  switch (who) {
    case rooms::MayAct::owners:
    case rooms::MayAct::chosen: return rooms::Affiliation::owner;
    case rooms::MayAct::admins: return rooms::Affiliation::admin;
    case rooms::MayAct::members: return rooms::Affiliation::member;
  }
  return rooms::Affiliation::owner;
}

// What has ended by its time is kept no longer.
void take_ended(engine::RoomTurn& turn, std::string_view bare) {
  for (Grant grant : turn.state<Acting>().grants_of(bare)) {
    if (!grant.holds(turn.now())) Revocations::take(turn, std::move(grant));
  }
}

// Rights that were given to one who is no member any more are gone with that: they do not come back
// when he does.
void take_all(engine::RoomTurn& turn, const xmpp::Jid& bare) {
  for (Grant grant : turn.state<Acting>().grants_of(bare.text())) {
    Revocations::take(turn, std::move(grant));
  }
}

}  // namespace

void Revocations::add_to(rooms::Hooks& hooks) {
  // The conversations stand in the index, which a hook cannot read: a timer that is due can.
  hooks.member_changed.emplace_back([](engine::RoomTurn& turn, const xmpp::Jid& bare) {
    const rooms::Room& room = turn.state<rooms::Room>();
    if (room.config().conversation) return;
    const rooms::Affiliation now = room.affiliation(bare);
    if (now < rooms::Affiliation::member) take_all(turn, bare);
    const rooms::Outward& outward = room.config().outward;
    if (now >= least(outward.persons) && now >= least(outward.rooms)) return;
    turn.timer(std::string(kRevokedTimer) + bare.text(), turn.now());
  });
  hooks.configured.emplace_back([](engine::RoomTurn& turn, const rooms::Config& before) {
    const rooms::Config& now = turn.state<rooms::Room>().config();
    const bool same =
        now.outward.persons == before.outward.persons && now.outward.rooms == before.outward.rooms;
    if (!same) turn.timer(std::string(kRevokedTimer), turn.now());
  });
}

void Revocations::take(engine::RoomTurn& turn, Grant grant, const xmpp::Jid& actor) {
  grant.given = false;
  grant.actor = actor;
  turn.append(engine::EntryKind::right, {}, write_local(grant));
}

void Revocations::changed(engine::RoomTurn& turn, std::string_view bare) {
  turn.timer(std::string(kRevokedTimer) + std::string(bare), turn.now());
}

void Revocations::on_timer(engine::RoomTurn& turn, std::string_view name) const {
  const std::string_view bare = name.substr(0, name.find(kAfter));
  auto [from, to] = conversation_range(turn.room().address());
  const std::size_t address = from.size();
  if (bare.size() < name.size()) from.append(name.substr(bare.size() + 1)).push_back('\0');
  const auto* const rows = turn.ask_index(from, to, kToldAtOnce);
  if (rows == nullptr || !*rows) return;
  for (const auto& [key, affiliation] : **rows) {
    const auto conversation = xmpp::Jid::parse(std::string_view(key).substr(address));
    if (conversation) turn.letter(*conversation, std::string(kRightLetter), std::string(bare));
  }
  if ((*rows)->size() == kToldAtOnce) {
    const std::string& last = (*rows)->back().first;
    return turn.timer(std::string(kRevokedTimer).append(bare) + kAfter + last.substr(address),
                      turn.now());
  }
  take_ended(turn, bare);
  if (const auto next = next_end(turn, bare)) {
    turn.timer(std::string(kRevokedTimer) + std::string(bare), *next);
  }
}

void Revocations::on_letter(engine::RoomTurn& turn, const engine::Letter& letter) const {
  const Conversation& talk = turn.state<Conversation>();
  if (!talk.opened() || letter.from != talk.about().acting) return;
  std::set<xmpp::Jid> concerned;
  for (const auto& [full, session] : turn.state<rooms::Room>().sessions()) {
    if (letter.bytes.empty() || session.jid.bare_text() == letter.bytes) {
      concerned.insert(session.jid.bare());
    }
  }
  std::vector<std::pair<xmpp::Jid, Right>> judged;
  for (const xmpp::Jid& bare : concerned) {
    const auto right = parts_.rights.ask(turn, talk.about().acting, bare, talk.towards());
    // Not readable now: every act asks anyway.
    if (right && *right) judged.emplace_back(bare, **right);
  }
  if (turn.waiting()) return;
  for (const auto& [bare, right] : judged) {
    const rooms::Role role = right.may_act    ? rooms::Role::participant
                             : right.may_read ? rooms::Role::visitor
                                              : rooms::Role::none;
    const auto affiliation =
        role == rooms::Role::none ? rooms::Affiliation::none : rooms::Affiliation::member;
    parts_.rooms.set_right(turn, bare, role, affiliation);
  }
}

}  // namespace hansa::act_as
