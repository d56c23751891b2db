// An entry as a line of JSON, for `room export`: everything that it says, real addresses too.

#include <nlohmann/json.hpp>

#include "app/admin_answer.h"
#include "base/encoding.h"
#include "modules/rooms/entries.h"

namespace hansa::app {
namespace {

using engine::Entry;
using engine::EntryKind;
using Json = nlohmann::ordered_json;

std::string hex_of(const std::string& bytes) {
  return hex(std::span(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()));
}

// A value that says nothing is left out.
void put(Json& out, const char* key, std::string_view value) {
  if (!value.empty()) out[key] = value;
}

void put_message(Json& out, const Entry& entry) {
  const rooms::Message message = rooms::read_message(entry);
  if (message.internal) out["internal"] = true;
  put(out, "nick", message.nick);
  put(out, "speaker", message.speaker.text());
  if (message.from_room) out["from"] = "room";
  if (message.from_peer) out["from"] = "peer";
  put(out, "occupant_id", message.occupant_id);
  put(out, "stanza_id", message.stanza_id);
  put(out, "id", message.id);
  put(out, "origin_id", message.origin_id);
  put(out, "lang", message.lang);
  if (message.said.ms != 0) out["said"] = to_datetime(message.said);
  put(out, "text", entry_text(entry));
  put(out, "content", message.content);
}

void put_member(Json& out, const Entry& entry) {
  const auto [bare, member] = rooms::read_member(entry.shared.bytes);
  out["jid"] = bare;
  out["affiliation"] = rooms::name_of(member.affiliation);
  put(out, "nick", member.nick);
}

void put_settings(Json& out, const Entry& entry) {
  const rooms::Config config = rooms::read_config(entry.shared.bytes);
  put(out, "name", config.name);
  put(out, "description", config.description);
  out["listed"] = config.listed;
  out["persistent"] = config.persistent;
  out["members_only"] = config.members_only;
  out["moderated"] = config.moderated;
  out["conversation"] = config.conversation;
}

}  // namespace

std::string entry_json(const Entry& entry) {
  Json out;
  out["position"] = entry.position;
  out["stamp"] = to_datetime(entry.stamp);
  out["kind"] = kind_name(entry.kind);
  if (entry.erased) out["erased"] = true;
  switch (entry.erased ? EntryKind::erased : entry.kind) {
    case EntryKind::message:
    case EntryKind::subject: put_message(out, entry); break;
    case EntryKind::member: put_member(out, entry); break;
    case EntryKind::created:
      out["creator"] = rooms::read_creator(entry.shared.bytes).text();
      put_settings(out, entry);
      break;
    case EntryKind::settings: put_settings(out, entry); break;
    case EntryKind::erased: break;
    default:  // what other modules say, as it is stored
      put(out, "shared", hex_of(entry.shared.bytes));
      put(out, "local", hex_of(entry.local.bytes));
  }
  // What came from outside may be no UTF-8; JSON has to be.
  return out.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace hansa::app
