#include "modules/rooms/voice.h"

#include "modules/rooms/views.h"
#include "xep-spec/xep_0045_muc.h"

namespace hansa::rooms {
namespace {

constexpr std::string_view kRole = "muc#role";
constexpr std::string_view kJid = "muc#jid";
constexpr std::string_view kNick = "muc#roomnick";
constexpr std::string_view kAllow = "muc#request_allow";
constexpr std::size_t kIdLength = 26;

xep_0004::Form question(const Session& asker) {
  using namespace xep_0004;
  Form form{"form", "Voice request", asker.nick + " asks for leave to speak in this room.", {}};
  form.fields = {
      hidden("FORM_TYPE", xep_0045::kFormRequest),
      list_field(kRole, "Requested role", "participant", {{"Participant", "participant"}}),
      text_field(kJid, "Who asks", asker.jid.text(), "jid-single"),
      text_field(kNick, "Nickname", asker.nick), boolean_field(kAllow, "Let him speak?", false)};
  return form;
}

void ask(engine::RoomTurn& turn, const Session& asker, const xep_0004::Form& form) {
  if (form.value(kRole).value_or("participant") != "participant") {
    return turn.refuse(Error(Condition::bad_request, "Voice is the role of a participant."));
  }
  if (asker.role >= Role::participant) {
    return turn.refuse(Error(Condition::bad_request, "You may speak already."));
  }
  const Room& room = room_of(turn);
  if (room.moderators().empty()) {
    return turn.refuse(Error(Condition::recipient_unavailable,
                             "No moderator is here now who could give you leave to speak."));
  }
  std::string content;
  xmpp::Writer writer(content);
  xep_0004::write(writer, question(asker));
  for (const Session* const moderator : room.moderators()) {
    std::string stanza;
    xmpp::write_stanza(stanza,
                       {.kind = xmpp::StanzaKind::message,
                        .type = {},
                        .from = turn.room().address().text(),
                        .to = moderator->jid.text(),
                        .id = random_token(turn.random(), kIdLength),
                        .lang = {}},
                       content);
    turn.send(std::move(stanza));
  }
}

void answer(const Context& context, engine::RoomTurn& turn, const Session& moderator,
            const xep_0004::Form& form) {
  const auto allow = xep_0004::parse_boolean(form.value(kAllow).value_or(""));
  if (!allow) {
    return turn.refuse(Error(Condition::bad_request, "The form says neither yes nor no."));
  }
  if (moderator.role != Role::moderator) {
    return turn.refuse(Error(Condition::forbidden, "Only moderators give leave to speak."));
  }
  if (!*allow) return;
  const std::string_view nick = form.value(kNick).value_or("");
  const std::vector<Session> sessions = copies(room_of(turn).occupant(nick));
  if (sessions.empty()) {
    return turn.refuse(Error(Condition::item_not_found, "He is not in the room any more."));
  }
  // Somebody else may have that nick by now.
  const std::string_view jid = form.value(kJid).value_or("");
  const Result<xmpp::Jid> asked = xmpp::Jid::parse(jid);
  if (!jid.empty() && (!asked || !(asked->bare() == sessions.front().jid.bare()))) {
    return turn.refuse(Error(Condition::item_not_found, "That is somebody else now."));
  }
  if (sessions.front().role >= Role::participant) return;
  change_role(context, turn, sessions, Role::participant, {});
}

}  // namespace

void on_voice_form(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& message,
                   const xep_0004::Form& form) {
  const Session* const sender = room_of(turn).session(message.from);
  if (sender == nullptr) {
    return turn.refuse(Error(Condition::not_acceptable, "You are not in the room."));
  }
  if (form.type == "cancel") return;
  if (form.type != "submit") {
    return turn.refuse(Error(Condition::bad_request, "A form is submitted or cancelled."));
  }
  if (form.field(kAllow) != nullptr) return answer(context, turn, *sender, form);
  ask(turn, *sender, form);
}

}  // namespace hansa::rooms
