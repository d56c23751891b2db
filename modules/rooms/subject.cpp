#include "modules/rooms/subject.h"

#include "xmpp/ns.h"
#include "xmpp/parser.h"

namespace hansa::rooms {

bool is_subject_change(const xmpp::Stanza& message) {
  using xmpp::ns::kClient;
  return message.child("subject", kClient) != nullptr &&
         message.child("body", kClient) == nullptr && message.child("thread", kClient) == nullptr;
}

bool subject_allowed(const Room& room, const Session& session) {
  if (session.role == Role::moderator) return true;
  return room.config().change_subject && session.role >= Role::participant;
}

std::string subject_text(const Room& room) {
  if (room.subject() == nullptr) return {};
  const std::string content = "<x>" + read_message(*room.subject()).content + "</x>";
  const Result<xmpp::DocumentPtr> parsed = xmpp::parse_element(content, xmpp::ns::kClient);
  if (!parsed) return {};
  const xmpp::Element* const subject = (*parsed)->root().child("subject", xmpp::ns::kClient);
  return subject == nullptr ? std::string() : subject->text();
}

}  // namespace hansa::rooms
