#include "modules/archive/speaker.h"

namespace hansa::archive {

bool Speaker::said(const Hit& hit) const {
  if (!nick.empty()) return nick == (hit.tombstone ? hit.tombstone->nick : hit.message.nick);
  if (real.empty()) return true;
  const xmpp::Jid& speaker = hit.message.speaker;
  return real.is_bare() ? speaker.bare_text() == real.text() : speaker == real;
}

Result<Speaker> read_speaker(std::string_view with, const Scope& scope) {
  Speaker speaker;
  if (with.empty()) return speaker;
  const Result<xmpp::Jid> jid = xmpp::Jid::parse(with);
  if (!jid) return jid.error();
  if (jid->bare_text() == scope.room.text()) {
    speaker.nick = jid->resource();
    return speaker;
  }
  if (!scope.real_addresses && jid->bare_text() != scope.asker.bare_text()) {
    return Error(Condition::forbidden, "Who is behind a nickname is not shown in this room.");
  }
  speaker.real = *jid;
  return speaker;
}

}  // namespace hansa::archive
