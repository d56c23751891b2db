#include "modules/archive/result.h"

#include "xep-spec/xep_0045_muc.h"
#include "xep-spec/xep_0203_delay.h"
#include "xep-spec/xep_0313_archive.h"
#include "xep-spec/xep_0359_stanza_ids.h"
#include "xep-spec/xep_0421_occupant_id.h"
#include "xep-spec/xep_0424_retraction.h"
#include "xep-spec/xep_0425_moderation.h"
#include "xmpp/ns.h"
#include "xmpp/writer.h"

namespace hansa::archive {
namespace {

void open_message(xmpp::Writer& writer, const xmpp::Jid& room, std::string_view nick,
                  std::string_view id, std::string_view lang) {
  std::string from = room.text();
  if (!nick.empty()) from.append("/").append(nick);
  writer.open("message", xmpp::ns::kClient)
      .attr("from", from)
      .attr("type", "groupchat")
      .attr_if("id", id)
      .attr_if("xml:lang", lang);
}

void write_tombstone(xmpp::Writer& writer, const Scope& scope, const rooms::Tombstone& tombstone) {
  open_message(writer, scope.room, tombstone.nick, tombstone.id, {});
  if (!tombstone.occupant_id.empty()) xep_0421::write(writer, {tombstone.occupant_id});
  xep_0424::open_tombstone(writer, {tombstone.retraction, tombstone.stamp});
  if (!tombstone.by.empty()) {
    xep_0425::write(writer, {tombstone.by, tombstone.by_id, tombstone.reason});
  }
  writer.close();
  xep_0359::write(writer, {tombstone.stanza_id, scope.room.text()});
  writer.close();
}

void write_message(xmpp::Writer& writer, const Scope& scope, const rooms::Message& message) {
  open_message(writer, scope.room, message.from_room ? std::string_view() : message.nick,
               message.id, message.lang);
  writer.raw(message.content);
  xep_0359::write(writer, {message.stanza_id, scope.room.text()});
  if (!message.occupant_id.empty()) xep_0421::write(writer, {message.occupant_id});
  if (message.said.ms > 0) xep_0203::write(writer, {scope.room.text(), message.said});
  if (scope.real_addresses && !message.speaker.empty()) {
    xep_0045::User user;
    user.item.emplace().jid = message.speaker.text();
    xep_0045::write(writer, user);
  }
  writer.close();
}

}  // namespace

std::string result_of(const Scope& scope, const Hit& hit, std::string_view query_id) {
  std::string out;
  xmpp::Writer writer(out);
  xep_0313::open_result(writer, query_id, hit.id(), hit.entry->stamp);
  if (hit.tombstone) {
    write_tombstone(writer, scope, *hit.tombstone);
  } else {
    write_message(writer, scope, hit.message);
  }
  xep_0313::close_result(writer);
  return out;
}

}  // namespace hansa::archive
