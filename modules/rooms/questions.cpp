#include "modules/rooms/questions.h"

#include <array>

#include "modules/rooms/applications.h"
#include "modules/rooms/create.h"
#include "modules/rooms/entries.h"
#include "modules/rooms/room_letters.h"
#include "modules/rooms/yes_or_no.h"
#include "xep-spec/xep_0045_muc.h"

namespace hansa::rooms {
namespace {

constexpr std::string_view kPrefix = "ask-";
constexpr std::string_view kTokenParam = "token";
constexpr std::string_view kJidField = "muc#jid";
constexpr std::string_view kNickField = "muc#register_roomnick";
constexpr std::string_view kAllowField = "muc#register_allow";
constexpr std::string_view kTokenField = "x-muc#register_request";

std::string question_text(const engine::RoomState& room, const xmpp::Jid& applicant,
                          const Application& application) {
  const bool of_room = application.kind == MemberKind::room;
  std::string text = applicant.text();
  if (of_room) {
    text = "The room " +
           (application.name.empty() ? text : "«" + application.name + "» (" + text + ")");
  }
  text += " asks to become a member of " + display_name(room);
  if (!application.nick.empty()) text += " as «" + application.nick + "»";
  text += ".";
  if (of_room) {
    text += " It says that " + application.asker +
            " asks for it. All its members would read what is said here;"
            " you can look at it first, under its address.";
  }
  if (!application.text.empty()) {
    text += (of_room ? " Its reason: " : " He says: ") + application.text;
  }
  return text;
}

xep_0004::Form approval_form(const engine::RoomState& room, const xmpp::Jid& applicant,
                             const Application& application) {
  using namespace xep_0004;
  Form form{
      "form", "Somebody asks to become a member", question_text(room, applicant, application), {}};
  form.fields = {hidden("FORM_TYPE", xep_0045::kFormRegister),
                 hidden(kTokenField, application.token),
                 text_field(kJidField, "Who asks", applicant.text(), "jid-single"),
                 text_field(kNickField, "Wanted nickname", application.nick),
                 boolean_field(kAllowField, "Make him a member?", false)};
  return form;
}

void answer_in_chat(engine::RoomTurn& turn, const xmpp::Stanza& message, std::string_view text) {
  std::string content;
  xmpp::Writer(content).open("body").text(text).close();
  std::string stanza;
  xmpp::write_stanza(stanza,
                     {.kind = xmpp::StanzaKind::message,
                      .type = "chat",
                      .from = message.to.bare().text(),
                      .to = message.from.text(),
                      .id = random_token(turn.random(), kQuestionToken),
                      .lang = {}},
                     content);
  turn.send(std::move(stanza));
}

}  // namespace

void ask_admins(const Context& context, engine::RoomTurn& turn, const xmpp::Jid& applicant,
                const Application& application) {
  const engine::RoomState& state = turn.room();
  const std::string text = question_text(state, applicant, application);
  std::string form;
  xmpp::Writer writer(form);
  xep_0004::write(writer, approval_form(state, applicant, application));
  for (const auto& [bare, member] : room_of(turn).members()) {
    if (member.affiliation < Affiliation::admin || member.kind != MemberKind::person) continue;
    send_letter(turn, std::string(bare), text, form);
    if (context.settings.identities.empty()) continue;
    std::string question(kPrefix);
    question += application.token + "@" + context.settings.identities;
    send_chat(turn, question, std::string(bare), text + " Answer yes or no.");
  }
}

void tell_applicant(engine::RoomTurn& turn, const xmpp::Jid& applicant, bool accepted) {
  const std::string name = display_name(turn.room());
  if (!accepted) {
    return send_letter(turn, applicant.text(), "Your request to join " + name + " was declined.",
                       {});
  }
  send_letter(turn, applicant.text(), "You are a member of " + name + " now. Welcome!",
              invitation_content(turn.room(), {}));
}

void tell_expired(engine::RoomTurn& turn, const xmpp::Jid& applicant) {
  send_letter(turn, applicant.text(),
              "Nobody has answered your request to join " + display_name(turn.room()) +
                  ". You may ask again.",
              {});
}

void on_approval(const Context& context, engine::RoomTurn& turn, const xmpp::Stanza& message,
                 const xep_0004::Form& form) {
  if (form.type == "cancel") return;
  const auto allow = xep_0004::parse_boolean(form.value(kAllowField).value_or(""));
  if (form.type != "submit" || !allow) {
    return turn.refuse(Error(Condition::bad_request, "The form says neither yes nor no."));
  }
  const Room& room = room_of(turn);
  xmpp::Jid applicant = applicant_by_token(room, form.value(kTokenField).value_or(""));
  if (applicant.empty()) applicant = read_jid(form.value(kJidField).value_or("")).bare();
  for (const auto& [bare, application] : room.applications()) {
    const auto nick = form.value(kNickField);
    if (applicant.empty() && nick && !nick->empty() && application.nick == *nick) {
      applicant = read_jid(bare);
    }
  }
  if (applicant.empty()) {
    return turn.refuse(Error(Condition::item_not_found, "There is no such request."));
  }
  const Result<Decided> decided = decide(context, turn, message.from, applicant, *allow);
  if (!decided) return turn.refuse(decided.error());
  if (*decided == Decided::already_answered || *decided == Decided::unknown) {
    turn.refuse(Error(Condition::item_not_found, std::string(text_of(*decided))));
  }
}

bool on_question_message(engine::RoomTurn& turn, const xmpp::Stanza& message) {
  const std::string_view local = message.to.local();
  if (!is_question_name(local)) return false;
  if (message.is_error()) return true;
  const std::string token(local.substr(kPrefix.size()));
  const std::string key = question_key(token);
  const auto* const found = turn.ask_index(key, key + '\0', 1);
  if (found == nullptr) return true;
  const auto nobody = [&] { turn.refuse(Error(Condition::item_not_found)); };
  if (!found->ok() || (*found)->empty()) return nobody(), true;
  const xmpp::Jid room = read_jid((*found)->front().second);
  if (room.empty()) return nobody(), true;
  turn.pass(room, {std::string(kQuestionTopic), message, {{std::string(kTokenParam), token}}, {}});
  return true;
}

void on_question_passed(const Context& context, engine::RoomTurn& turn,
                        const engine::Passed& passed) {
  const Room& room = room_of(turn);
  const xmpp::Stanza& message = passed.stanza;
  const auto token = passed.params.find(std::string(kTokenParam));
  const xmpp::Jid applicant =
      token == passed.params.end() ? xmpp::Jid() : applicant_by_token(room, token->second);
  // To others it is as if there were no such address.
  if (applicant.empty() || room.affiliation(message.from) < Affiliation::admin) {
    return turn.refuse(Error(Condition::item_not_found));
  }
  if (message.body().empty()) return;  // chat states, receipts
  const auto yes = yes_or_no(message.body(), context.settings.languages);
  if (!yes) {
    return answer_in_chat(turn, message,
                          "Please answer yes or no: may " + applicant.text() +
                              " become a member of " + display_name(turn.room()) + "?");
  }
  const Result<Decided> decided = decide(context, turn, message.from, applicant, *yes);
  answer_in_chat(turn, message, decided ? text_of(*decided) : decided.error().message());
}

}  // namespace hansa::rooms
