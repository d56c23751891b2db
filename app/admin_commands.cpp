#include "app/admin_commands.h"

#include <charconv>

#include "app/admin_answer.h"
#include "base/encoding.h"
#include "xep-spec/xep_0004_forms.h"

namespace hansa::app {
namespace {

using engine::ServiceTurn;

constexpr std::string_view kPlace = "place";

struct Reads {
  const char* node;
  const char* name;
  const char* asks;                     // the request that it stands for (admin_request.h)
  std::vector<xep_0004::Field> fields;  // its keys
  bool of_room = true;
};

std::vector<Reads> all() {
  using namespace xep_0004;
  const std::vector<Field> part = {
      text_field("from", "From this position on", {}),
      text_field("to", "Up to this position", {}),
      text_field("since", "Since, as in 2026-11-21T10:00:00Z", {}),
      text_field("until", "Until before", {}),
  };
  std::vector<Field> newest = part;
  newest.push_back(text_field("most", "The newest so many of these", {}));
  return {
      {"room-list", "List the rooms", "room list", {}, false},
      {"room-show", "Show a room", "room show", {}},
      {"room-members", "List the members of a room", "room members list", {}},
      {"room-log", "Read the log of a room", "room log", newest},
      {"room-export", "Export the log of a room as JSON lines", "room export", part},
  };
}

void offer(ServiceTurn& turn, const Reads& reads) {
  xep_0004::Form form;
  form.title = reads.name;
  form.fields.push_back(xep_0004::hidden("FORM_TYPE", reads.node));
  if (reads.of_room) {
    form.fields.push_back(xep_0004::text_field("room", "Room", {}, "jid-single"));
    form.fields.back().required = true;
  }
  form.fields.insert(form.fields.end(), reads.fields.begin(), reads.fields.end());
  form.fields.push_back(xep_0004::text_field(kPlace, "Go on where the page before this ended", {}));
  rooms::offer(turn, reads.node, std::move(form));
}

Result<AdminRequest> request_of(const Reads& reads, const xep_0004::Form& form) {
  std::string line = reads.asks;
  if (reads.of_room) line.append(" ").append(form.value("room").value_or(""));
  for (const xep_0004::Field& field : reads.fields) {
    const std::string_view value = form.value(field.var).value_or("");
    if (!value.empty()) line += " " + field.var + "=" + percent_encode(value);
  }
  return parse_request(line);
}

// An address of a list, or a position of a log.
AdminPlace place_of(std::string_view text) {
  AdminPlace place;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), place.next);
  if (failed != std::errc() || end != text.data() + text.size()) {
    place.next = 0;
    place.after = text;
  }
  return place;
}

void submitted(ServiceTurn& turn, const xep_0050::Request& request, const Reads& reads) {
  const Result<AdminRequest> asked = request_of(reads, *request.form);
  if (!asked) return rooms::refuse_form(turn, std::string(asked.error().message()));
  const AdminPlace place = place_of(request.form->value(kPlace).value_or(""));
  const Result<AdminPage> page = admin_page(turn, *asked, place);
  if (turn.waiting()) return;
  if (!page) return turn.refuse(page.error());
  xep_0050::Response response =
      xep_0050::done(request, page->next ? "There is more." : "That is all.");
  xep_0004::Form& form = response.form.emplace();
  form.type = "result";
  form.title = reads.name;
  xep_0004::Field rows = xep_0004::text_field("rows", "Rows", {}, "text-multi");
  for (std::string_view rest = page->rows; !rest.empty();) {
    const std::size_t line = rest.find('\n');
    rows.values.emplace_back(rest.substr(0, line));
    rest.remove_prefix(line == std::string_view::npos ? rest.size() : line + 1);
  }
  form.fields = {xep_0004::hidden("FORM_TYPE", reads.node), std::move(rows)};
  if (page->next) {
    const std::string next =
        page->next->after.empty() ? std::to_string(page->next->next) : page->next->after;
    form.fields.push_back(xep_0004::text_field(kPlace, "The next page begins here", next));
  }
  turn.reply(xmpp::written(response));
}

}  // namespace

std::vector<rooms::Command> admin_commands(const rooms::Settings& settings) {
  std::vector<rooms::Command> out;
  for (const Reads& reads : all()) {
    const auto run = [reads](ServiceTurn& turn, const xmpp::Stanza&,
                             const xep_0050::Request& request) {
      return rooms::is_filled(request) ? submitted(turn, request, reads) : offer(turn, reads);
    };
    out.push_back({reads.node, reads.name, run,
                   [&settings](const xmpp::Jid& who) { return rooms::is_admin(settings, who); }});
  }
  return out;
}

}  // namespace hansa::app
