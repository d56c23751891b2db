// [node.host]: where the host is, and the secret that it shares with us.

#include <sys/stat.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <sstream>

#include "app/config_reader.h"
#include "base/log.h"

namespace hansa::app {
namespace {

constexpr std::string_view kAddress = "node.host.address";
constexpr std::string_view kSecret = "node.host.secret";
constexpr std::string_view kSecretFile = "node.host.secret_file";
constexpr std::string_view kPlaintext = "node.host.plaintext";
constexpr std::size_t kSecretBytes = 4096;  // longer is a wrong file, not a secret

// A name that merely resolves to a loopback address may resolve to another tomorrow.
bool is_loopback(std::string_view host) {
  if (host == "localhost" || host == "::1") return true;
  return host.starts_with("127.") &&
         host.find_first_not_of("0123456789.") == std::string_view::npos &&
         std::ranges::count(host, '.') == 3;
}

void bad_address(ConfigReader& reader, const std::string& written) {
  reader.error(kAddress, "is " + hansa::quoted(written) + ", which is not an address with a port",
               "write name or address, a colon and the port, as in 127.0.0.1:5347 or [::1]:5347");
}

void read_address(ConfigReader& reader, HostConfig& host) {
  const std::string* written = reader.text(kAddress);
  if (written == nullptr) return;
  host.address = *written;
  std::string_view name = *written;
  const std::size_t colon = name.rfind(':');
  if (colon == std::string_view::npos) return bad_address(reader, *written);
  const std::string_view port = name.substr(colon + 1);
  name = name.substr(0, colon);
  const auto [end, failed] = std::from_chars(port.data(), port.data() + port.size(), host.port);
  if (failed != std::errc() || end != port.data() + port.size() || host.port == 0) {
    return bad_address(reader, *written);
  }
  if (name.starts_with('[') && name.ends_with(']')) {
    name = name.substr(1, name.size() - 2);
  } else if (name.find(':') != std::string_view::npos) {
    return bad_address(reader, *written);
  }
  if (name.empty() || name.find_first_of(" \t/@") != std::string_view::npos) {
    return bad_address(reader, *written);
  }
  host.host = name;
  if (!is_loopback(host.host) && host.plaintext.empty()) {
    reader.error(kAddress,
                 "is " + hansa::quoted(*written) +
                     ", which is not a loopback address: the link to the host is not encrypted",
                 "use 127.0.0.1 or [::1] (a tunnel ends there, too); if everyone on the way is to "
                 "be trusted, add plaintext = \"trusted network\" under [node.host]");
  }
}

// Whoever can read it can take the rooms' place at the host.
void warn_of_readers(ConfigReader& reader, std::string_view key, const std::string& file) {
  struct stat about {};
  if (::stat(file.c_str(), &about) != 0) return;
  if ((about.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    reader.warn(key, "stands in " + hansa::quoted(file) + ", which others than its owner may open",
                "chmod 600 " + hansa::quoted(file));
  }
}

void read_secret_file(ConfigReader& reader, HostConfig& host, const std::string& written) {
  host.secret_file = reader.path(written);
  std::ifstream in(host.secret_file);
  std::string secret(kSecretBytes + 1, '\0');
  in.read(secret.data(), static_cast<std::streamsize>(secret.size()));
  secret.resize(static_cast<std::size_t>(in.gcount()));
  if (!in.is_open() || in.bad()) {
    reader.error(kSecretFile, "names " + hansa::quoted(host.secret_file) + ", which cannot be read",
                 "create it with the secret in its only line, readable for the user hansa runs as");
    return;
  }
  while (!secret.empty() && (secret.back() == '\n' || secret.back() == '\r')) secret.pop_back();
  if (secret.empty() || secret.size() > kSecretBytes || secret.find('\n') != std::string::npos) {
    reader.error(kSecretFile,
                 "names " + hansa::quoted(host.secret_file) + ", which does not hold one line",
                 "write the secret, the same as in the host's configuration, as its only line");
    return;
  }
  warn_of_readers(reader, kSecretFile, host.secret_file);
  host.secret = std::move(secret);
}

void read_secret(ConfigReader& reader, HostConfig& host) {
  const std::string* here = reader.text(kSecret);
  const std::string* there = reader.text(kSecretFile);
  if (reader.written(kSecret) && reader.written(kSecretFile)) {
    reader.error(kSecretFile, "and node.host.secret are both there", "keep one of them");
  } else if (there != nullptr) {
    read_secret_file(reader, host, *there);
  } else if (here != nullptr) {
    host.secret = *here;
    if (here->empty()) {
      reader.error(kSecret, "is empty", "write the secret of the host's configuration");
    }
    warn_of_readers(reader, kSecret, reader.file());
  } else if (!reader.written(kSecret) && !reader.written(kSecretFile)) {
    reader.error(kSecret, "is missing, and node.host.secret_file as well",
                 "add one of them under [node.host], with the secret of the host's configuration");
  }
}

}  // namespace

void read_host(ConfigReader& reader, Config& config) {
  if (choice(reader, kPlaintext, {"trusted network"})) {
    config.host.plaintext = *reader.text(kPlaintext);
  }
  read_address(reader, config.host);
  read_secret(reader, config.host);
}

}  // namespace hansa::app
