#include "component/gate.h"

#include <algorithm>

namespace hansa::component {
namespace {

// What may wait for better times, and is told so. The rest ends something or answers us: to refuse
// it would lose more than it saves.
bool is_new_work(const xmpp::Stanza& stanza) {
  if (stanza.is_error()) return false;
  switch (stanza.kind) {
    case xmpp::StanzaKind::message: return true;
    case xmpp::StanzaKind::iq: return stanza.is_request();
    case xmpp::StanzaKind::presence: return stanza.type != "unavailable";
  }
  return false;
}

bool wants_error(const xmpp::Element& stanza) {
  const std::string_view type = stanza.attr("type");
  return type != "error" && type != "result" && type != "unavailable";
}

}  // namespace

bool Gate::is_own(std::string_view domain) const {
  return std::find(own_.begin(), own_.end(), domain) != own_.end();
}

Verdict Gate::judge(const xmpp::Stanza& stanza, bool admits) const {
  if (stanza.from.empty()) return Drop{"it has no from"};
  if (is_own(stanza.from.domain())) return Drop{"it claims to be from one of our own domains"};
  if (stanza.to.domain() != domain_) return Drop{"it is not to this domain"};
  if (admits || !is_new_work(stanza)) return Pass{};
  return Answer{xmpp::error_answer(
      stanza, Error(Condition::resource_constraint, "The server is busy. Please try again soon."))};
}

Verdict Gate::judge_refused(const xmpp::Element& stanza, const Error& error) const {
  const Result<xmpp::Jid> from = xmpp::Jid::parse(stanza.attr("from"));
  if (!from.ok()) return Drop{"its from is no address"};
  if (is_own(from->domain())) return Drop{"it claims to be from one of our own domains"};
  if (!wants_error(stanza)) return Drop{"it cannot be read, and wants no answer"};
  const Result<xmpp::Jid> to = xmpp::Jid::parse(stanza.attr("to"));
  if (to.ok() && to->domain() != domain_) return Drop{"it is not to this domain"};
  std::string content;
  xmpp::Writer writer(content);
  xmpp::write_error(writer, error);
  xmpp::Head head;
  head.kind = stanza.name() == "iq"         ? xmpp::StanzaKind::iq
              : stanza.name() == "presence" ? xmpp::StanzaKind::presence
                                            : xmpp::StanzaKind::message;
  head.type = "error";
  // The host compares the domain of what we send; an address that does not prepare could be at any.
  head.from = to.ok() ? std::string_view(to->text()) : domain_;
  head.to = stanza.attr("from");
  head.id = stanza.attr("id");
  Answer answer;
  xmpp::write_stanza(answer.xml, head, content);
  return answer;
}

}  // namespace hansa::component
