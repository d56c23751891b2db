#include "modules/rooms/config_form.h"

#include <array>
#include <charconv>

#include "base/limits.h"
#include "xep-spec/xep_0045_muc.h"

namespace hansa::rooms {
namespace {

using xep_0004::Field;
using xep_0004::Form;

constexpr std::string_view kName = "muc#roomconfig_roomname";
constexpr std::string_view kDescription = "muc#roomconfig_roomdesc";
constexpr std::string_view kMaxUsers = "muc#roomconfig_maxusers";
constexpr std::string_view kWhois = "muc#roomconfig_whois";
constexpr std::string_view kAllowPm = "muc#roomconfig_allowpm";
constexpr std::string_view kProtected = "muc#roomconfig_passwordprotectedroom";
constexpr std::string_view kSecret = "muc#roomconfig_roomsecret";
constexpr std::string_view kMayActField = "act-as#may_act";
constexpr std::size_t kTextBytes = 4096;  // of name, description or password

// The fields that are a flag each.
struct Flag {
  std::string_view var;
  std::string_view label;
  bool Config::*value;
};
constexpr std::array<Flag, 6> kFlags = {{
    {"muc#roomconfig_persistentroom", "Keep the room when nobody is in it", &Config::persistent},
    {"muc#roomconfig_publicroom", "Show the room in lists", &Config::listed},
    {"muc#roomconfig_membersonly", "Only members may enter", &Config::members_only},
    {"muc#roomconfig_moderatedroom", "Only participants may speak", &Config::moderated},
    {"muc#roomconfig_changesubject", "Participants may change the subject",
     &Config::change_subject},
    {"muc#roomconfig_allowinvites", "Participants may invite others", &Config::allow_invites},
}};

struct Choice {
  std::string_view value;
  std::string_view label;
  MayAct may_act;
};
constexpr std::array<Choice, 3> kMayAct = {{
    {"owners", "Its owners", MayAct::owners},
    {"admins", "Its owners and admins", MayAct::admins},
    {"members", "All its members", MayAct::members},
}};

Error bad_field(std::string_view var) {
  return Error(Condition::not_acceptable, "The field " + std::string(var) + " has a bad value.");
}

Field may_act_field(MayAct may_act) {
  std::vector<xep_0004::Option> options;
  std::string_view now;
  for (const Choice& choice : kMayAct) {
    options.push_back({std::string(choice.label), std::string(choice.value)});
    if (choice.may_act == may_act) now = choice.value;
  }
  return xep_0004::list_field(kMayActField, "Who may speak to others as this room", now,
                              std::move(options));
}

// --- reading: each sets what its field says; false: it has a bad value ---------------------------

bool read_text(std::optional<std::string_view> text, std::string& out) {
  if (text && text->size() > kTextBytes) return false;
  if (text) out = *text;
  return true;
}

bool read_flag(std::optional<std::string_view> text, bool& out) {
  if (!text) return true;
  const auto flag = xep_0004::parse_boolean(*text);
  if (flag) out = *flag;
  return flag.has_value();
}

bool read_max_users(std::optional<std::string_view> text, std::uint64_t& out) {
  if (!text) return true;
  out = 0;
  if (text->empty() || *text == "none") return true;
  const char* const last = text->data() + text->size();
  const auto [end, error] = std::from_chars(text->data(), last, out);
  return error == std::errc() && end == last && out <= limits::kOccupants;
}

bool read_whois(std::optional<std::string_view> text, bool& nonanonymous) {
  if (!text) return true;
  nonanonymous = *text == "anyone";
  return nonanonymous || *text == "moderators";
}

bool read_allow_pm(std::optional<std::string_view> text, bool& allow) {
  if (!text) return true;
  allow = *text == "anyone" || *text == "participants";
  return allow || *text == "moderators" || *text == "none";
}

bool read_may_act(std::optional<std::string_view> text, MayAct& out) {
  if (!text) return true;
  for (const Choice& choice : kMayAct) {
    if (choice.value != *text) continue;
    out = choice.may_act;
    return true;
  }
  return false;
}

bool read_password(const Form& form, std::string& password) {
  bool is_protected = !password.empty();
  if (!read_flag(form.value(kProtected), is_protected)) return false;
  if (!is_protected) {
    password.clear();
    return true;
  }
  return read_text(form.value(kSecret), password) && !password.empty();
}

}  // namespace

Form write_form(const xmpp::Jid& room, const Config& config) {
  using namespace xep_0004;
  Form form{"form", "Settings of " + room.text(), {}, {}};
  std::vector<Field>& fields = form.fields;
  fields.push_back(hidden("FORM_TYPE", xep_0045::kFormConfig));
  fields.push_back(text_field(kName, "Name", config.name));
  fields.push_back(text_field(kDescription, "Description", config.description));
  for (const Flag& flag : kFlags) {
    fields.push_back(boolean_field(flag.var, flag.label, config.*flag.value));
  }
  fields.push_back(list_field(kWhois, "Who may see real addresses",
                              config.nonanonymous ? "anyone" : "moderators",
                              {{"Moderators", "moderators"}, {"Anyone", "anyone"}}));
  fields.push_back(list_field(kAllowPm, "Who may send private messages",
                              config.allow_pm ? "anyone" : "moderators",
                              {{"Anyone", "anyone"}, {"Moderators", "moderators"}}));
  fields.push_back(text_field(kMaxUsers, "How many may be in at once (0: no own limit)",
                              std::to_string(config.max_occupants)));
  fields.push_back(
      boolean_field(kProtected, "A password is needed to enter", !config.password.empty()));
  fields.push_back(text_field(kSecret, "Password", config.password, "text-private"));
  fields.push_back(may_act_field(config.may_act));
  return form;
}

Result<Config> read_form(const Form& form, Config config) {
  const auto value = [&](std::string_view var) { return form.value(var); };
  if (!read_text(value(kName), config.name)) return bad_field(kName);
  if (!read_text(value(kDescription), config.description)) return bad_field(kDescription);
  for (const Flag& flag : kFlags) {
    if (!read_flag(value(flag.var), config.*flag.value)) return bad_field(flag.var);
  }
  if (!read_whois(value(kWhois), config.nonanonymous)) return bad_field(kWhois);
  if (!read_allow_pm(value(kAllowPm), config.allow_pm)) return bad_field(kAllowPm);
  if (!read_max_users(value(kMaxUsers), config.max_occupants)) return bad_field(kMaxUsers);
  if (!read_password(form, config.password)) return bad_field(kSecret);
  if (!read_may_act(value(kMayActField), config.may_act)) return bad_field(kMayActField);
  return config;
}

}  // namespace hansa::rooms
