#include "xep-spec/xep_0313_archive.h"

#include "xep-spec/xep_0203_delay.h"
#include "xep-spec/xep_0297_forwarding.h"

namespace hansa::xep_0313 {
namespace {

constexpr std::string_view kStart = "start";
constexpr std::string_view kEnd = "end";
constexpr std::string_view kWith = "with";
constexpr std::string_view kBeforeId = "before-id";
constexpr std::string_view kAfterId = "after-id";
constexpr std::string_view kIds = "ids";

Status read_stamp(const xep_0004::Field& field, std::optional<WallTime>& out) {
  if (field.values.empty() || field.values.front().empty()) return Done{};
  const Result<WallTime> stamp = parse_datetime(field.values.front());
  if (!stamp) return Error(Condition::bad_request, "The field " + field.var + " is no DateTime.");
  out = *stamp;
  return Done{};
}

std::string first_of(const xep_0004::Field& field) {
  return field.values.empty() ? std::string() : field.values.front();
}

Status read_field(const xep_0004::Field& field, Query& out) {
  if (field.var == "FORM_TYPE") return Done{};
  if (field.var == kStart) return read_stamp(field, out.start);
  if (field.var == kEnd) return read_stamp(field, out.end);
  if (field.var == kWith) {
    out.with = first_of(field);
  } else if (field.var == kBeforeId) {
    out.before_id = first_of(field);
  } else if (field.var == kAfterId) {
    out.after_id = first_of(field);
  } else if (field.var == kIds) {
    out.ids = field.values;
  } else {
    return Error(Condition::feature_not_implemented, "There is no field " + field.var + " here.");
  }
  return Done{};
}

void write_end(xmpp::Writer& writer, std::string_view name, const Metadata::End& end) {
  writer.open(name).attr("id", end.id).attr("timestamp", to_datetime(end.stamp)).close();
}

}  // namespace

Result<Query> parse(const xmpp::Element& query) {
  Query out;
  out.query_id = query.attr("queryid");
  out.node = query.attr("node");
  out.flip = query.child("flip-page", kNs) != nullptr;
  if (const xmpp::Element* const set = query.child("set", xep_0059::kNs)) {
    out.page = xep_0059::parse(*set);
  }
  const xmpp::Element* const x = query.child("x", xep_0004::kNs);
  if (x == nullptr) return out;
  const std::optional<xep_0004::Form> form = xep_0004::parse(*x);
  if (!form || form->type != "submit" || form->form_type() != kNs) {
    return Error(Condition::bad_request, "That is not the form of an archive's query.");
  }
  for (const xep_0004::Field& field : form->fields) {
    if (const Status read = read_field(field, out); !read) return read.error();
  }
  return out;
}

xep_0004::Form query_form() {
  using xep_0004::text_field;
  xep_0004::Form form{"form", {}, {}, {}};
  form.fields = {
      xep_0004::hidden("FORM_TYPE", kNs),
      text_field(kWith, "Said by", {}, "jid-single"),
      text_field(kStart, "From this time on", {}),
      text_field(kEnd, "Up to this time", {}),
      text_field(kBeforeId, "Before this id", {}),
      text_field(kAfterId, "After this id", {}),
      text_field(kIds, "These ids", {}, "list-multi"),
  };
  return form;
}

void open_result(xmpp::Writer& writer, std::string_view query_id, std::string_view id,
                 WallTime stamp) {
  writer.open("result", kNs).attr_if("queryid", query_id).attr("id", id);
  writer.open("forwarded", xep_0297::kNs);
  xep_0203::write(writer, {{}, stamp});
}

void close_result(xmpp::Writer& writer) { writer.close().close(); }

void write(xmpp::Writer& writer, const Fin& fin) {
  writer.open("fin", kNs);
  if (fin.complete) writer.attr("complete", "true");
  writer.attr("stable", "true");
  xep_0059::write(writer, fin.page);
  writer.close();
}

std::optional<Fin> parse_fin(const xmpp::Element& element) {
  if (!element.is("fin", kNs)) return std::nullopt;
  Fin fin;
  fin.complete = element.attr("complete") == "true" || element.attr("complete") == "1";
  if (const xmpp::Element* const set = element.child("set", xep_0059::kNs)) {
    fin.page = xep_0059::parse_page(*set).value_or(xep_0059::Page{});
  }
  return fin;
}

void write(xmpp::Writer& writer, const Metadata& metadata) {
  writer.open("metadata", kNs);
  if (metadata.start && metadata.end) {
    write_end(writer, "start", *metadata.start);
    write_end(writer, "end", *metadata.end);
  }
  writer.close();
}

}  // namespace hansa::xep_0313
