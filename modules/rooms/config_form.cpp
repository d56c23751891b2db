#include "modules/rooms/config_form.h"

#include <array>
#include <charconv>

#include "base/limits.h"
#include "xep-spec/xep_0045_muc.h"
#include "xep-spec/xep_0122_validation.h"
#include "xep-spec/xep_0452_mention_notice.h"
#include "xep-spec/xep_0500_slow_mode.h"

namespace hansa::rooms {
namespace {

using xep_0004::Field;
using xep_0004::Form;

constexpr std::string_view kName = "muc#roomconfig_roomname";
constexpr std::string_view kDescription = "muc#roomconfig_roomdesc";
constexpr std::string_view kLang = "muc#roomconfig_lang";
constexpr std::string_view kPubsub = "muc#roomconfig_pubsub";
constexpr std::string_view kMaxUsers = "muc#roomconfig_maxusers";
constexpr std::string_view kHistoryField = "muc#maxhistoryfetch";
constexpr std::string_view kWhois = "muc#roomconfig_whois";
constexpr std::string_view kAllowPm = "muc#roomconfig_allowpm";
constexpr std::string_view kBroadcast = "muc#roomconfig_presencebroadcast";
constexpr std::string_view kMemberList = "muc#roomconfig_getmemberlist";
constexpr std::string_view kProtected = "muc#roomconfig_passwordprotectedroom";
constexpr std::string_view kSecret = "muc#roomconfig_roomsecret";
constexpr std::string_view kAdmins = "muc#roomconfig_roomadmins";
constexpr std::string_view kOwners = "muc#roomconfig_roomowners";
constexpr std::string_view kActPersons = "act-as#may_act";
constexpr std::string_view kActRooms = "act-as#may_act_rooms";
constexpr std::string_view kActChange = "act-as#change";
constexpr std::string_view kActNote = "act-as#notes";
constexpr std::string_view kRoomsMayField = "act-as#rooms_may";
constexpr std::string_view kMaxRooms = "act-as#max_rooms";
constexpr std::size_t kTextBytes = 4096;  // of name, description or password
constexpr std::size_t kShortBytes = 512;  // of a language, or a node's address

// The fields that are a flag each.
struct Flag {
  std::string_view var;
  std::string_view label;
  bool Config::*value;
};
constexpr std::array<Flag, 10> kFlags = {{
    {"muc#roomconfig_persistentroom", "Keep the room when nobody is in it", &Config::persistent},
    {"muc#roomconfig_publicroom", "Show the room in lists", &Config::listed},
    {"muc#roomconfig_membersonly", "Only members may enter", &Config::members_only},
    {"muc#roomconfig_moderatedroom", "Only participants may speak", &Config::moderated},
    {"muc#roomconfig_changesubject", "Participants may change the subject",
     &Config::change_subject},
    {"muc#roomconfig_allowinvites", "Participants may invite others", &Config::allow_invites},
    {"x-muc#roomconfig_membersinvite",
     "Where only members may enter: members may make others members by inviting them",
     &Config::members_invite},
    {"muc#roomconfig_enablelogging", "What is said here is published (those who enter are told)",
     &Config::logging},
    {"x-muc#roomconfig_registration", "People may ask to become members", &Config::registration},
    {xep_0452::kConfigField, "Tell members who are away that they are mentioned",
     &Config::forward_mentions},
}};

struct OutwardFlag {
  std::string_view var;
  std::string_view label;
  bool Outward::*value;
};
constexpr std::array<OutwardFlag, 5> kOutwardFlags = {{
    {"act-as#invite", "Invite absent members to its conversations", &Outward::invite},
    {"act-as#announce", "Tell those who are in of its conversations", &Outward::announce},
    {"act-as#subscriptions", "Whoever asks for this room's presence gets it", &Outward::subscribe},
    {"act-as#available", "Its presence is available, always", &Outward::available},
    {"act-as#states", "Others see that somebody is typing or has read (not who, and late)",
     &Outward::states},
}};

// The fields that are one of some choices.
template <typename Value>
struct Choice {
  std::string_view value;
  std::string_view label;
  Value means;
};
constexpr std::array<Choice<MayAct>, 4> kMayAct = {{
    {"owners", "Its owners", MayAct::owners},
    {"admins", "Its owners and admins", MayAct::admins},
    {"chosen", "Its owners, and members whom they choose", MayAct::chosen},
    {"members", "All its members", MayAct::members},
}};
constexpr std::array<Choice<MayChange>, 3> kChange = {{
    {"author", "Nobody", MayChange::author},
    {"admins", "Owners and admins", MayChange::admins},
    {"all", "All who may act as this room", MayChange::all},
}};
constexpr std::array<Choice<NoteMark>, 4> kNotes = {{
    {"note:", "note:", NoteMark::word},
    {"!", "!", NoteMark::bang},
    {"#", "#", NoteMark::hash},
    {"none", "Nothing does", NoteMark::none},
}};
constexpr std::array<Choice<RoomsMay>, 3> kRoomsMay = {{
    {"no", "No rooms as members", RoomsMay::join_not},
    {"listen", "Rooms that join may only listen", RoomsMay::listen},
    {"speak", "Rooms that join may speak", RoomsMay::speak},
}};
constexpr std::array<Choice<bool>, 2> kWhoisChoices = {{
    {"moderators", "Moderators", false},
    {"anyone", "Anyone", true},
}};
constexpr std::array<Choice<MayWrite>, 4> kPmChoices = {{
    {"anyone", "Anyone", MayWrite::anyone},
    {"participants", "Those who may speak", MayWrite::participants},
    {"moderators", "Moderators", MayWrite::moderators},
    {"none", "Nobody", MayWrite::none},
}};
constexpr std::array<Choice<Role>, 3> kRoles = {{
    {"moderator", "Moderators", Role::moderator},
    {"participant", "Participants", Role::participant},
    {"visitor", "Visitors", Role::visitor},
}};
constexpr std::array<std::string_view, 6> kMaxUsersOffered = {"10",  "50",   "100",
                                                              "500", "1000", "none"};

Error bad_field(std::string_view var) {
  return Error(Condition::not_acceptable, "The field " + std::string(var) + " has a bad value.");
}

template <typename Value, std::size_t N>
Field choice_field(std::string_view var, std::string_view label,
                   const std::array<Choice<Value>, N>& choices, Value now) {
  std::vector<xep_0004::Option> options;
  std::string_view chosen;
  for (const Choice<Value>& choice : choices) {
    options.push_back({std::string(choice.label), std::string(choice.value)});
    if (choice.means == now) chosen = choice.value;
  }
  return xep_0004::list_field(var, label, chosen, std::move(options));
}

Field roles_field(std::string_view var, std::string_view label, RoleSet now) {
  Field field = choice_field(var, label, kRoles, Role::none);
  field.type = "list-multi";
  field.values.clear();
  for (const Choice<Role>& role : kRoles) {
    if (now.has(role.means)) field.values.emplace_back(role.value);
  }
  return field;
}

Field max_users_field(std::uint64_t most) {
  const std::string now = most == 0 ? "none" : std::to_string(most);
  std::vector<xep_0004::Option> options;
  bool offered = false;
  for (const std::string_view value : kMaxUsersOffered) {
    options.push_back(
        {std::string(value == "none" ? "No limit of its own" : value), std::string(value)});
    offered = offered || value == now;
  }
  if (!offered) options.insert(options.begin(), {now, now});
  return xep_0004::list_field(kMaxUsers, "How many may be in at once", now, std::move(options));
}

Field people_field(std::string_view var, std::string_view label, const MemberList& members,
                   Affiliation affiliation) {
  Field field = xep_0004::text_field(var, label, {}, "jid-multi");
  for (const auto& [bare, member] : members) {
    if (member.affiliation == affiliation) field.values.emplace_back(bare);
  }
  return field;
}

Field slow_mode_field(std::uint64_t seconds) {
  Field field = xep_0004::text_field(xep_0500::kConfigField,
                                     "Slow mode: seconds to wait between two messages (0: none)",
                                     std::to_string(seconds));
  field.more = xep_0122::integer_range(0, limits::kSlowMode_s);
  return field;
}

// --- reading: each sets what its field says; false: it has a bad value ---------------------------

using Text = std::optional<std::string_view>;

template <typename Out>
bool read_text(Text text, Out& out, std::size_t most = kTextBytes) {
  if (text && text->size() > most) return false;
  if (text) out = *text;
  return true;
}

bool read_flag(Text text, bool& out) {
  if (!text) return true;
  const auto flag = xep_0004::parse_boolean(*text);
  if (flag) out = *flag;
  return flag.has_value();
}

bool read_number(std::string_view text, std::uint64_t& out) {
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, out);
  return error == std::errc() && end == last;
}

bool read_max_users(Text text, std::uint64_t& out) {
  if (!text) return true;
  out = 0;
  if (text->empty() || *text == "none") return true;
  return read_number(*text, out) && out <= limits::kOccupants;
}

bool read_number(Text text, std::uint64_t most, std::uint64_t& out) {
  if (!text) return true;
  out = 0;
  if (text->empty()) return true;
  const char* const last = text->data() + text->size();
  const auto [end, error] = std::from_chars(text->data(), last, out);
  return error == std::errc() && end == last && out <= most;
}

bool read_history(Text text, std::optional<std::uint64_t>& out) {
  if (!text) return true;
  out.reset();
  if (text->empty()) return true;
  std::uint64_t most = 0;
  if (!read_number(*text, most) || most > limits::kHistoryMax) return false;
  out = most;
  return true;
}

template <typename Value, std::size_t N>
bool read_choice(Text text, const std::array<Choice<Value>, N>& choices, Value& out) {
  if (!text) return true;
  for (const Choice<Value>& choice : choices) {
    if (choice.value != *text) continue;
    out = choice.means;
    return true;
  }
  return false;
}

bool read_roles(const Field* field, RoleSet& out) {
  if (field == nullptr) return true;
  RoleSet roles;
  for (const std::string& value : field->values) {
    Role role = Role::none;
    if (value == "none") continue;  // said by some clients where nothing is chosen
    if (!read_choice(Text(value), kRoles, role)) return false;
    roles.add(role);
  }
  out = roles;
  return true;
}

bool read_people(const Field* field, std::optional<std::vector<xmpp::Jid>>& out) {
  if (field == nullptr) return true;
  if (field->values.size() > limits::kBatchEntries / 2) return false;
  out.emplace();
  for (const std::string& value : field->values) {
    if (value.empty()) continue;
    const Result<xmpp::Jid> jid = xmpp::Jid::parse(value);
    if (!jid || jid->local().empty()) return false;
    out->push_back(jid->bare());
  }
  return true;
}

// The field that has a bad value; nothing: none.
std::optional<std::string_view> read_outward(const Form& form, Outward& outward) {
  const bool alike = outward.persons == outward.rooms;
  const auto value = [&](std::string_view var) { return form.value(var); };
  if (!read_choice(value(kActPersons), kMayAct, outward.persons)) return kActPersons;
  // Who sets but one, and had no difference between the two, means both.
  if (alike) outward.rooms = outward.persons;
  if (!read_choice(value(kActRooms), kMayAct, outward.rooms)) return kActRooms;
  if (!read_choice(value(kActChange), kChange, outward.change)) return kActChange;
  if (!read_choice(value(kActNote), kNotes, outward.note)) return kActNote;
  for (const OutwardFlag& flag : kOutwardFlags) {
    if (!read_flag(value(flag.var), outward.*flag.value)) return flag.var;
  }
  return std::nullopt;
}

void add_rights(std::vector<Field>& fields, const Outward& outward) {
  fields.push_back(
      choice_field(kActPersons, "Who may speak to persons as this room", kMayAct, outward.persons));
  fields.push_back(
      choice_field(kActRooms, "Who may speak in other rooms as this room", kMayAct, outward.rooms));
}

void add_outward(std::vector<Field>& fields, const Outward& outward) {
  using xep_0004::boolean_field;
  add_rights(fields, outward);
  fields.push_back(choice_field(kActChange, "Who else may correct what was said as this room",
                                kChange, outward.change));
  fields.push_back(choice_field(kActNote, "A message is a note for members if it begins with",
                                kNotes, outward.note));
  for (const OutwardFlag& flag : kOutwardFlags) {
    fields.push_back(boolean_field(flag.var, flag.label, outward.*flag.value));
  }
}

bool read_password(const Form& form, RareText& password) {
  bool is_protected = !password.empty();
  if (!read_flag(form.value(kProtected), is_protected)) return false;
  if (!is_protected) {
    password.clear();
    return true;
  }
  return read_text(form.value(kSecret), password) && !password.empty();
}

}  // namespace

Form write_form(const xmpp::Jid& room, const Config& config, const MemberList& members) {
  using namespace xep_0004;
  Form form{"form", "Settings of " + room.text(), {}, {}};
  std::vector<Field>& fields = form.fields;
  fields.push_back(hidden("FORM_TYPE", xep_0045::kFormConfig));
  fields.push_back(text_field(kName, "Name", config.name));
  fields.push_back(text_field(kDescription, "Description", config.description));
  fields.push_back(text_field(kLang, "Language", config.lang));
  for (const Flag& flag : kFlags) {
    fields.push_back(boolean_field(flag.var, flag.label, config.*flag.value));
  }
  fields.push_back(
      choice_field(kWhois, "Who may see real addresses", kWhoisChoices, config.nonanonymous));
  fields.push_back(
      choice_field(kAllowPm, "Who may send private messages", kPmChoices, config.allow_pm));
  fields.push_back(max_users_field(config.max_occupants));
  fields.push_back(text_field(kHistoryField, "Messages shown to who enters (empty: the usual)",
                              config.history ? std::to_string(*config.history) : ""));
  fields.push_back(roles_field(kBroadcast, "Whose presence all others see", config.broadcast));
  fields.push_back(
      roles_field(kMemberList, "Who may see the member list, too", config.member_list));
  fields.push_back(slow_mode_field(config.slow_mode_s));
  fields.push_back(
      boolean_field(kProtected, "A password is needed to enter", !config.password.empty()));
  fields.push_back(text_field(kSecret, "Password", config.password, "text-private"));
  fields.push_back(people_field(kAdmins, "Admins", members, Affiliation::admin));
  fields.push_back(people_field(kOwners, "Owners", members, Affiliation::owner));
  fields.push_back(text_field(kPubsub, "Its publish-subscribe node", config.pubsub));
  add_outward(fields, config.outward);
  fields.push_back(choice_field(kRoomsMayField, "May other rooms become members (when asked for)",
                                kRoomsMay, config.rooms_may));
  fields.push_back(text_field(kMaxRooms, "How many rooms may be members (empty: the usual)",
                              config.max_rooms == 0 ? "" : std::to_string(config.max_rooms)));
  return form;
}

std::vector<Field> acting_fields() {
  std::vector<Field> fields;
  add_rights(fields, {});
  return fields;
}

Result<Submitted> read_form(const Form& form, Config before) {
  Submitted out{std::move(before), {}, {}};
  Config& config = out.config;
  const auto value = [&](std::string_view var) { return form.value(var); };
  if (!form.form_type().empty() && form.form_type() != xep_0045::kFormConfig) {
    return bad_field("FORM_TYPE");
  }
  if (!read_text(value(kName), config.name)) return bad_field(kName);
  if (!read_text(value(kDescription), config.description)) return bad_field(kDescription);
  if (!read_text(value(kLang), config.lang, kShortBytes)) return bad_field(kLang);
  if (!read_text(value(kPubsub), config.pubsub, kShortBytes)) return bad_field(kPubsub);
  for (const Flag& flag : kFlags) {
    if (!read_flag(value(flag.var), config.*flag.value)) return bad_field(flag.var);
  }
  if (!read_choice(value(kWhois), kWhoisChoices, config.nonanonymous)) return bad_field(kWhois);
  if (!read_choice(value(kAllowPm), kPmChoices, config.allow_pm)) return bad_field(kAllowPm);
  if (!read_max_users(value(kMaxUsers), config.max_occupants)) return bad_field(kMaxUsers);
  if (!read_history(value(kHistoryField), config.history)) return bad_field(kHistoryField);
  if (!read_roles(form.field(kBroadcast), config.broadcast)) return bad_field(kBroadcast);
  if (!read_roles(form.field(kMemberList), config.member_list)) return bad_field(kMemberList);
  if (!read_number(value(xep_0500::kConfigField), limits::kSlowMode_s, config.slow_mode_s)) {
    return bad_field(xep_0500::kConfigField);
  }
  if (!read_password(form, config.password)) return bad_field(kSecret);
  if (!read_people(form.field(kAdmins), out.admins)) return bad_field(kAdmins);
  if (!read_people(form.field(kOwners), out.owners)) return bad_field(kOwners);
  if (const auto bad = read_outward(form, config.outward)) return bad_field(*bad);
  if (!read_choice(value(kRoomsMayField), kRoomsMay, config.rooms_may)) {
    return bad_field(kRoomsMayField);
  }
  if (!read_number(value(kMaxRooms), limits::kMemberRoomsMax, config.max_rooms)) {
    return bad_field(kMaxRooms);
  }
  return out;
}

}  // namespace hansa::rooms
