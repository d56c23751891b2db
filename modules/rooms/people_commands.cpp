#include "modules/rooms/people_commands.h"

#include <algorithm>
#include <set>

#include "base/limits.h"
#include "modules/rooms/applications.h"
#include "modules/rooms/config_form.h"
#include "modules/rooms/entries.h"
#include "modules/rooms/founding.h"
#include "modules/rooms/questions.h"
#include "xep-spec/xep_0045_muc.h"

namespace hansa::rooms {
namespace {

using engine::ServiceTurn;
using xep_0004::Field;
using xep_0004::Form;

constexpr std::size_t kRoomsLookedAt = 50;
constexpr std::size_t kCandidatesOfRoom = 100;
constexpr std::size_t kLinesOfAll = 300;

std::string ended(const xep_0050::Request& request, std::string note) {
  return xmpp::written(xep_0050::done(request, std::move(note)));
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  return lines;
}

// What the rooms of that person answer, together. Nothing: a read was asked.
std::optional<std::vector<std::string>> ask_his_rooms(ServiceTurn& turn, const xmpp::Jid& who,
                                                      std::string_view topic) {
  const auto [from, to] = member_range(who.bare());
  const auto* const keys = turn.ask_index(from, to, kRoomsLookedAt);
  if (keys == nullptr) return std::nullopt;
  std::vector<std::string> all;
  if (!keys->ok()) return all;
  bool waiting = false;
  for (const auto& [key, affiliation] : **keys) {
    const xmpp::Jid room = read_jid(std::string_view(key).substr(from.size()));
    if (room.empty()) continue;
    const engine::Answer* const answer = turn.ask({room, std::string(topic), who.bare()});
    waiting = waiting || answer == nullptr;
    if (answer == nullptr || !answer->exists || answer->failed) continue;
    for (std::string& line : lines_of(answer->value)) {
      if (all.size() < kLinesOfAll) all.push_back(std::move(line));
    }
  }
  if (waiting) return std::nullopt;
  return all;
}

// --- create --------------------------------------------------------------------------------------

void offer_create(const Context& context, ServiceTurn& turn, const xmpp::Stanza& stanza) {
  const auto found = ask_his_rooms(turn, stanza.from, kAskCandidates);
  if (!found) return;
  const std::set<std::string> candidates(found->begin(), found->end());
  using namespace xep_0004;
  Form form{
      "form", "Create a room", "Everybody whom you name is a member at once, and is told.", {}};
  form.fields = {
      hidden("FORM_TYPE", xep_group_rooms::kNodeCreate),
      text_field("name", "Name of its address (…@" + context.settings.rooms + ")", {}),
      text_field("muc#roomconfig_roomname", "Name", {}),
      text_field("muc#roomconfig_roomdesc", "Description", {}),
      boolean_field("muc#roomconfig_membersonly", "Only members may enter", false),
      boolean_field("muc#roomconfig_publicroom", "Show the room in lists", true),
      text_field("members", "Members, by address", {}, "jid-multi"),
  };
  form.fields[1].required = true;
  if (!context.settings.identities.empty()) {
    for (Field& field : acting_fields()) form.fields.push_back(std::move(field));
  }
  if (!candidates.empty()) {
    Field field = text_field("candidates", "Members of rooms that you are in", {}, "list-multi");
    for (const std::string& bare : candidates) {
      if (bare != stanza.from.bare_text()) field.options.push_back({{}, bare});
    }
    form.fields.push_back(std::move(field));
  }
  offer(turn, xep_group_rooms::kNodeCreate, std::move(form));
}

void run_create(const Context& context, ServiceTurn& turn, const xmpp::Stanza& stanza,
                const xep_0050::Request& request) {
  if (!request.form || request.form->type != "submit") return offer_create(context, turn, stanza);
  const auto room =
      xmpp::Jid::make(request.form->value("name").value_or(""), context.settings.rooms, {});
  if (!room || room->local().empty()) return refuse_form(turn, "The room's address needs a name.");
  xep_group_rooms::Create create;
  create.settings.emplace().type = "submit";
  for (const Field& field : request.form->fields) {
    if (field.var.starts_with("muc#") || field.var.starts_with("act-as#")) {
      create.settings->fields.push_back(field);
    }
    if (field.var != "members" && field.var != "candidates") continue;
    for (const std::string& jid : field.values) {
      if (!jid.empty()) create.members.push_back({jid, {}, {}});
    }
  }
  std::string content;
  xmpp::Writer writer(content);
  writer.open("x", xep_group_rooms::kNs);
  xep_group_rooms::write(writer, create);
  writer.close();
  turn.pass(*room, {std::string(kFoundTopic),
                    stanza,
                    {{"request", std::move(content)},
                     {"reply", ended(request, "There is a new room now: " + room->text())}},
                    {}});
}

// --- requests ------------------------------------------------------------------------------------

void offer_requests(ServiceTurn& turn, const xmpp::Stanza& stanza,
                    const xep_0050::Request& request) {
  const auto waiting = ask_his_rooms(turn, stanza.from, kAskRequests);
  if (!waiting) return;
  if (waiting->empty()) return turn.reply(ended(request, "Nobody waits for an answer."));
  using namespace xep_0004;
  Form form{"form", "Requests to join your rooms", {}, {}};
  std::vector<Option> options;
  for (const std::string& line : *waiting) {
    const std::size_t tab = line.find('\t');
    if (tab != std::string::npos) options.push_back({line.substr(tab + 1), line.substr(0, tab)});
  }
  const std::string first = options.empty() ? std::string() : options.front().value;
  form.fields = {hidden("FORM_TYPE", xep_group_rooms::kNodeRequests),
                 list_field("request", "Who asks", first, std::move(options)),
                 list_field("answer", "May he join?", "yes", {{"Yes", "yes"}, {"No", "no"}})};
  offer(turn, xep_group_rooms::kNodeRequests, std::move(form));
}

void run_requests(ServiceTurn& turn, const xmpp::Stanza& stanza, const xep_0050::Request& request) {
  if (!request.form || request.form->type != "submit") {
    return offer_requests(turn, stanza, request);
  }
  const std::string token(request.form->value("request").value_or(""));
  const std::string answer(request.form->value("answer").value_or(""));
  if (answer != "yes" && answer != "no") return refuse_form(turn, "Answer yes or no.");
  const std::string key = question_key(token);
  const auto* const found = turn.ask_index(key, key + '\0', 1);
  if (found == nullptr) return;
  const xmpp::Jid room =
      found->ok() && !(*found)->empty() ? read_jid((*found)->front().second) : xmpp::Jid();
  if (room.empty()) {
    return turn.refuse(Error(Condition::item_not_found, "There is no such request any more."));
  }
  turn.pass(room,
            {std::string(kDecideTopic),
             stanza,
             {{"token", token},
              {"answer", answer},
              {"reply", ended(request, answer == "yes" ? "He is a member now, and is told so."
                                                       : "He is told that he was not accepted.")}},
             {}});
}

}  // namespace

std::string answer_candidates(const engine::RoomState& state, const xmpp::Jid& actor) {
  const Room& room = state.get<Room>();
  const Affiliation rank = room.affiliation(actor);
  const bool may_see =
      rank >= Affiliation::admin || (rank >= Affiliation::member && room.config().nonanonymous);
  std::string out;
  if (!may_see || room.config().conversation) return out;
  std::size_t count = 0;
  for (const auto& [bare, member] : room.members()) {
    if (member.affiliation < Affiliation::member || member.kind != MemberKind::person) continue;
    if (++count > kCandidatesOfRoom) break;
    out.append(bare).append("\n");
  }
  return out;
}

std::string answer_requests(const engine::RoomState& state, const xmpp::Jid& actor) {
  const Room& room = state.get<Room>();
  std::string out;
  if (room.affiliation(actor) < Affiliation::admin) return out;
  for (const auto& [bare, application] : room.applications()) {
    if (application.answered) continue;
    std::string text = bare + " → " + state.address().text();
    if (!application.nick.empty()) text += " as " + application.nick;
    if (application.kind == MemberKind::room) text += " (a room; " + application.asker + " asks)";
    std::string line = application.token + '\t' + text;
    std::replace(line.begin(), line.end(), '\n', ' ');
    out += line + '\n';
  }
  return out;
}

void on_decide_passed(const Context& context, engine::RoomTurn& turn,
                      const engine::Passed& passed) {
  const xmpp::Jid applicant = applicant_by_token(room_of(turn), passed.param("token"));
  const Result<Decided> decided =
      decide(context, turn, passed.stanza.from, applicant, passed.param("answer") == "yes");
  if (!decided) return turn.refuse(decided.error());
  if (*decided == Decided::already_answered || *decided == Decided::unknown) {
    return turn.refuse(Error(Condition::item_not_found, std::string(text_of(*decided))));
  }
  turn.reply(passed.param("reply"));
}

std::vector<Command> people_commands(const Context& context) {
  const auto create = [&context](ServiceTurn& turn, const xmpp::Stanza& stanza,
                                 const xep_0050::Request& request) {
    run_create(context, turn, stanza, request);
  };
  const auto requests = [](ServiceTurn& turn, const xmpp::Stanza& stanza,
                           const xep_0050::Request& request) {
    run_requests(turn, stanza, request);
  };
  return {{std::string(xep_group_rooms::kNodeCreate), "Create a room with members", create},
          {std::string(xep_group_rooms::kNodeRequests), "Requests to join my rooms", requests}};
}

}  // namespace hansa::rooms
