#include "xep-spec/xep_0317_hats.h"

#include <algorithm>
#include <cstdlib>

#include "base/crypto.h"
#include "base/encoding.h"

namespace hansa::xep_0317 {
namespace {

constexpr std::string_view kFormType = "urn:xmpp:hats:commands";

xep_0004::Field value_field(std::string_view var, const std::string& value) {
  xep_0004::Field out;
  out.var = var;
  if (!value.empty()) out.values.push_back(value);
  return out;
}

xep_0004::Form new_form(std::string_view type, std::string_view title) {
  xep_0004::Form form;
  form.type = type;
  form.title = title;
  if (type == "form") form.fields.push_back(xep_0004::hidden("FORM_TYPE", kFormType));
  return form;
}

}  // namespace

void write(xmpp::Writer& writer, const std::vector<Hat>& hats) {
  writer.open("hats", kNs);
  for (const Hat& hat : hats) {
    writer.open("hat")
        .attr("title", hat.title)
        .attr("uri", hat.uri)
        .attr_if("hue", hat.hue)
        .close();
  }
  writer.close();
}

bool is_hue(std::string_view text) {
  const bool digits = std::all_of(text.begin(), text.end(),
                                  [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
  if (!digits || text.size() > 16 || std::count(text.begin(), text.end(), '.') > 1) return false;
  return text.empty() || std::strtod(std::string(text).c_str(), nullptr) <= 360;
}

xep_0004::Form create_form() {
  xep_0004::Form form = new_form("form", "Making a hat");
  form.instructions = "A hat with a URI that is there already is changed.";
  form.fields.push_back(xep_0004::text_field(field::kTitle, "Title of the hat", {}));
  form.fields.push_back(xep_0004::text_field(field::kUri, "URI of the hat", {}));
  for (xep_0004::Field& each : form.fields) each.required = each.var != "FORM_TYPE";
  form.fields.push_back(xep_0004::text_field(field::kHue, "Hue of the hat, in degrees", {}));
  return form;
}

xep_0004::Form choice_form(const Hats& hats, bool with_person) {
  xep_0004::Form form = new_form("form", "Choosing a hat");
  if (with_person) {
    form.fields.push_back(
        xep_0004::text_field(field::kJid, "Address of the person", {}, "jid-single"));
    form.fields.back().required = true;
  }
  xep_0004::Field which = xep_0004::text_field(field::kUri, "The hat", {}, "list-single");
  for (const auto& [uri, hat] : hats) which.options.push_back({hat.title, uri});
  form.fields.push_back(std::move(which));
  return form;
}

xep_0004::Form list_form(const Hats& hats) {
  xep_0004::Form form = new_form("result", "Hats");
  for (const auto var : {field::kTitle, field::kUri, field::kHue}) {
    form.reported.push_back(value_field(var, {}));
  }
  for (const auto& [uri, hat] : hats) {
    form.items.push_back({value_field(field::kTitle, hat.title), value_field(field::kUri, uri),
                          value_field(field::kHue, hat.hue)});
  }
  return form;
}

xep_0004::Form assigned_form(const std::vector<std::pair<std::string, Hat>>& worn) {
  xep_0004::Form form = new_form("result", "Hats that are worn");
  for (const auto var : {field::kJid, field::kUri, field::kTitle, field::kHue}) {
    form.reported.push_back(value_field(var, {}));
  }
  for (const auto& [bare, hat] : worn) {
    form.items.push_back({value_field(field::kJid, bare), value_field(field::kUri, hat.uri),
                          value_field(field::kTitle, hat.title),
                          value_field(field::kHue, hat.hue)});
  }
  return form;
}

std::string hash_of(const Hats& hats) {
  std::string text;
  for (const auto& [uri, hat] : hats) {
    for (const std::string_view part :
         {std::string_view(uri), std::string_view(hat.title), std::string_view(hat.hue)}) {
      text.append(part).append(1, '\0');
    }
  }
  return hex(sha1(text));
}

}  // namespace hansa::xep_0317
