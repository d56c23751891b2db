#include "xep-spec/xep_0157_contacts.h"

namespace hansa::xep_0157 {

xep_0004::Form write_form(const Contacts& contacts) {
  xep_0004::Form form;
  form.type = "result";
  form.fields.push_back(xep_0004::hidden("FORM_TYPE", kFormType));
  for (const auto& [purpose, addresses] : contacts) {
    if (addresses.empty()) continue;
    xep_0004::Field field;
    field.var = purpose + "-addresses";
    field.type = "list-multi";
    field.values = addresses;
    form.fields.push_back(std::move(field));
  }
  return form;
}

}  // namespace hansa::xep_0157
