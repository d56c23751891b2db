#include "modules/act-as/notes.h"

#include <algorithm>

#include "engine/letters.h"
#include "xep-spec/act_as_talks.h"
#include "xep-spec/xep_0308_correction.h"
#include "xep-spec/xep_0461_replies.h"

namespace hansa::act_as {
namespace {

std::string_view word_of(rooms::NoteMark mark) {
  switch (mark) {
    case rooms::NoteMark::word: return "note:";
    case rooms::NoteMark::bang: return "!";
    case rooms::NoteMark::hash: return "#";
    case rooms::NoteMark::none: break;
  }
  return {};
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

template <typename Fits>
engine::EntryPtr newest(const engine::RoomState& room, const Fits& fits) {
  const auto& tail = room.tail();
  for (auto entry = tail.rbegin(); entry != tail.rend(); ++entry) {
    if ((*entry)->kind != engine::EntryKind::message || (*entry)->erased) continue;
    if (fits(rooms::read_message(**entry))) return *entry;
  }
  return nullptr;
}

// By our stanza-id, in memory or on disk. Nothing: a read was asked; null: it is not there.
std::optional<engine::EntryPtr> said(engine::RoomTurn& turn, std::string_view stanza_id) {
  const auto recent = newest(
      turn.room(), [&](const rooms::Message& message) { return message.stanza_id == stanza_id; });
  if (recent != nullptr) return recent;
  const std::string key = rooms::stanza_key(turn.room().log_id(), stanza_id);
  const auto* const found = turn.ask_index(key, key + '\0', 1);
  if (found == nullptr) return std::nullopt;
  if (!found->ok() || (*found)->empty()) return engine::EntryPtr();
  const engine::Position position = engine::text_number((*found)->front().second);
  const auto* const page = turn.ask_page(turn.room().address(), position, 1);
  if (page == nullptr) return std::nullopt;
  if (!page->ok() || (*page)->empty()) return engine::EntryPtr();
  const engine::EntryPtr& entry = (*page)->front();
  return entry->position == position && !entry->erased ? entry : engine::EntryPtr();
}

}  // namespace

bool begins_as_note(std::string_view text, rooms::NoteMark mark) {
  const std::string_view word = word_of(mark);
  const std::size_t from = text.find_first_not_of(" \t\r\n");
  if (word.empty() || from == std::string_view::npos) return false;
  text.remove_prefix(from);
  return text.size() >= word.size() && std::equal(word.begin(), word.end(), text.begin(),
                                                  [](char a, char b) { return a == lower(b); });
}

std::optional<Kind> kind_of(engine::RoomTurn& turn, const xmpp::Stanza& stanza,
                            rooms::NoteMark mark) {
  if (xep_act_as::is_note(stanza.element())) return Kind::note;
  for (const xmpp::Element& child : stanza.element().children()) {
    const bool text = child.is("body", xmpp::ns::kClient) || child.is("subject", xmpp::ns::kClient);
    if (text && begins_as_note(child.text(), mark)) return Kind::note;
  }
  if (const xmpp::Element* const replace = stanza.child("replace", xep_0308::kNs)) {
    const std::string_view id = replace->attr("id");
    const auto target = newest(turn.room(), [&](const rooms::Message& m) { return m.id == id; });
    if (target == nullptr) return Kind::unknown;
    return rooms::read_message(*target).internal ? Kind::note : Kind::outward;
  }
  // An answer quotes what it answers.
  if (const xmpp::Element* const reply = stanza.child("reply", xep_0461::kNs)) {
    const auto target = said(turn, reply->attr("id"));
    if (!target) return std::nullopt;
    if (*target != nullptr && rooms::read_message(**target).internal) return Kind::note;
  }
  return Kind::outward;
}

}  // namespace hansa::act_as
