#include "xep-spec/xep_0004_forms.h"

#include "xmpp/ns.h"

namespace hansa::xep_0004 {
namespace {

std::string child_text(const xmpp::Element& element, std::string_view name) {
  const xmpp::Element* const child = element.child(name, kNs);
  return child == nullptr ? std::string() : child->text();
}

Field parse_field(const xmpp::Element& element) {
  Field field;
  field.var = element.attr("var");
  field.type = element.attr("type");
  field.label = element.attr("label");
  for (const xmpp::Element& child : element.children()) {
    if (child.is("value", kNs)) field.values.push_back(child.text());
    if (child.is("required", kNs)) field.required = true;
    if (child.is("option", kNs)) {
      field.options.push_back({std::string(child.attr("label")), child_text(child, "value")});
    }
  }
  return field;
}

void write_field(xmpp::Writer& writer, const Field& field) {
  writer.open("field")
      .attr_if("var", field.var)
      .attr_if("type", field.type)
      .attr_if("label", field.label);
  if (field.required) writer.open("required").close();
  writer.raw(field.more);
  for (const std::string& value : field.values) writer.leaf("value", value);
  for (const Option& option : field.options) {
    writer.open("option").attr_if("label", option.label).leaf("value", option.value).close();
  }
  writer.close();
}

}  // namespace

const Field* Form::field(std::string_view var) const {
  for (const Field& each : fields) {
    if (each.var == var) return &each;
  }
  return nullptr;
}

std::optional<std::string_view> Form::value(std::string_view var) const {
  const Field* const found = field(var);
  if (found == nullptr) return std::nullopt;
  return found->values.empty() ? std::string_view() : std::string_view(found->values.front());
}

std::string_view Form::form_type() const { return value("FORM_TYPE").value_or(std::string_view()); }

std::optional<Form> parse(const xmpp::Element& element) {
  if (!element.is("x", kNs)) return std::nullopt;
  Form form;
  form.type = element.attr("type");
  form.title = child_text(element, "title");
  form.instructions = child_text(element, "instructions");
  for (const xmpp::Element& child : element.children()) {
    if (child.is("field", kNs)) form.fields.push_back(parse_field(child));
  }
  return form;
}

void write(xmpp::Writer& writer, const Form& form) {
  writer.open("x", kNs).attr_if("type", form.type);
  if (!form.title.empty()) writer.leaf("title", form.title);
  if (!form.instructions.empty()) writer.leaf("instructions", form.instructions);
  for (const Field& field : form.fields) write_field(writer, field);
  const auto write_group = [&](std::string_view name, const std::vector<Field>& fields) {
    writer.open(name);
    for (const Field& field : fields) write_field(writer, field);
    writer.close();
  };
  if (!form.reported.empty()) write_group("reported", form.reported);
  for (const std::vector<Field>& item : form.items) write_group("item", item);
  writer.close();
}

Field hidden(std::string_view var, std::string_view value) {
  return {std::string(var), "hidden", {}, {std::string(value)}, {}, false};
}

Field text_field(std::string_view var, std::string_view label, std::string_view value,
                 std::string_view type) {
  Field field{std::string(var), std::string(type), std::string(label), {}, {}, false};
  if (!value.empty()) field.values.emplace_back(value);
  return field;
}

Field boolean_field(std::string_view var, std::string_view label, bool value) {
  return {std::string(var), "boolean", std::string(label), {value ? "1" : "0"}, {}, false};
}

Field list_field(std::string_view var, std::string_view label, std::string_view value,
                 std::vector<Option> options) {
  return {std::string(var),     "list-single",      std::string(label),
          {std::string(value)}, std::move(options), false};
}

std::optional<bool> parse_boolean(std::string_view text) {
  if (text == "1" || text == "true") return true;
  if (text == "0" || text == "false") return false;
  return std::nullopt;
}

}  // namespace hansa::xep_0004
