#pragma once
// A prepared address (RFC 7622 §3, with the stringprep profiles of RFC 6122 through libidn, which
// is what the hosts use). A Jid value is always valid: parse refuses what does not prepare.
// Escaping of localparts is XEP-0106.

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace hansa::xmpp {

class Jid {
 public:
  Jid() = default;  // the empty address; equal only to itself

  // Prepares and checks all parts. Error: jid_malformed.
  [[nodiscard]] static Result<Jid> parse(std::string_view text);
  // From unprepared parts; local and resource may be empty. Error: jid_malformed.
  [[nodiscard]] static Result<Jid> make(std::string_view local, std::string_view domain,
                                        std::string_view resource = {});

  [[nodiscard]] bool empty() const { return text_.empty(); }
  [[nodiscard]] std::string_view local() const;
  [[nodiscard]] std::string_view domain() const;
  [[nodiscard]] std::string_view resource() const;
  [[nodiscard]] bool is_bare() const { return resource_ == text_.size(); }
  [[nodiscard]] bool is_domain() const { return domain_ == 0 && is_bare(); }

  [[nodiscard]] Jid bare() const;
  [[nodiscard]] std::string_view bare_text() const;  // lives as long as this
  [[nodiscard]] const std::string& text() const { return text_; }
  // This bare address with `resource` (unprepared, not empty). Error: jid_malformed.
  [[nodiscard]] Result<Jid> with_resource(std::string_view resource) const;

  friend bool operator==(const Jid& a, const Jid& b) { return a.text_ == b.text_; }
  friend auto operator<=>(const Jid& a, const Jid& b) { return a.text_ <=> b.text_; }

 private:
  // Of three parts of at most limits::kJidPartBytes.
  Jid(std::string text, std::size_t domain, std::size_t resource)
      : text_(std::move(text)),
        domain_(static_cast<std::uint16_t>(domain)),
        resource_(static_cast<std::uint16_t>(resource)) {}
  std::string text_;            // local@domain/resource
  std::uint16_t domain_ = 0;    // offset of the domain
  std::uint16_t resource_ = 0;  // offset of '/', or text_.size()
};

// A nickname prepared with Resourceprep, as XEP-0045 §17.1.2 asks. Error: jid_malformed.
[[nodiscard]] Result<std::string> prepare_nick(std::string_view nick);

// XEP-0106 §4: the ten characters that a localpart may not hold, as \xx. Leading and trailing
// spaces, which cannot be escaped, are an error of the caller (jid_malformed when prepared). A
// backslash is escaped only where it begins one of the ten sequences; unescape knows only those.
[[nodiscard]] std::string escape_local(std::string_view text);
[[nodiscard]] std::string unescape_local(std::string_view text);

}  // namespace hansa::xmpp

template <>
struct std::hash<hansa::xmpp::Jid> {
  std::size_t operator()(const hansa::xmpp::Jid& jid) const noexcept {
    return std::hash<std::string>{}(jid.text());
  }
};
