#include "app/config_keys.h"

#include <algorithm>
#include <array>
#include <numeric>

namespace hansa::app {
namespace {

std::string joined(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) out += text + '\n';
  return out;
}

std::string secret_here(const Config& c) { return c.host.secret_file.empty() ? c.host.secret : ""; }
std::string secret_there(const Config& c) {
  return c.host.secret_file.empty() ? "" : c.host.secret_file + '\n' + c.host.secret;
}

std::string contact(const Config& c, std::string_view purpose) {
  const auto found = c.contacts.find(purpose);
  return found == c.contacts.end() ? std::string() : joined(found->second);
}

using K = KeyKind;
using C = Change;

constexpr std::array kRows{
    KeyRow{"node.rooms", K::text, C::restart, "", R"(rooms = "rooms.a.example")",
           [](const Config& c) { return c.node.rooms; }},
    KeyRow{"node.identities", K::text, C::restart, "no acting as rooms",
           R"(identities = "team.a.example")", [](const Config& c) { return c.node.identities; }},
    KeyRow{"node.enterprise", K::texts, C::restart, "", R"(enterprise = ["a.example"])",
           [](const Config& c) { return joined(c.node.enterprise); }},
    KeyRow{"node.data", K::text, C::restart, "", R"(data = "/var/lib/hansa")",
           [](const Config& c) { return c.node.data; }},
    KeyRow{"node.admins", K::texts, C::live, "nobody", R"(admins = ["root@a.example"])",
           [](const Config& c) { return joined(c.node.admins); }},
    KeyRow{"node.create", K::text, C::live, "enterprise", R"(create = "enterprise")",
           [](const Config& c) { return std::to_string(static_cast<int>(c.node.create)); }},
    KeyRow{"node.admin_socket", K::text, C::restart, "admin.sock in data",
           R"(admin_socket = "/run/hansa/admin.sock")",
           [](const Config& c) { return c.node.admin_socket; }},
    KeyRow{"node.host.address", K::text, C::restart, "", R"(address = "127.0.0.1:5347")",
           [](const Config& c) { return c.host.address; }},
    KeyRow{"node.host.secret", K::text, C::restart, "secret_file", R"(secret = "…")", secret_here},
    KeyRow{"node.host.secret_file", K::text, C::restart, "secret",
           R"(secret_file = "/etc/hansa/host.secret")", secret_there},
    KeyRow{"node.host.plaintext", K::text, C::restart, "only a loopback address is allowed",
           R"(plaintext = "trusted network")", [](const Config& c) { return c.host.plaintext; }},
    KeyRow{"limits.initial_members", K::number, C::live, "200", "initial_members = 200",
           [](const Config& c) { return std::to_string(c.limits.initial_members); }},
    KeyRow{"limits.member_rooms", K::number, C::live, "100", "member_rooms = 100",
           [](const Config& c) { return std::to_string(c.limits.member_rooms); }},
    KeyRow{"limits.members", K::number, C::live, "100000", "members = 100000",
           [](const Config& c) { return std::to_string(c.limits.members); }},
    KeyRow{"limits.reduced_presence", K::number, C::live, "500", "reduced_presence = 500",
           [](const Config& c) { return std::to_string(c.limits.reduced_presence); }},
    KeyRow{"texts.languages", K::texts, C::live, "en", R"(languages = ["en"])",
           [](const Config& c) { return joined(c.texts.languages); }},
    KeyRow{"contacts.abuse", K::texts, C::live, "nobody", R"(abuse = ["mailto:abuse@a.example"])",
           [](const Config& c) { return contact(c, "abuse"); }},
    KeyRow{"contacts.admin", K::texts, C::live, "nobody", R"(admin = ["mailto:admin@a.example"])",
           [](const Config& c) { return contact(c, "admin"); }},
    KeyRow{"contacts.feedback", K::texts, C::live, "nobody",
           R"(feedback = ["mailto:feedback@a.example"])",
           [](const Config& c) { return contact(c, "feedback"); }},
    KeyRow{"contacts.sales", K::texts, C::live, "nobody", R"(sales = ["mailto:sales@a.example"])",
           [](const Config& c) { return contact(c, "sales"); }},
    KeyRow{"contacts.security", K::texts, C::live, "nobody",
           R"(security = ["mailto:security@a.example"])",
           [](const Config& c) { return contact(c, "security"); }},
    KeyRow{"contacts.status", K::texts, C::live, "nobody",
           R"(status = ["mailto:status@a.example"])",
           [](const Config& c) { return contact(c, "status"); }},
    KeyRow{"contacts.support", K::texts, C::live, "nobody",
           R"(support = ["mailto:support@a.example"])",
           [](const Config& c) { return contact(c, "support"); }},
};
static_assert(limits::kInitialMembers == 200 && limits::kMembers == 100'000 &&
                  limits::kReducedPresence == 500,
              "see the table");

constexpr std::array kMissing{
    MissingRow{"node.shared", "shared rooms"},
    MissingRow{"node.upload", "files"},
    MissingRow{"node.signing_key", "signed member lists"},
    MissingRow{"node.hub", "connection to a hub"},
    MissingRow{"hub", "hub"},
    MissingRow{"http", "HTTP server"},
};

bool is_in(std::string_view key, std::string_view section) {
  return key == section || (key.starts_with(section) && key[section.size()] == '.');
}

std::string_view last_name(std::string_view key) { return key.substr(key.rfind('.') + 1); }

// Levenshtein's distance.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t corner = row[0]++;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t swapped = corner + (a[i] == b[j] ? 0 : 1);
      corner = row[j + 1];
      row[j + 1] = std::min({swapped, corner + 1, row[j] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::span<const KeyRow> key_rows() { return kRows; }

const KeyRow* key_row(std::string_view key) {
  const auto* row = std::ranges::find(kRows, key, &KeyRow::key);
  return row == kRows.end() ? nullptr : row;
}

const MissingRow* missing_row(std::string_view key) {
  const auto* row =
      std::ranges::find_if(kMissing, [key](const MissingRow& m) { return is_in(key, m.key); });
  return row == kMissing.end() ? nullptr : row;
}

bool is_section(std::string_view key) {
  return std::ranges::any_of(
      kRows, [key](const KeyRow& row) { return row.key != key && is_in(row.key, key); });
}

std::string_view nearest_key(std::string_view key) {
  constexpr std::size_t kLongest = 64;  // of a name that is worth comparing
  if (key.size() > kLongest) return {};
  const std::string_view name = last_name(key);
  std::string_view best;
  std::size_t least = 3;  // more than two letters off is another word
  for (const KeyRow& row : kRows) {
    if (last_name(row.key) == name) return row.key;  // in the wrong section
    const std::size_t d = distance(last_name(row.key), name);
    if (d < least && d < name.size()) {
      least = d;
      best = row.key;
    }
  }
  return best;
}

std::string_view name_of(KeyKind kind) {
  switch (kind) {
    case K::text: return "text";
    case K::texts: return "list of texts";
    case K::number: return "whole number";
  }
  return {};
}

std::string_view name_of(Change change) { return change == C::live ? "live" : "restart"; }

std::vector<std::string_view> changed_restart_keys(const Config& old_one, const Config& new_one) {
  std::vector<std::string_view> out;
  for (const KeyRow& row : kRows) {
    if (row.change == C::restart && row.value(old_one) != row.value(new_one)) {
      out.push_back(row.key);
    }
  }
  return out;
}

}  // namespace hansa::app
