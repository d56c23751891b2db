#include "modules/act-as/acting.h"

#include "engine/fields.h"

namespace hansa::act_as {
namespace {

constexpr std::string_view kNewsRecord = "act-as/news/";
constexpr std::string_view kRightRecord = "act-as/right/";

std::string key_of(std::string_view prefix, std::string_view rest) {
  std::string key(prefix);
  return key += rest;
}

// A bare address has no slash.
std::string key_of(const Grant& grant) { return grant.member + '/' + grant.peer; }

}  // namespace

engine::Position Acting::last_news(const xmpp::Jid& conversation) const {
  const auto place = last_news_->find(conversation.text());
  return place == last_news_->end() ? 0 : place->second;
}

std::vector<Grant> Acting::grants_of(std::string_view member) const {
  std::vector<Grant> out;
  const std::string from = std::string(member) + '/';
  for (auto at = grants_->lower_bound(from); at != grants_->end(); ++at) {
    if (!at->first.starts_with(from)) break;
    out.push_back(at->second);
  }
  return out;
}

void Acting::apply(const engine::Entry& entry) {
  using engine::EntryKind;
  if (entry.kind == EntryKind::destroyed) {
    for (const auto& [conversation, position] : *last_news_) {
      dirty_.use().insert(key_of(kNewsRecord, conversation));
    }
    for (const auto& [key, grant] : *grants_) dirty_.use().insert(key_of(kRightRecord, key));
    last_news_.clear();
    grants_.clear();
  } else if (entry.kind == EntryKind::conversation) {
    const std::string conversation = read_news(entry).conversation.text();
    last_news_.use()[conversation] = entry.position;
    dirty_.use().insert(key_of(kNewsRecord, conversation));
  } else if (entry.kind == EntryKind::right) {
    apply_grant(read_grant(entry.local.bytes));
  }
}

void Acting::apply_grant(Grant grant) {
  const std::string key = key_of(grant);
  dirty_.use().insert(key_of(kRightRecord, key));
  if (grant.given) {
    grants_.use()[key] = std::move(grant);
  } else {
    grants_.use().erase(key);
    grants_.shed();
  }
}

void Acting::apply_note(std::string_view key, const std::optional<std::string>& value) {
  if (key == kNewsLagNote) lag_noted_ = value.has_value();
  if (!key.starts_with(kSubscriberNote)) return;
  std::string bare(key.substr(kSubscriberNote.size()));
  if (value == kSubscriberBlocked) {
    blocked_.use().insert(bare);
  } else if (blocked_->contains(bare)) {
    blocked_.use().erase(bare);
    blocked_.shed();
  }
  if (value) {
    subscribers_.use().insert(std::move(bare));
  } else {
    subscribers_.use().erase(bare);
  }
}

std::vector<std::string> Acting::told_subscribers() const {
  std::vector<std::string> out;
  for (const std::string& bare : *subscribers_) {
    if (!blocked_->contains(bare)) out.push_back(bare);
  }
  return out;
}

void Acting::collect_records(std::vector<storage::Change>& out) {
  for (const std::string& key : *dirty_) {
    std::optional<std::string> value;
    if (key.starts_with(kNewsRecord)) {
      const auto news = last_news_->find(key.substr(kNewsRecord.size()));
      if (news != last_news_->end()) value = engine::FieldWriter().put(1, news->second).take();
    } else {
      const auto grant = grants_->find(key.substr(kRightRecord.size()));
      if (grant != grants_->end()) value = write_local(grant->second).bytes;
    }
    out.push_back({key, std::move(value)});
  }
  dirty_.clear();
}

void Acting::apply_record(std::string_view key, std::string_view value) {
  if (key.starts_with(kNewsRecord)) {
    const std::string conversation(key.substr(kNewsRecord.size()));
    last_news_.use()[conversation] = engine::FieldReader(value).number(1);
  } else if (key.starts_with(kRightRecord)) {
    grants_.use()[std::string(key.substr(kRightRecord.size()))] = read_grant(value);
  }
}

}  // namespace hansa::act_as
