// The state of a room: fold of its entries and notes, and its records (engine/facet.h).

#include <algorithm>

#include "engine/fields.h"
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

}  // namespace

Room::Room() : recent_(std::make_unique<Recent>()) {}
Room::~Room() = default;

std::unique_ptr<engine::Facet> make_room_facet() { return std::make_unique<Room>(); }

Affiliation Room::affiliation(const xmpp::Jid& who) const {
  const auto found = members_.find(who.bare_text());
  return found == members_.end() ? Affiliation::none : found->second.affiliation;
}

Affiliation Room::affiliation(const Session& session) const {
  const Affiliation listed = affiliation(session.jid);
  return listed == Affiliation::none ? session.granted : listed;
}

const Session* Room::session(const xmpp::Jid& full) const {
  const auto found = sessions_.find(full.text());
  return found == sessions_.end() ? nullptr : &found->second;
}

std::vector<const Session*> Room::occupant(std::string_view nick) const {
  std::vector<const Session*> found;
  for (const auto& [full, session] : sessions_) {
    if (session.nick == nick) found.push_back(&session);
  }
  return found;
}

bool Room::present(const xmpp::Jid& bare) const {
  const std::string prefix = std::string(bare.bare_text()) + "/";
  const auto found = sessions_.lower_bound(prefix);
  return found != sessions_.end() && found->first.starts_with(prefix);
}

std::optional<engine::Position> Room::cursor(const xmpp::Jid& bare) const {
  const auto found = cursors_.find(bare.bare_text());
  if (found == cursors_.end()) return std::nullopt;
  return found->second;
}

void Room::clear() {
  for (const auto& [bare, member] : members_) dirty_.insert(note_key(kMemberRecord, bare));
  dirty_.emplace(kConfigRecord);
  dirty_.emplace(kSubjectRecord);
  config_ = {};
  creator_ = {};
  members_.clear();
  subject_ = nullptr;
}

void Room::apply_member(const engine::Entry& entry) {
  auto [bare, change] = read_member(entry.shared.bytes);
  dirty_.insert(note_key(kMemberRecord, bare));
  if (change.affiliation == Affiliation::none) {
    members_.erase(bare);
    return;
  }
  const auto before = members_.find(bare);
  const engine::Position since = before == members_.end() ? 0 : before->second.since;
  change.changed = entry.position;
  change.since = 0;
  if (change.affiliation >= Affiliation::member) change.since = since != 0 ? since : entry.position;
  members_.set(bare, change);
}

void Room::apply(const engine::Entry& entry) {
  using engine::EntryKind;
  switch (entry.kind) {
    case EntryKind::created:
      clear();
      config_ = read_config(entry.shared.bytes);
      creator_ = read_creator(entry.shared.bytes);
      break;
    case EntryKind::destroyed: clear(); break;
    case EntryKind::settings:
      config_ = read_config(entry.shared.bytes);
      dirty_.emplace(kConfigRecord);
      break;
    case EntryKind::member: apply_member(entry); break;
    case EntryKind::subject:
      subject_ = std::make_shared<const engine::Entry>(entry);
      dirty_.emplace(kSubjectRecord);
      recent_->add(entry);
      break;
    case EntryKind::message: recent_->add(entry); break;
    default: break;  // other modules'
  }
}

void Room::apply_note(std::string_view key, const std::optional<std::string>& value) {
  if (const auto full = note_of(kSessionNote, key)) {
    if (!value) {
      sessions_.erase(std::string(*full));
      return;
    }
    Session& session = sessions_[std::string(*full)];
    session.jid = read_jid(*full);
    read_session(*value, session);
  } else if (const auto shown = note_of(kPresenceNote, key)) {
    // It comes before its session when a room is loaded; one without a session is a left-over.
    if (value) read_presence(*value, sessions_[std::string(*shown)]);
  } else if (const auto bare = note_of(kCursorNote, key)) {
    if (value) {
      cursors_[std::string(*bare)] = read_cursor(*value);
    } else {
      cursors_.erase(std::string(*bare));
    }
  } else if (const auto who = note_of(kVirtualNote, key)) {
    if (value) {
      virtuals_[std::string(*who)] = read_virtual(*who, *value);
    } else {
      virtuals_.erase(std::string(*who));
    }
  }
}

void Room::collect_records(std::vector<storage::Change>& out) {
  for (const std::string& key : dirty_) {
    std::optional<std::string> value;
    if (key == kConfigRecord) {
      if (!creator_.empty()) value = write_created(creator_, config_).bytes;
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
}

void Room::apply_record(std::string_view key, std::string_view value) {
  if (key == kConfigRecord) {
    config_ = read_config(value);
    creator_ = read_creator(value);
  } else if (key == kSubjectRecord) {
    subject_ = read_subject(value);
  } else if (key.starts_with(kMemberRecord)) {
    const auto [bare, member] = read_member(value);
    members_.set(bare, member);
  }
}

}  // namespace hansa::rooms
