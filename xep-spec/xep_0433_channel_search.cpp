#include "xep-spec/xep_0433_channel_search.h"

#include <algorithm>
#include <charconv>

namespace hansa::xep_0433 {
namespace {

constexpr std::string_view kByAddress = "{urn:xmpp:channel-search:0:order}address";
constexpr std::string_view kByUsers = "{urn:xmpp:channel-search:0:order}nusers";
constexpr std::string_view kTypeMuc = "xep-0045";

// The types are the XEP's (§3.2), not those of the conditions.
Refusal refusal(Condition reason, ErrorType type, std::string text, std::string_view detail) {
  Error error(reason, std::move(text));
  error.type = type;
  return {std::move(error), condition(detail)};
}

bool flag_of(const xep_0004::Form& form, std::string_view var, bool otherwise) {
  const auto value = form.value(var);
  return value ? xep_0004::parse_boolean(*value).value_or(otherwise) : otherwise;
}

std::uint64_t number_of(std::string_view text) {
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::optional<Refusal> read_key(const xep_0004::Form& form, Key& key) {
  const auto value = form.value("key");
  if (!value || *value == kByUsers) return std::nullopt;
  if (*value != kByAddress) {
    return refusal(Condition::feature_not_implemented, ErrorType::modify,
                   "Results cannot be sorted by that.", "invalid-sort-key");
  }
  key = Key::address;
  return std::nullopt;
}

std::optional<Refusal> read_terms(const xep_0004::Form& form, Search& search) {
  const auto terms = form.value("q");
  search.all = flag_of(form, "all", false);
  if (search.all && terms && !terms->empty()) {
    std::string both;
    xmpp::Writer writer(both);
    writer.open("conflicting-fields", kNsErrors).leaf("var", "all").leaf("var", "q").close();
    return Refusal{Error(Condition::bad_request, "Ask for all, or search by words."),
                   std::move(both)};
  }
  if (search.all) return std::nullopt;
  if (!terms) {
    return refusal(Condition::bad_request, ErrorType::cancel,
                   "Ask for all, or say what to search for.", "no-search-conditions");
  }
  if (terms->find_first_not_of(" \t\r\n\"") == std::string_view::npos) {
    return refusal(Condition::bad_request, ErrorType::modify,
                   "Say at least one word to search for.", "invalid-search-terms");
  }
  search.terms = *terms;
  return std::nullopt;
}

void write_item(xmpp::Writer& writer, const Item& item) {
  writer.open("item").attr("address", item.address);
  if (!item.name.empty()) writer.leaf("name", item.name);
  if (!item.description.empty()) writer.leaf("description", item.description);
  if (!item.language.empty()) writer.leaf("language", item.language);
  writer.leaf("nusers", std::to_string(item.users))
      .leaf("service-type", kTypeMuc)
      .leaf("anonymity-mode", item.anonymity);
  if (item.open) writer.leaf("is-open", "true");  // that it is there says it to some clients
  writer.close();
}

}  // namespace

bool asks_for_form(const xmpp::Element& search) { return search.first_child() == nullptr; }

xep_0004::Form search_form() {
  using namespace xep_0004;
  Form form{"form", {}, {}, {}};
  Field types{"types",
              "list-multi",
              "Service types",
              {std::string(kTypeMuc)},
              {{"XEP-0045 Multi-User Chats", std::string(kTypeMuc)}},
              false};
  form.fields = {
      hidden("FORM_TYPE", kFormParams),
      text_field("q", "Search for", {}),
      boolean_field("all", "Return all entries (ignore search terms)", false),
      boolean_field("sinname", "Search in name", true),
      boolean_field("sindescription", "Search in description", true),
      boolean_field("sinaddr", "Search in address", true),
      boolean_field("sinaddress", "Search in address", true),
      text_field("min_users", "Minimum number of users", "0"),
      std::move(types),
      list_field("key", "Sort results by", kByUsers,
                 {{"Number of online users", std::string(kByUsers)},
                  {"Address", std::string(kByAddress)}}),
  };
  return form;
}

Parsed parse(const xmpp::Element& search) {
  Parsed out;
  if (const xmpp::Element* const set = search.child("set", xep_0059::kNs)) {
    out.search.page = xep_0059::parse(*set);
  }
  const xmpp::Element* const x = search.child("x", xep_0004::kNs);
  const auto form = x == nullptr ? std::nullopt : xep_0004::parse(*x);
  if (!form || form->type != "submit" || form->form_type() != kFormParams) {
    out.refusal = refusal(Condition::bad_request, ErrorType::cancel,
                          "Ask for all, or say what to search for.", "no-search-conditions");
    return out;
  }
  Search& wanted = out.search;
  wanted.in_name = flag_of(*form, "sinname", true);
  wanted.in_description = flag_of(*form, "sindescription", true);
  // The example and the table of the XEP name this field differently.
  wanted.in_address = flag_of(*form, "sinaddress", flag_of(*form, "sinaddr", true));
  wanted.least_users = number_of(form->value("min_users").value_or("0"));
  if (const xep_0004::Field* const types = form->field("types")) {
    wanted.rooms = types->values.empty() || std::find(types->values.begin(), types->values.end(),
                                                      kTypeMuc) != types->values.end();
  }
  out.refusal = read_terms(*form, wanted);
  if (!out.refusal) out.refusal = read_key(*form, wanted.key);
  return out;
}

std::string condition(std::string_view name) {
  std::string out;
  xmpp::Writer(out).empty(name, kNsErrors);
  return out;
}

void write(xmpp::Writer& writer, const Results& results) {
  writer.open("result", kNs);
  for (const Item& item : results.items) write_item(writer, item);
  xep_0059::write(writer, results.page);
  writer.close();
}

}  // namespace hansa::xep_0433
