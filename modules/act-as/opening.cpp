#include "modules/act-as/opening.h"

#include "base/limits.h"
#include "modules/act-as/audit.h"
#include "modules/act-as/forms.h"
#include "modules/act-as/notes.h"
#include "modules/act-as/talks.h"
#include "xep-spec/act_as.h"

namespace hansa::act_as {
namespace {

constexpr std::size_t kSecretCharacters = 26;

engine::Passed to_conversation(const xmpp::Stanza& stanza, const xep_act_as::Open& open,
                               const xmpp::Jid& acting) {
  return {std::string(kOpenTopic),
          stanza,
          {{"acting", acting.text()},
           {"peer", open.peer.text()},
           {"nick", open.nick},
           {"body", open.body},
           {"password", open.password},
           {"reason", open.reason},
           {"named", open.named ? "1" : ""}}};
}

std::string result_form(const xep_act_as::Open& open, const engine::Passed& passed) {
  xep_0050::Response response;
  response.node = xep_act_as::kNodeOpen;
  response.session_id = passed.param("session");
  response.form.emplace();
  response.form->type = "result";
  response.form->title = "Conversation";
  response.form->fields.push_back(xep_0004::text_field("conversation", "Join this room",
                                                       open.conversation.text(), "jid-single"));
  response.notes.push_back({xep_0050::NoteType::info,
                            "The conversation with " + open.peer.text() + " is the room " +
                                open.conversation.text() + "; join it to read and to answer."});
  return xmpp::written(response);
}

}  // namespace

std::optional<Error> Opening::fault(const xmpp::Jid& acting, const xmpp::Jid& peer) const {
  if (is_marked(acting)) {
    return Error(Condition::item_not_found, "There is no room " + acting.text() + ".");
  }
  if (!peer.is_bare()) {
    return Error(Condition::jid_malformed, "The peer's address may not have a resource.");
  }
  if (peer == acting || peer == identity_of(parts_.domains, acting)) {
    return Error(Condition::not_acceptable, "A room cannot be in conversation with itself.");
  }
  return std::nullopt;
}

void Opening::on_query(engine::RoomTurn& turn, const xmpp::Stanza& stanza) {
  const auto open = xep_act_as::parse_open(*stanza.payload());
  if (!open) return turn.refuse(Error(Condition::bad_request));
  if (!*open) return turn.refuse(open->error());
  const xmpp::Jid acting = turn.room().address();
  if (const auto wrong = fault(acting, (*open)->peer)) return turn.refuse(*wrong);
  const xmpp::Jid conversation =
      conversation_address(parts_.domains.rooms, acting.local(), (*open)->peer);
  if (conversation.empty()) return turn.refuse(Error(Condition::jid_malformed));
  turn.pass(conversation, to_conversation(stanza, **open, acting));
}

void Opening::on_command(engine::ServiceTurn& turn, const xmpp::Stanza& stanza,
                         const xep_0050::Request& request) {
  return is_filled(request) ? submitted(turn, stanza, request) : offer_form(turn, stanza, request);
}

void Opening::offer_form(engine::ServiceTurn& turn, const xmpp::Stanza& stanza,
                         const xep_0050::Request& request) {
  const auto identities = identities_.of(turn, stanza.from);
  if (!identities) return;
  if (!*identities) return turn.refuse(identities->error());
  std::vector<xep_0004::Option> options;
  for (const xep_act_as::Identity& one : (*identities)->identities) {
    if (!one.room.empty()) options.push_back({one.name, one.jid});
  }
  if (options.empty()) {
    return turn.refuse(Error(Condition::forbidden, "There is no room that you may act as."));
  }
  xep_0004::Form form;
  form.title = "Open a conversation as a room";
  form.instructions = "Choose the room that you speak as, and whom it writes to.";
  const std::string first = options.front().value;
  form.fields.push_back(xep_0004::hidden("FORM_TYPE", xep_act_as::kNodeOpen));
  form.fields.push_back(xep_0004::list_field("identity", "Speak as", first, std::move(options)));
  form.fields.back().required = true;
  form.fields.push_back(xep_0004::text_field("peer", "Person or room", {}, "jid-single"));
  form.fields.back().required = true;
  form.fields.push_back(xep_0004::text_field("nick", "Nickname, if it is a room", {}));
  form.fields.push_back(xep_0004::text_field(
      "password", "Its password, if it is a room that has one", {}, "text-private"));
  form.fields.push_back(xep_0004::boolean_field(
      "named", "If its owner has to agree: tell him, and its admins, that I ask (my address)",
      false));
  form.fields.push_back(xep_0004::text_field("reason", "And why", {}));
  form.fields.push_back(xep_0004::text_field("body", "First message", {}, "text-multi"));
  offer(turn, request.node, std::move(form));
}

void Opening::submitted(engine::ServiceTurn& turn, const xmpp::Stanza& stanza,
                        const xep_0050::Request& request) {
  const auto bad = [&](std::string text) { refuse_form(turn, std::move(text)); };
  const xmpp::Jid acting = room_in(parts_, *request.form);
  if (acting.empty()) return bad("Choose one of the identities offered.");
  const auto peer = xmpp::Jid::parse(request.form->value("peer").value_or(""));
  if (!peer) return bad("The peer's address is missing, or is none.");
  xep_act_as::Open open;
  open.peer = *peer;
  open.nick = request.form->value("nick").value_or("");
  open.body = text_of(*request.form, "body");
  open.password = request.form->value("password").value_or("");
  open.reason = request.form->value("reason").value_or("");
  open.named = xep_0004::parse_boolean(request.form->value("named").value_or("")).value_or(false);
  if (const auto wrong = fault(acting, open.peer)) return turn.refuse(*wrong);
  const xmpp::Jid conversation =
      conversation_address(parts_.domains.rooms, acting.local(), open.peer);
  if (conversation.empty()) return bad("The peer's address is too long.");
  engine::Passed passed = to_conversation(stanza, open, acting);
  passed.params["session"] = request.session_id;
  passed.params["command"] = "1";
  turn.pass(conversation, std::move(passed));
}

void Opening::on_passed(engine::RoomTurn& turn, const engine::Passed& passed) {
  const xmpp::Jid acting = read_jid(passed.param("acting"));
  const xmpp::Jid& actor = passed.stanza.from;
  const Conversation& talk = turn.state<Conversation>();
  // One who is in a room is written to alone as the room that he is in.
  const bool alone = !passed.param("alone").empty();
  const xmpp::Jid whom = read_jid(passed.param("peer"));
  const Towards towards{std::string(whom.bare_text()), alone ? PeerKind::room : talk.peer_kind(),
                        talk.about().log};
  const auto right = parts_.rights.need(turn, acting, actor, towards);
  if (!right) return;
  const std::string body(passed.param("body"));
  const bool note = begins_as_note(body, right->info.outward.note);
  if (talk.blocked() && !body.empty() && !note) {
    const Refusal no = peer_is_blocked();
    return turn.refuse(no.error, {}, no.detail);
  }
  Opened opened;
  opened.acting = acting;
  opened.peer = read_jid(passed.param("peer"));
  opened.version = right->version;
  opened.log = right->log;
  opened.actor = actor.bare();
  const auto nick = xmpp::prepare_nick(passed.param("nick"));
  if (nick && nick->size() <= limits::kNickBytes) opened.nick = *nick;
  xep_act_as::Open answer;
  answer.peer = opened.peer;
  answer.conversation = turn.room().address();
  Wish wish;
  wish.member = actor.bare_text();
  wish.nick = opened.nick;
  wish.password = passed.param("password");
  wish.reason = passed.param("reason");
  wish.name = right->info.name;
  wish.named = !passed.param("named").empty();
  const bool is_new = !turn.state<Conversation>().opened();
  const PeerKind kind = alone ? PeerKind::person : PeerKind::unknown;
  if (is_new) create(turn, std::move(opened), right->info, kind);
  peer_.wishes(turn, std::move(wish));
  if (!body.empty()) say(turn, actor, body, note);
  reopen(turn);
  if (alone) return;  // a message: nobody waits for an answer
  if (!passed.param("command").empty()) return turn.reply(result_form(answer, passed));
  turn.reply(xmpp::written(answer));
}

void Opening::create(engine::RoomTurn& turn, Opened opened, const rooms::Info& acting,
                     PeerKind kind) {
  const std::string name = acting.name.empty() ? std::string(opened.acting.local()) : acting.name;
  rooms::Config config;
  config.name = opened.peer.text() + " (" + name + ")";
  config.description = "Conversation of " + name + " with " + opened.peer.text();
  config.listed = false;
  config.members_only = true;
  config.change_subject = false;
  config.allow_invites = false;
  config.conversation = true;
  opened.secret = random_token(turn.random(), kSecretCharacters);
  parts_.rooms.create(turn, {}, config, {});  // nobody owns it: the acting room decides
  turn.index(conversation_key(opened.acting, turn.room().address()), opened.peer.text());
  turn.append(engine::EntryKind::opened, write_shared(opened), write_local(opened));
  const xmpp::Jid actor = turn.state<Conversation>().about().actor;
  if (!actor.empty()) note_act(turn, "opened", actor, nick_of(turn.state<rooms::Room>(), actor));
  peer_.begin(turn, kind);
}

void Opening::say(engine::RoomTurn& turn, const xmpp::Jid& speaker, const std::string& body,
                  bool note) {
  const bool was_answered = !turn.state<Conversation>().unanswered();
  std::string content;
  xmpp::Writer writer(content);
  writer.leaf("body", xmpp::ns::kClient, body);
  const std::string nick = nick_of(turn.state<rooms::Room>(), speaker);
  if (note) xep_act_as::write_note(writer);
  parts_.rooms.say(turn, speaker, nick, content, note);
  if (note) return;
  note_act(turn, "said", speaker, nick, rooms::read_message(*turn.room().tail().back()).stanza_id);
  reopen(turn);
  peer_.said(turn);
  if (turn.state<Conversation>().told() == 0) news_.tell(turn, was_answered);
}

}  // namespace hansa::act_as
