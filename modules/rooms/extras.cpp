#include "modules/rooms/extras.h"

#include <algorithm>

#include "base/limits.h"
#include "engine/fields.h"
#include "engine/letters.h"
#include "modules/rooms/notes.h"

namespace hansa::rooms {
namespace {

constexpr std::string_view kAvatarRecord = "extra/avatar";
constexpr std::string_view kHatRecord = "extra/hat/";
constexpr std::string_view kWornRecord = "extra/worn/";

namespace hat_tag {
constexpr std::uint32_t kWhat = 1;
constexpr std::uint32_t kUri = 2;
constexpr std::uint32_t kTitle = 3;
constexpr std::uint32_t kHue = 4;
constexpr std::uint32_t kBare = 5;
}  // namespace hat_tag

constexpr std::uint32_t kHash = 1;  // profile: one each
constexpr std::uint32_t kCard = 2;
constexpr std::uint32_t kValue = 1;  // of the records that hold one thing
constexpr std::uint32_t kWhen = 1;   // of an invitation
constexpr std::uint32_t kId = 2;

std::string key_of(std::string_view prefix, std::string_view rest) {
  std::string key(prefix);
  key += rest;
  return key;
}

HatChange read_hat_change(std::string_view bytes) {
  using namespace hat_tag;
  const engine::FieldReader in(bytes);
  HatChange change;
  change.what = static_cast<HatChange::What>(in.number(kWhat));
  change.hat = {std::string(in.text(kUri)), std::string(in.text(kTitle)),
                std::string(in.text(kHue))};
  change.bare = in.text(kBare);
  return change;
}

Invited read_invited(std::string_view bytes) {
  const engine::FieldReader in(bytes);
  return {{static_cast<std::int64_t>(in.number(kWhen))}, std::string(in.text(kId))};
}

template <typename Strings>
std::string write_all(const Strings& values) {
  engine::FieldWriter out;
  for (const std::string& value : values) out.put(kValue, std::string_view(value));
  return out.take();
}

}  // namespace

engine::SharedPart write_hat_change(const HatChange& change) {
  using namespace hat_tag;
  engine::FieldWriter out;
  out.put(kWhat, static_cast<std::uint64_t>(change.what))
      .put_if(kUri, change.hat.uri)
      .put_if(kTitle, change.hat.title)
      .put_if(kHue, change.hat.hue)
      .put_if(kBare, change.bare);
  return {out.take()};
}

engine::SharedPart write_profile(const std::vector<std::string>& hashes, std::string_view card) {
  engine::FieldWriter out;
  for (const std::string& hash : hashes) out.put(kHash, std::string_view(hash));
  out.put_if(kCard, card);
  return {out.take()};
}

std::string write_invited(const Invited& invited) {
  return engine::FieldWriter()
      .put(kWhen, static_cast<std::uint64_t>(invited.when.ms))
      .put_if(kId, std::string_view(invited.id))
      .take();
}

std::string card_key(std::string_view log_id) { return engine::log_keys(log_id) + "card"; }

std::vector<Hat> Extras::hats_of(std::string_view bare) const {
  std::vector<Hat> out;
  const auto worn = worn_->find(bare);
  if (worn == worn_->end()) return out;
  for (const std::string& uri : worn->second) {
    const auto hat = hats_->find(uri);
    if (hat != hats_->end()) out.push_back(hat->second);
  }
  return out;
}

void Extras::apply(const engine::Entry& entry) {
  if (entry.kind == engine::EntryKind::profile) {
    avatar_.clear();
    const engine::FieldReader in(entry.shared.bytes);
    for (const std::string_view hash : in.all(kHash)) avatar_.use().emplace_back(hash);
    dirty_.use().emplace(kAvatarRecord);
  } else if (entry.kind == engine::EntryKind::hats) {
    apply_hats(read_hat_change(entry.shared.bytes));
  }
}

void Extras::apply_hats(const HatChange& change) {
  using What = HatChange::What;
  const std::string& uri = change.hat.uri;
  switch (change.what) {
    case What::made: hats_.use()[uri] = change.hat; break;
    case What::destroyed: {
      hats_.use().erase(uri);
      auto& all = worn_.use();
      for (auto worn = all.begin(); worn != all.end();) {
        if (worn->second.erase(uri) != 0) dirty_.use().insert(key_of(kWornRecord, worn->first));
        worn = worn->second.empty() ? all.erase(worn) : std::next(worn);
      }
      break;
    }
    case What::given: worn_.use()[change.bare].insert(uri); break;
    case What::taken: {
      auto& all = worn_.use();
      const auto worn = all.find(change.bare);
      if (worn == all.end()) break;
      worn->second.erase(uri);
      if (worn->second.empty()) all.erase(worn);
      break;
    }
    default: return;  // a later version's
  }
  dirty_.use().insert(change.bare.empty() ? key_of(kHatRecord, uri)
                                          : key_of(kWornRecord, change.bare));
}

void Extras::apply_note(std::string_view key, const std::optional<std::string>& value) {
  if (key == kListNote) {
    tracked_.reset();
    if (value) tracked_ = engine::text_number(*value);
  } else if (const auto who = note_of(kInvitedNote, key)) {
    if (value) {
      invited_.use()[std::string(*who)] = read_invited(*value);
    } else {
      invited_.use().erase(std::string(*who));
    }
  } else if (key.starts_with(kLeftNote)) {
    const std::string bare(key.substr(kLeftNote.size()));
    if (!value) {
      removed_.use().erase(bare);
      return;
    }
    const engine::Position position = engine::text_number(*value);
    removed_.use()[bare] = position;
    seen_change(position);
  }
}

void Extras::seen_change(engine::Position position) {
  list_version_ = std::max(list_version_, position);
}

void Extras::clear() {
  dirty_.use().emplace(kAvatarRecord);
  for (const auto& [uri, hat] : *hats_) dirty_.use().insert(key_of(kHatRecord, uri));
  for (const auto& [bare, uris] : *worn_) dirty_.use().insert(key_of(kWornRecord, bare));
  avatar_.clear();
  hats_.clear();
  worn_.clear();
  removed_.clear();
  invited_.clear();
  tracked_.reset();
  list_version_ = 0;
}

void Extras::shed() {
  hats_.shed();
  worn_.shed();
  removed_.shed();
  invited_.shed();
  spoke_.shed();
}

std::optional<std::string> Extras::record(std::string_view key) const {
  const auto rest = [&](std::string_view prefix) { return key.substr(prefix.size()); };
  if (key == kAvatarRecord && !avatar_->empty()) return write_all(*avatar_);
  if (key.starts_with(kHatRecord)) {
    const auto hat = hats_->find(rest(kHatRecord));
    if (hat == hats_->end()) return std::nullopt;
    return write_hat_change({HatChange::What::made, hat->second, {}}).bytes;
  }
  if (key.starts_with(kWornRecord)) {
    const auto worn = worn_->find(rest(kWornRecord));
    if (worn == worn_->end()) return std::nullopt;
    return write_all(worn->second);
  }
  return std::nullopt;
}

void Extras::collect_records(std::vector<storage::Change>& out) {
  for (const std::string& key : *dirty_) out.push_back({key, record(key)});
  dirty_.clear();
}

void Extras::apply_record(std::string_view key, std::string_view value) {
  const engine::FieldReader in(value);
  if (key == kAvatarRecord) {
    for (const std::string_view hash : in.all(kValue)) avatar_.use().emplace_back(hash);
  } else if (key.starts_with(kHatRecord)) {
    HatChange change = read_hat_change(value);
    hats_.use()[change.hat.uri] = std::move(change.hat);
  } else if (key.starts_with(kWornRecord)) {
    auto& uris = worn_.use()[std::string(key.substr(kWornRecord.size()))];
    for (const std::string_view uri : in.all(kValue)) uris.emplace(uri);
  }
}

}  // namespace hansa::rooms
