#include "xmpp/jid.h"

#include <arpa/inet.h>
#include <idn-free.h>
#include <idna.h>
#include <stringprep.h>

#include <algorithm>
#include <array>

#include "base/limits.h"

namespace hansa::xmpp {
namespace {

constexpr std::size_t kLabelBytes = 63;  // of a domain name (RFC 1035 §2.3.4)

// What preparation makes of each ASCII character: itself, its lower case, or kRefused. Bytes of
// other characters are kForeign: libidn decides.
constexpr char kRefused = '\0';
constexpr char kForeign = '\x80';
using AsciiTable = std::array<char, 256>;

constexpr AsciiTable table_of(std::string_view refused, bool fold) {
  AsciiTable table{};
  for (std::size_t c = 0x20; c < 0x7F; ++c) {
    const bool upper = c >= 'A' && c <= 'Z';
    table[c] = static_cast<char>(fold && upper ? c + 32 : c);
  }
  for (const char c : refused) table[static_cast<unsigned char>(c)] = kRefused;
  for (std::size_t c = 0x80; c < 256; ++c) table[c] = kForeign;
  return table;
}
constexpr AsciiTable kLocalTable = table_of(" \"&'/:<>@", true);
// Letters, digits, hyphens and dots; underscores too, which hosts let their names have.
constexpr AsciiTable kDomainTable = table_of(" !\"#$%&'()*+,/:;<=>?@[\\]^`{|}~", true);
constexpr AsciiTable kResourceTable = table_of("", false);

Error malformed(std::string text) { return Error(Condition::jid_malformed, std::move(text)); }

// Other scripts are left to libidn. Appends; false if it does not prepare.
bool prepare_foreign(std::string_view part, const Stringprep_profile* profile, std::string& out) {
  if (part.find('\0') != std::string_view::npos) return false;
  std::array<char, limits::kJidPartBytes + 1> buffer;
  part.copy(buffer.data(), part.size());
  buffer[part.size()] = '\0';
  // Unassigned code points are let through, as hosts do: Unicode 3.2 knows no emoji.
  const int code = stringprep(buffer.data(), buffer.size(), Stringprep_profile_flags{}, profile);
  if (code != STRINGPREP_OK || buffer[0] == '\0') return false;
  out += buffer.data();
  return true;
}

// Appends `part` prepared with `profile` to `out`; `table` says the same for plain ASCII, which
// nearly all addresses are. False if it does not prepare.
bool prepare(std::string_view part, const AsciiTable& table, const Stringprep_profile* profile,
             std::string& out) {
  if (part.empty() || part.size() > limits::kJidPartBytes) return false;
  const std::size_t start = out.size();
  out += part;
  for (char* c = out.data() + start; c != out.data() + out.size(); ++c) {
    *c = table[static_cast<unsigned char>(*c)];
    if (*c == kRefused) return false;
    if (*c == kForeign) {
      out.resize(start);
      return prepare_foreign(part, profile, out);
    }
  }
  return true;
}

bool prepare_local(std::string_view local, std::string& out) {
  return prepare(local, kLocalTable, stringprep_xmpp_nodeprep, out);
}

bool prepare_resource(std::string_view resource, std::string& out) {
  return prepare(resource, kResourceTable, stringprep_xmpp_resourceprep, out);
}

// "[::1]", as in RFC 3986 §3.2.2.
bool prepare_ipv6(std::string_view domain, std::string& out) {
  if (domain.size() < 2 || domain.back() != ']') return false;
  std::string address(domain.substr(1, domain.size() - 2));
  for (char& c : address) c = static_cast<char>(c >= 'A' && c <= 'F' ? c + 32 : c);
  in6_addr parsed;
  if (address.find('\0') != std::string::npos) return false;
  if (inet_pton(AF_INET6, address.c_str(), &parsed) != 1) return false;
  out += '[' + address + ']';
  return true;
}

enum class Name { bad, ascii, foreign };

// Every label is there, within its length, and of characters that a name may have.
Name judge_name(std::string_view domain) {
  Name judged = Name::ascii;
  std::size_t label = 0;
  std::size_t longest = 0;
  for (const char c : domain) {
    const char mapped = kDomainTable[static_cast<unsigned char>(c)];
    if (mapped == kRefused || (c == '.' && label == 0)) return Name::bad;
    if (mapped == kForeign) judged = Name::foreign;
    label = c == '.' ? 0 : label + 1;
    longest = std::max(longest, label);
  }
  if (label == 0 || (judged == Name::ascii && longest > kLabelBytes)) return Name::bad;
  return judged;
}

// The labels fit into DNS in the form that they have there.
bool foreign_labels_fit(const std::string& domain) {
  constexpr std::string_view kIdeographicStop = "\xE3\x80\x82";  // a dot to DNS, not to hosts
  if (domain.find(kIdeographicStop) != std::string::npos) return false;
  char* dns = nullptr;
  const int code = idna_to_ascii_8z(domain.c_str(), &dns, IDNA_ALLOW_UNASSIGNED);
  idn_free(dns);
  return code == IDNA_SUCCESS;
}

// The host's own form: Nameprep, and what is written as xn-- stays so. A dot at the end says
// nothing (RFC 7622 §3.2).
bool prepare_domain(std::string_view domain, std::string& out) {
  if (domain.starts_with('[')) return prepare_ipv6(domain, out);
  if (domain.ends_with('.')) domain.remove_suffix(1);
  const std::size_t start = out.size();
  if (!prepare(domain, kDomainTable, stringprep_nameprep, out)) return false;
  const Name name = judge_name(std::string_view(out).substr(start));
  return name == Name::ascii || (name == Name::foreign && foreign_labels_fit(out.substr(start)));
}

}  // namespace

Result<Jid> Jid::parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::string_view bare = text.substr(0, slash);
  const std::size_t at = bare.find('@');
  if (slash != std::string_view::npos && slash + 1 == text.size())
    return malformed("The address has an empty resource.");
  if (at == 0) return malformed("The address has nothing before its @.");
  const bool has_local = at != std::string_view::npos;
  return make(has_local ? bare.substr(0, at) : std::string_view(),
              has_local ? bare.substr(at + 1) : bare,
              slash == std::string_view::npos ? std::string_view() : text.substr(slash + 1));
}

Result<Jid> Jid::make(std::string_view local, std::string_view domain, std::string_view resource) {
  std::string text;
  text.reserve(local.size() + (local.empty() ? 0 : 1) + domain.size() + (resource.empty() ? 0 : 1) +
               resource.size());
  if (!local.empty()) {
    if (!prepare_local(local, text)) return malformed("The part before the @ is not valid.");
    text += '@';
  }
  const std::size_t domain_at = text.size();
  if (!prepare_domain(domain, text)) return malformed("The domain of the address is not valid.");
  const std::size_t resource_at = text.size();
  if (!resource.empty()) {
    text += '/';
    if (!prepare_resource(resource, text)) return malformed("The resource is not valid.");
  }
  return Jid(std::move(text), domain_at, resource_at);
}

std::string_view Jid::local() const {
  return std::string_view(text_).substr(0, domain_ == 0 ? 0 : domain_ - 1);
}

std::string_view Jid::domain() const {
  return std::string_view(text_).substr(domain_, resource_ - domain_);
}

std::string_view Jid::resource() const {
  return is_bare() ? std::string_view() : std::string_view(text_).substr(resource_ + 1);
}

Jid Jid::bare() const { return Jid(std::string(bare_text()), domain_, resource_); }

std::string_view Jid::bare_text() const { return std::string_view(text_).substr(0, resource_); }

Result<Jid> Jid::with_resource(std::string_view resource) const {
  std::string text(bare_text());
  text += '/';
  if (empty() || !prepare_resource(resource, text)) return malformed("The resource is not valid.");
  return Jid(std::move(text), domain_, resource_);
}

Result<std::string> prepare_nick(std::string_view nick) {
  std::string prepared;
  if (!prepare_resource(nick, prepared) || prepared.find_first_not_of(' ') == std::string::npos) {
    return malformed("That is not a valid nickname.");
  }
  return prepared;
}

}  // namespace hansa::xmpp
