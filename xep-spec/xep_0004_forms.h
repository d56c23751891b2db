#pragma once
// XEP-0004 Data Forms (with FORM_TYPE of XEP-0068): a form as a value. Reported tables and items
// (§3.4) are written and not read. A form that is not one parses to nothing; unknown field types
// are kept.
// Supported: 2.13.2, complete but for reading tables

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "xmpp/element.h"
#include "xmpp/writer.h"

namespace hansa::xep_0004 {

inline constexpr std::string_view kNs = "jabber:x:data";
inline constexpr std::array<std::string_view, 1> kFeatures = {kNs};

struct Option {
  std::string label;
  std::string value;
};

struct Field {
  std::string var;
  std::string type;  // §3.3; empty: none written
  std::string label;
  std::vector<std::string> values;
  std::vector<Option> options;
  bool required = false;
  std::string more = {};  // what else is inside, as XML (written, not read)
};

struct Form {
  std::string type;  // §3.1: form, submit, cancel, result
  std::string title;
  std::string instructions;
  std::vector<Field> fields;
  std::vector<Field> reported = {};            // §3.4: columns
  std::vector<std::vector<Field>> items = {};  // rows

  [[nodiscard]] const Field* field(std::string_view var) const;
  // The field's first value; nothing if the field is absent, empty if it has no value.
  [[nodiscard]] std::optional<std::string_view> value(std::string_view var) const;
  [[nodiscard]] std::string_view form_type() const;  // empty: none
};

[[nodiscard]] std::optional<Form> parse(const xmpp::Element& element);
void write(xmpp::Writer& writer, const Form& form);

[[nodiscard]] Field hidden(std::string_view var, std::string_view value);
[[nodiscard]] Field text_field(std::string_view var, std::string_view label, std::string_view value,
                               std::string_view type = "text-single");
[[nodiscard]] Field boolean_field(std::string_view var, std::string_view label, bool value);
[[nodiscard]] Field list_field(std::string_view var, std::string_view label, std::string_view value,
                               std::vector<Option> options);
// A value of type boolean (§3.3): true, false, 1, 0; nothing for any other text.
[[nodiscard]] std::optional<bool> parse_boolean(std::string_view text);

}  // namespace hansa::xep_0004
