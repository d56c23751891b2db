#include "tests/sim/coverage.h"

#include "engine/entry.h"
#include "modules/shared-log/disk.h"
#include "xep-spec/shared_rooms.h"

namespace hansa::sim {
namespace {

constexpr std::size_t kPageBytes = 256 * 1024;

}  // namespace

std::string name_of(const storage::Entry& stored) {
  const auto entry = engine::from_storage(stored);
  if (!entry) return "unreadable";
  switch (entry->kind) {
    case engine::EntryKind::created: return "created";
    case engine::EntryKind::destroyed: return "destroyed";
    case engine::EntryKind::message: return "message";
    case engine::EntryKind::subject: return "subject";
    case engine::EntryKind::member: return "member";
    case engine::EntryKind::settings: return "settings";
    case engine::EntryKind::letter: return "letter";
    case engine::EntryKind::letter_closed: return "letter closed";
    case engine::EntryKind::opened: return "opened";
    case engine::EntryKind::peer_known: return "peer known";
    case engine::EntryKind::peer_joined: return "peer joined";
    case engine::EntryKind::crossed: return "crossed";
    case engine::EntryKind::conversation: return "conversation";
    case engine::EntryKind::erased: return "erased";
    case engine::EntryKind::ordered: return "ordered";
    case engine::EntryKind::welcomed: return "welcomed";
    case engine::EntryKind::list_page: return "list page";
    case engine::EntryKind::profile: return "profile";
    case engine::EntryKind::hats: return "hats";
    case engine::EntryKind::shared: break;
    default: return "kind " + std::to_string(static_cast<unsigned>(entry->kind));  // a newer one
  }
  const auto item = shared_log::item_of(*entry);
  return item ? item->item.kind : "erased";
}

std::string name_of(const xmpp::Stanza& frame) {
  const xmpp::Element* payload = frame.payload();
  if (payload == nullptr || payload->ns() != xep_shared_rooms::kNs) return "no frame";
  const auto parsed = xep_shared_rooms::parse_frame(*payload);
  if (!parsed) return "unreadable";
  if (const auto* entry = std::get_if<xep_shared_rooms::Entry>(&*parsed)) return entry->item.kind;
  const auto* hello = std::get_if<xep_shared_rooms::Hello>(&*parsed);
  if (hello != nullptr && !hello->buckets.empty()) return "buckets";
  const auto* have = std::get_if<xep_shared_rooms::Have>(&*parsed);
  if (have != nullptr && !have->past.empty()) return "past";
  return std::string(payload->name());
}

void Coverage::hit(std::string_view fault, std::string_view what) {
  ++counts_[std::string(fault) + " × " + std::string(what)];
}

void Coverage::disk(std::string_view fate, const storage::Batch& batch) {
  for (const storage::Entry& entry : batch.entries) hit(fate, name_of(entry));
  if (!batch.notes.empty()) hit(fate, "notes");
}

void Coverage::force(std::string_view fault, std::set<std::size_t> parties, MonoTime until) {
  forces_.push_back({std::string(fault), std::move(parties), until});
}

void Coverage::wrote(std::size_t party, MonoTime now, const storage::Batch& batch) {
  std::erase_if(forces_, [now](const Force& one) { return one.until < now; });
  for (const Force& force : forces_) {
    if (force.parties.contains(party)) disk(force.fault, batch);
  }
}

void Coverage::frame(std::string_view fault, const xmpp::Stanza& stanza) {
  hit(fault, name_of(stanza));
}

void Coverage::lost_by_restore(const storage::Image& now, const storage::Image& before,
                               const std::string& role) {
  const auto logs = now.list(role, {}, 1000);
  if (!logs) return;
  for (const storage::LogKey& log : *logs) {
    const auto kept = before.load(log);
    const auto page = now.read(log, kept ? kept->last_position + 1 : 1, kPageBytes);
    if (!page) continue;
    for (const storage::Entry& entry : page->entries) hit("restore of " + role, name_of(entry));
  }
}

}  // namespace hansa::sim
