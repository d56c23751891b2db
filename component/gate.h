#pragma once
// What may pass from a component's link to the decisions, stanza by stanza: from-addresses are
// checked against our own domains, to-addresses against the link (protocol §2), and over the budget
// nothing new is admitted (design §7). Pure.

#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "base/error.h"
#include "xmpp/stanza.h"

namespace hansa::component {

struct Pass {};
struct Answer {
  std::string xml;
};
struct Drop {
  std::string_view why;  // for the log
};
using Verdict = std::variant<Pass, Answer, Drop>;

class Gate {
 public:
  // `own`: all our domains; borrowed, must outlive the gate.
  Gate(std::string_view domain, std::span<const std::string> own) : domain_(domain), own_(own) {}

  [[nodiscard]] Verdict judge(const xmpp::Stanza& stanza, bool admits) const;
  // For a stanza that was refused when it was read (an address that does not prepare, a limit): an
  // error to its sender, if it asks for one and its sender can be named.
  [[nodiscard]] Verdict judge_refused(const xmpp::Element& stanza, const Error& error) const;

 private:
  [[nodiscard]] bool is_own(std::string_view domain) const;
  std::string_view domain_;
  std::span<const std::string> own_;
};

}  // namespace hansa::component
