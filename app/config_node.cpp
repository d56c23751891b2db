// [node]: names, people, folders.

#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "app/config_reader.h"
#include "base/log.h"
#include "xmpp/jid.h"

namespace hansa::app {
namespace {

namespace fs = std::filesystem;

// sockaddr_un holds 108 bytes with the terminating zero.
constexpr std::size_t kSocketPathBytes = 107;

std::string domain_of(ConfigReader& reader, std::string_view key, std::string_view written) {
  const Result<xmpp::Jid> jid = xmpp::Jid::parse(written);
  if (jid && jid->is_domain()) return jid->text();
  reader.error(key, "has " + hansa::quoted(written) + ", which is not a domain",
               "write the domain alone, as in rooms.a.example");
  return {};
}

std::string one_domain(ConfigReader& reader, std::string_view key) {
  const std::string* written = reader.text(key);
  return written == nullptr ? std::string() : domain_of(reader, key, *written);
}

bool has(const std::vector<std::string>& all, const std::string& one) {
  return std::ranges::find(all, one) != all.end();
}

void add_once(ConfigReader& reader, std::string_view key, std::string value,
              std::vector<std::string>& out) {
  if (value.empty()) return;
  if (has(out, value)) {
    reader.error(key, "has " + hansa::quoted(value) + " twice", "remove one of them");
  } else {
    out.push_back(std::move(value));
  }
}

void read_enterprise(ConfigReader& reader, NodeConfig& node) {
  constexpr std::string_view kKey = "node.enterprise";
  const std::vector<std::string>* written = reader.texts(kKey);
  if (written == nullptr) return;
  if (written->empty()) {
    reader.error(kKey, "is empty", "name the domains of your own users, as in [\"a.example\"]");
  }
  for (const std::string& one : *written) {
    add_once(reader, kKey, domain_of(reader, kKey, one), node.enterprise);
  }
}

void read_admins(ConfigReader& reader, NodeConfig& node) {
  constexpr std::string_view kKey = "node.admins";
  const std::vector<std::string>* written = reader.texts(kKey);
  if (written == nullptr) return;
  for (const std::string& one : *written) {
    const Result<xmpp::Jid> jid = xmpp::Jid::parse(one);
    if (!jid || !jid->is_bare() || jid->is_domain()) {
      reader.error(kKey, "has " + hansa::quoted(one) + ", which is not a user's address",
                   "write user and domain, as in root@a.example");
      continue;
    }
    add_once(reader, kKey, jid->text(), node.admins);
  }
}

// The host serves its users' domains itself and cannot give them to a component; and rooms and
// identities must not be mistaken for each other (protocol §1).
void check_overlap(ConfigReader& reader, const NodeConfig& node) {
  for (const auto& [key, domain] :
       {std::pair("node.rooms", node.rooms), std::pair("node.identities", node.identities)}) {
    if (!domain.empty() && has(node.enterprise, domain)) {
      reader.error(
          key, "is " + hansa::quoted(domain) + ", which node.enterprise names as a users' domain",
          "give it a name of its own, as in " + hansa::quoted("rooms." + domain));
    }
  }
  if (!node.rooms.empty() && node.rooms == node.identities) {
    reader.error("node.identities", "is the same domain as node.rooms",
                 "give identities a name of its own, as in team.a.example");
  }
}

void read_data(ConfigReader& reader, NodeConfig& node) {
  constexpr std::string_view kKey = "node.data";
  const std::string* written = reader.text(kKey);
  if (written == nullptr) return;
  if (written->empty()) {
    reader.error(kKey, "is empty", "name a folder, as in /var/lib/hansa");
    return;
  }
  node.data = reader.path(*written);
  std::error_code ignored;
  const bool there = fs::exists(node.data, ignored);
  if (there && !fs::is_directory(node.data, ignored)) {
    reader.error(kKey, "is " + hansa::quoted(node.data) + ", which is not a folder",
                 "name a folder");
    return;
  }
  const std::string folder = there ? node.data : fs::path(node.data).parent_path().string();
  if (!there && !fs::is_directory(folder.empty() ? "." : folder, ignored)) {
    reader.error(kKey, "is in " + hansa::quoted(folder) + ", which does not exist",
                 "create that folder; the last one is made at the first start");
  } else if (::access(folder.empty() ? "." : folder.c_str(), W_OK | X_OK) != 0) {
    reader.error(kKey, "needs " + hansa::quoted(folder) + ", where this user may not write",
                 "run as the user that owns it, or give it to this one");
  }
}

void read_admin_socket(ConfigReader& reader, NodeConfig& node) {
  constexpr std::string_view kKey = "node.admin_socket";
  const std::string* written = reader.text(kKey);
  if (written != nullptr && written->empty()) {
    reader.error(kKey, "is empty", "name a file, or leave the key out");
    return;
  }
  if (written == nullptr && node.data.empty()) return;
  node.admin_socket =
      written == nullptr ? (fs::path(node.data) / "admin.sock").string() : reader.path(*written);
  std::error_code ignored;
  if (node.admin_socket.size() > kSocketPathBytes) {
    reader.error(kKey, "is a path of " + std::to_string(node.admin_socket.size()) + " bytes",
                 "choose one of at most " + std::to_string(kSocketPathBytes) +
                     " bytes, as in admin_socket = \"/run/hansa/admin.sock\" under [node]");
  } else if (const fs::path folder = fs::path(node.admin_socket).parent_path();
             written != nullptr && !folder.empty() && !fs::is_directory(folder, ignored)) {
    reader.error(kKey, "is in " + hansa::quoted(folder.string()) + ", which does not exist",
                 "create that folder, or name another file");
  }
}

}  // namespace

void read_node(ConfigReader& reader, Config& config) {
  NodeConfig& node = config.node;
  node.rooms = one_domain(reader, "node.rooms");
  node.identities = one_domain(reader, "node.identities");
  read_enterprise(reader, node);
  read_admins(reader, node);
  check_overlap(reader, node);
  read_data(reader, node);
  read_admin_socket(reader, node);
  using Create = rooms::Settings::Create;
  constexpr Create kChoices[] = {Create::enterprise, Create::admins, Create::anyone};
  if (const auto chosen = choice(reader, "node.create", {"enterprise", "admins", "anyone"})) {
    node.create = kChoices[*chosen];
  }
  if (node.create == Create::admins && node.admins.empty()) {
    reader.error("node.create", "is \"admins\", and node.admins names nobody",
                 "name an administrator, or nobody can create a room");
  }
}

}  // namespace hansa::app
