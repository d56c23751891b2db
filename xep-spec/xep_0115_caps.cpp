#include "xep-spec/xep_0115_caps.h"

#include <algorithm>
#include <span>
#include <vector>

#include "base/crypto.h"

namespace hansa::xep_0115 {
namespace {

// RFC 4648 §4.
std::string base64(std::span<const std::uint8_t> bytes) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - at);
    std::uint32_t three = 0;
    for (std::size_t i = 0; i < 3; ++i) three = three << 8U | (i < count ? bytes[at + i] : 0U);
    for (std::size_t i = 0; i < 4; ++i) {
      out += i <= count ? kAlphabet[three >> (18 - 6 * i) & 63U] : '=';
    }
  }
  return out;
}

void append_sorted(std::string& out, std::vector<std::string> all) {
  std::sort(all.begin(), all.end());
  for (const std::string& one : all) out.append(one).append("<");
}

std::string of_form(const xep_0004::Form& form) {
  std::string out(form.form_type());
  out += '<';
  std::vector<const xep_0004::Field*> fields;
  for (const xep_0004::Field& field : form.fields) {
    if (field.var != "FORM_TYPE") fields.push_back(&field);
  }
  std::sort(fields.begin(), fields.end(),
            [](const auto* one, const auto* other) { return one->var < other->var; });
  for (const xep_0004::Field* field : fields) {
    out.append(field->var).append("<");
    append_sorted(out, field->values);
  }
  return out;
}

}  // namespace

std::string verification(const xep_0030::Info& info) {
  std::vector<std::string> identities;
  for (const xep_0030::Identity& one : info.identities) {
    identities.push_back(one.category + "/" + one.type + "//" + one.name);
  }
  std::vector<const xep_0004::Form*> forms;
  for (const xep_0004::Form& form : info.forms) {
    if (!form.form_type().empty()) forms.push_back(&form);
  }
  std::sort(forms.begin(), forms.end(), [](const auto* one, const auto* other) {
    return one->form_type() < other->form_type();
  });
  std::string all;
  append_sorted(all, std::move(identities));
  append_sorted(all, info.features);
  for (const xep_0004::Form* form : forms) all += of_form(*form);
  return base64(sha1(all));
}

void write(xmpp::Writer& writer, const Caps& caps) {
  writer.open("c", kNs).attr("hash", "sha-1").attr("node", caps.node).attr("ver", caps.ver).close();
}

}  // namespace hansa::xep_0115
