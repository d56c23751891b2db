// The state of a room: fold of its entries and notes, and its records (engine/facet.h).

#include <algorithm>

#include "engine/fields.h"
#include "modules/rooms/applications.h"
#include "modules/rooms/entries.h"
#include "modules/rooms/notes.h"
#include "modules/rooms/recent.h"
#include "modules/rooms/rooms.h"

namespace hansa::rooms {
namespace {

// Records: the settings, the subject's entry, each member.
constexpr std::string_view kConfigRecord = "room/config";
constexpr std::string_view kSubjectRecord = "room/subject";
constexpr std::string_view kMemberRecord = "m/";

constexpr std::uint32_t kSubjectPosition = 1;
constexpr std::uint32_t kSubjectHeader = 2;
constexpr std::uint32_t kSubjectPayload = 3;

std::string write_subject(const engine::Entry& entry) {
  const storage::Entry stored = engine::to_storage(entry);
  engine::FieldWriter out;
  out.put(kSubjectPosition, stored.position);
  out.put(kSubjectHeader, std::string_view(stored.header));
  out.put(kSubjectPayload, std::string_view(stored.payload));
  return out.take();
}

engine::EntryPtr read_subject(std::string_view bytes) {
  const engine::FieldReader in(bytes);
  storage::Entry stored;
  stored.position = in.number(kSubjectPosition);
  stored.header = in.text(kSubjectHeader);
  stored.payload = in.text(kSubjectPayload);
  Result<engine::Entry> entry = engine::from_storage(stored);
  if (!entry) return nullptr;
  return std::make_shared<const engine::Entry>(std::move(entry).value());
}

Config conversation_config() {
  Config config;
  config.listed = false;
  config.members_only = true;
  config.change_subject = false;
  config.allow_invites = false;
  config.conversation = true;
  return config;
}

}  // namespace

Room::Room() = default;
Room::~Room() = default;

std::unique_ptr<engine::Facet> make_room_facet() { return std::make_unique<Room>(); }

Affiliation Room::affiliation(const xmpp::Jid& who) const {
  const auto found = members_.find(who.bare_text());
  if (found != members_.end()) return found->second.affiliation;
  // A whole domain may be banned (§9.2), except for those who have an affiliation of their own.
  const bool banned = members_.contains(who.domain()) && !who.local().empty();
  return banned ? Affiliation::outcast : Affiliation::none;
}

Affiliation Room::affiliation(const Session& session) const {
  const Affiliation listed = affiliation(session.jid);
  return listed == Affiliation::none ? session.granted : listed;
}

const Session* Room::session(const xmpp::Jid& full) const {
  const auto found = sessions_->find(full.text());
  return found == sessions_->end() ? nullptr : &found->second;
}

std::vector<const Session*> Room::occupant(std::string_view nick) const {
  std::vector<const Session*> found;
  const auto [first, last] = by_nick_->equal_range(nick);
  for (auto place = first; place != last; ++place) found.push_back(place->second);
  return found;
}

std::string_view Room::reserved_by(std::string_view nick) const {
  const auto found = reserved_->find(nick);
  return found == reserved_->end() ? std::string_view() : std::string_view(found->second);
}

bool Room::present(const xmpp::Jid& bare) const {
  const std::string prefix = std::string(bare.bare_text()) + "/";
  const auto found = sessions_->lower_bound(prefix);
  return found != sessions_->end() && found->first.starts_with(prefix);
}

std::optional<engine::Position> Room::cursor(const xmpp::Jid& bare) const {
  const auto found = cursors_->find(bare.bare_text());
  if (found == cursors_->end()) return std::nullopt;
  return found->second;
}

void Room::clear() {
  for (const auto& [bare, member] : members_) dirty_.use().insert(note_key(kMemberRecord, bare));
  dirty_.use().emplace(kConfigRecord);
  dirty_.use().emplace(kSubjectRecord);
  config_ = {};
  has_config_ = false;
  creator_ = {};
  rooms_.clear();
  members_.clear();
  reserved_.clear();
  subject_ = nullptr;
  extras_.clear();
}

Recent& Room::recent() {
  if (recent_ == nullptr) recent_ = std::make_unique<Recent>();
  return *recent_;
}

const Recent& Room::recent() const {
  static const Recent kNone;
  return recent_ == nullptr ? kNone : *recent_;
}

void Room::erase_member(std::string_view bare) {
  const auto known = members_.find(bare);
  if (known == members_.end()) return;
  const auto reserved = reserved_->find(known->second.nick);
  if (reserved != reserved_->end() && reserved->second == bare) reserved_.use().erase(reserved);
  if (known->second.kind == MemberKind::room) rooms_.use().erase(std::string(bare));
  members_.erase(bare);
}

void Room::set_member(std::string_view bare, const Member& member) {
  erase_member(bare);
  members_.set(bare, member);
  if (!member.nick.empty()) reserved_.use().emplace(member.nick, bare);
  if (member.kind == MemberKind::room && member.affiliation >= Affiliation::member) {
    rooms_.use().emplace(bare);
  }
}

void Room::list_session(const Session& session, bool listed) {
  if (session.jid.empty()) return;
  if (listed) {
    if (!by_nick_->contains(session.nick)) ++nicks_;
    by_nick_.use().emplace(session.nick, &session);
    if (session.role == Role::moderator) moderators_.use().insert(&session);
  } else {
    const auto [first, last] = by_nick_->equal_range(session.nick);
    const auto place =
        std::find_if(first, last, [&](const auto& each) { return each.second == &session; });
    if (place != last) by_nick_.use().erase(place);
    if (!by_nick_->contains(session.nick)) --nicks_;
    if (moderators_.held()) moderators_.use().erase(&session);
  }
  if (session.lagging) listed ? ++lagging_ : --lagging_;
  if (session.apart) listed ? ++apart_ : --apart_;
}

void Room::apply_session(std::string_view full, const std::optional<std::string>& value) {
  const auto known = sessions_->find(std::string(full));
  if (known != sessions_->end()) list_session(known->second, false);
  if (!value) {
    if (known != sessions_->end()) sessions_.use().erase(known);
    return;
  }
  Session& session = sessions_.use()[std::string(full)];
  session.jid = read_jid(full);
  read_session(*value, session);
  list_session(session, true);
}

void Room::apply_member(const engine::Entry& entry) {
  auto [bare, change] = read_member(entry.shared.bytes);
  dirty_.use().insert(note_key(kMemberRecord, bare));
  if (change.affiliation == Affiliation::none) {
    erase_member(bare);
    extras_.seen_change(entry.position);
    return;
  }
  const auto before = members_.find(bare);
  const engine::Position since = before == members_.end() ? 0 : before->second.since;
  change.changed = entry.position;
  change.since = 0;
  if (change.affiliation >= Affiliation::member) change.since = since != 0 ? since : entry.position;
  set_member(bare, change);
  extras_.seen_change(entry.position);
}

void Room::apply(const engine::Entry& entry) {
  using engine::EntryKind;
  switch (entry.kind) {
    case EntryKind::created:
      clear();
      config_ = read_config(entry.shared.bytes);
      has_config_ = true;
      creator_ = read_creator(entry.shared.bytes);
      break;
    case EntryKind::destroyed: clear(); break;
    case EntryKind::settings:
      config_ = read_config(entry.shared.bytes);
      dirty_.use().emplace(kConfigRecord);
      break;
    case EntryKind::member: apply_member(entry); break;
    case EntryKind::subject:
      subject_ = std::make_shared<const engine::Entry>(entry);
      dirty_.use().emplace(kSubjectRecord);
      recent().add(entry);
      break;
    case EntryKind::message: recent().add(entry); break;
    default: extras_.apply(entry); break;  // or other modules'
  }
}

void Room::apply_note(std::string_view key, const std::optional<std::string>& value) {
  extras_.apply_note(key, value);
  if (key == kListedNote) listing_ = value ? read_listing(*value) : Listing();
  // A room without a creator has no record of its settings, and is a conversation. Before there was
  // the note, nothing told them when it was loaded.
  if (!has_config_ && value && key == engine::kExistsNote) config_ = conversation_config();
  if (!has_config_ && value && key == kSettingsNote) config_ = read_config(*value);
  if (const auto full = note_of(kSessionNote, key)) {
    apply_session(*full, value);
  } else if (const auto shown = note_of(kPresenceNote, key)) {
    // It comes before its session when a room is loaded; one without a session is a left-over.
    if (value) read_presence(*value, sessions_.use()[std::string(*shown)]);
  } else if (const auto bare = note_of(kCursorNote, key)) {
    if (value) {
      cursors_.use()[std::string(*bare)] = read_cursor(*value);
    } else {
      cursors_.use().erase(std::string(*bare));
    }
  } else if (const auto applicant = note_of(kApplicationNote, key)) {
    if (value) {
      applications_.use()[std::string(*applicant)] = read_application(*value);
    } else {
      applications_.use().erase(std::string(*applicant));
    }
  } else if (const auto who = note_of(kVirtualNote, key)) {
    if (value) {
      virtuals_.use()[std::string(*who)] = read_virtual(*who, *value);
    } else {
      virtuals_.use().erase(std::string(*who));
    }
  }
}

void Room::collect_records(std::vector<storage::Change>& out) {
  for (const std::string& key : *dirty_) {
    std::optional<std::string> value;
    if (key == kConfigRecord) {
      if (has_config_ && !creator_.empty()) value = write_created(creator_, config_).bytes;
    } else if (key == kSubjectRecord) {
      if (subject_ != nullptr) value = write_subject(*subject_);
    } else {
      const auto member = members_.find(std::string_view(key).substr(kMemberRecord.size()));
      if (member != members_.end()) {
        const auto [bare, known] = *member;
        value = write_member(bare, known);
      }
    }
    out.push_back({key, std::move(value)});
  }
  dirty_.clear();
  extras_.collect_records(out);
}

void Room::rest(WallTime now) {
  if (recent_ != nullptr) recent_->drop_old(now);
  if (recent_ != nullptr && recent_->empty()) recent_.reset();
  rooms_.shed();
  fresh_origins_.clear();
  reserved_.shed();
  sessions_.shed();
  by_nick_.shed();
  moderators_.shed();
  virtuals_.shed();
  cursors_.shed();
  applications_.shed();
  extras_.shed();
}

void Room::apply_record(std::string_view key, std::string_view value) {
  if (key == kConfigRecord) {
    config_ = read_config(value);
    has_config_ = true;
    creator_ = read_creator(value);
  } else if (key == kSubjectRecord) {
    subject_ = read_subject(value);
  } else if (key.starts_with(kMemberRecord)) {
    const auto [bare, member] = read_member(value);
    set_member(bare, member);
    extras_.seen_change(member.changed);
  } else {
    extras_.apply_record(key, value);
  }
}

}  // namespace hansa::rooms
