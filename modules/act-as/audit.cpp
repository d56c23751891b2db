#include "modules/act-as/audit.h"

#include <algorithm>
#include <cstdio>

#include "base/limits.h"
#include "engine/fields.h"
#include "engine/letters.h"
#include "modules/act-as/forms.h"
#include "modules/act-as/grants.h"
#include "xep-spec/act_as.h"

namespace hansa::act_as {
namespace {

constexpr std::size_t kIdCharacters = 8;
constexpr std::size_t kPositionDigits = 10;
constexpr std::size_t kStampDigits = 15;  // milliseconds, for some thousand years

// With the room, its acts are gone: another one of its name has none of them.
std::string prefix_of(std::string_view log) { return engine::log_keys(log) + "act/"; }

std::string stamp_text(WallTime time) {
  return engine::number_text(static_cast<std::uint64_t>(std::max<std::int64_t>(time.ms, 0)),
                             kStampDigits);
}

xep_act_as::Act read_act(std::string_view id, std::string_view value) {
  const engine::FieldReader fields(value);
  xep_act_as::Act act;
  act.id = id;
  act.stamp.ms = static_cast<std::int64_t>(fields.number(1));
  act.did = fields.text(2);
  act.member = fields.text(3);
  act.nick = fields.text(4);
  act.peer = fields.text(5);
  act.conversation = fields.text(6);
  act.message = fields.text(7);
  return act;
}

bool is_id(std::string_view text) {
  return text.size() <= kStampDigits + 1 + kPositionDigits + 1 + kIdCharacters &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-';
         });
}

std::string line_of(const xep_act_as::Act& act) {
  return to_datetime(act.stamp) + "  " + act.member + " " + act.did + " (" + act.peer + ")";
}

Table table(const xep_act_as::Acts& acts) {
  Table out;
  out.node = xep_act_as::kNodeActs;
  out.title = "Who spoke as the room";
  out.columns = {{"stamp", "When"},     {"member", "Who"},   {"nick", "Nickname"},
                 {"did", "What"},       {"peer", "To whom"}, {"conversation", "Conversation"},
                 {"message", "Message"}};
  out.none = "Nobody spoke as the room in that time.";
  for (const xep_act_as::Act& act : acts.acts) {
    out.rows.push_back({to_datetime(act.stamp), act.member, act.nick, act.did, act.peer,
                        act.conversation, act.message});
    out.lines += line_of(act) + '\n';
  }
  const auto& page = acts.page;
  if (page && page->count.value_or(0) > acts.acts.size()) out.after = page->last;
  return out;
}

}  // namespace

void note_act(engine::RoomTurn& turn, std::string_view did, const xmpp::Jid& member,
              std::string_view nick, std::string_view message) {
  const Opened& about = turn.room().get<Conversation>().about();
  engine::FieldWriter value;
  value.put(1, static_cast<std::uint64_t>(turn.now().ms))
      .put(2, did)
      .put(3, member.bare_text())
      .put_if(4, nick)
      .put(5, std::string_view(about.peer.text()))
      .put(6, std::string_view(turn.room().address().text()))
      .put_if(7, message);
  // In order of time, and within one conversation in its own.
  turn.index(prefix_of(about.log) + stamp_text(turn.now()) + '-' +
                 engine::number_text(turn.room().last_position(), kPositionDigits) + '-' +
                 random_token(turn.random(), kIdCharacters),
             value.take());
}

std::optional<Result<xep_act_as::Acts>> acts_of(engine::ServiceTurn& turn, std::string_view log,
                                                const xep_act_as::Acts& request) {
  const std::string prefix = prefix_of(log);
  const xep_0059::Request asked = request.asked.value_or(xep_0059::Request{});
  const std::size_t most =
      std::min<std::size_t>(asked.max.value_or(limits::kPageItems), limits::kPageItems);
  std::string from = prefix + (request.start ? stamp_text(*request.start) : "0");
  if (asked.after && !asked.after->empty()) {
    if (!is_id(*asked.after)) return Error(Condition::item_not_found, "There is no such place.");
    from = std::max(from, prefix + *asked.after + '\0');
  }
  const std::string to = request.end ? prefix + stamp_text(*request.end) : prefix + '~';
  const auto* const keys = turn.ask_index(from, std::max(from, to), most + 1);
  if (keys == nullptr) return std::nullopt;
  if (!*keys) return keys->error();
  xep_act_as::Acts out;
  for (const auto& [key, value] : **keys) {
    if (out.acts.size() == most) break;
    out.acts.push_back(read_act(std::string_view(key).substr(prefix.size()), value));
  }
  out.page.emplace();
  if (!out.acts.empty()) {
    out.page->first = out.acts.front().id;
    out.page->last = out.acts.back().id;
  }
  // How many there are in all is not counted; one more says that this is not the end.
  out.page->count = (*keys)->size();
  return out;
}

Status Audit::add_to(engine::Router& router) {
  const engine::Row row{engine::Target::identity,
                        xmpp::StanzaKind::iq,
                        "get",
                        "acts",
                        std::string(xep_act_as::kNs),
                        {}};
  if (const auto added = router.add(row, &Audit::on_query); !added) return added;
  return router.add_passed(std::string(kActsTopic), &Audit::on_passed);
}

void Audit::on_query(engine::RoomTurn& turn, const xmpp::Stanza& stanza) {
  if (const auto why = owners_only(turn, stanza.from)) return turn.refuse(*why);
  const auto request = xep_act_as::parse_acts(*stanza.payload());
  if (!request) return turn.refuse(Error(Condition::bad_request));
  if (!*request) return turn.refuse(request->error());
  turn.serve([log = turn.room().log_id(), asked = **request](engine::ServiceTurn& service,
                                                             const xmpp::Stanza&) {
    const auto acts = acts_of(service, log, asked);
    if (!acts) return;
    if (!*acts) return service.refuse(acts->error());
    service.reply(xmpp::written(**acts));
  });
}

void Audit::on_passed(engine::RoomTurn& turn, const engine::Passed& passed) {
  if (const auto why = owners_only(turn, passed.stanza.from)) return turn.refuse(*why);
  xep_act_as::Acts asked;
  for (const auto& [name, place] :
       {std::pair("start", &asked.start), std::pair("end", &asked.end)}) {
    const std::string_view text = passed.param(name);
    if (text.empty()) continue;
    const auto time = parse_datetime(text);
    if (!time) return refuse_form(turn, "That is no time, as in 2026-12-31T18:00:00Z.");
    *place = *time;
  }
  asked.asked.emplace().after = std::string(passed.param("after"));
  turn.serve([log = turn.room().log_id(), asked, session = std::string(passed.param("session"))](
                 engine::ServiceTurn& service, const xmpp::Stanza&) {
    const auto acts = acts_of(service, log, asked);
    if (!acts) return;
    if (!*acts) return service.refuse(acts->error());
    Table all = table(**acts);
    all.session = session;
    service.reply(xmpp::written(table_of(std::move(all))));
  });
}

void Audit::on_command(engine::ServiceTurn& turn, const xmpp::Stanza& stanza,
                       const xep_0050::Request& request) const {
  if (is_filled(request)) {
    const xmpp::Jid room = room_in(parts_, *request.form);
    if (room.empty()) return refuse_form(turn, "Choose one of the identities offered.");
    engine::Passed passed{std::string(kActsTopic), stanza, {{"session", request.session_id}}, {}};
    for (const char* name : {"start", "end", "after"}) {
      passed.params[name] = request.form->value(name).value_or("");
    }
    return turn.pass(room, std::move(passed));
  }
  auto options = rooms_of(parts_, turn, stanza.from, true);
  if (!options) return;
  if (options->empty()) return turn.refuse(Error(Condition::forbidden, "You own no room."));
  using namespace xep_0004;
  Form form;
  form.title = "Who spoke as a room";
  const std::string first = options->front().value;
  form.fields = {hidden("FORM_TYPE", xep_act_as::kNodeActs),
                 list_field("identity", "Room", first, std::move(*options)),
                 text_field("start", "From (as in 2026-12-31T18:00:00Z)", {}),
                 text_field("end", "Until", {}), text_field("after", "After this one", {})};
  form.fields[1].required = true;
  offer(turn, request.node, std::move(form));
}

}  // namespace hansa::act_as
