#pragma once
// XEP-0050 Ad-Hoc Commands: a command's stages, carried by data forms. What the commands do is for
// the modules that offer them.
// Supported: 1.3.0, complete

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "xep-spec/xep_0004_forms.h"
#include "xep-spec/xep_0030_disco.h"
#include "xmpp/element.h"
#include "xmpp/writer.h"

namespace hansa::xep_0050 {

inline constexpr std::string_view kNs = "http://jabber.org/protocol/commands";
inline constexpr std::array<std::string_view, 1> kFeatures = {kNs};

enum class Action : std::uint8_t { execute, cancel, prev, next, complete };
enum class Status : std::uint8_t { executing, completed, canceled };
enum class NoteType : std::uint8_t { info, warn, error };

struct Note {
  NoteType type = NoteType::info;
  std::string text;
};

// What a requester sends (§4.2).
struct Request {
  std::string node;
  std::string session_id;
  Action action = Action::execute;
  std::optional<xep_0004::Form> form;
};

// What the responder answers (§4.3).
struct Response {
  std::string node;
  std::string session_id;
  Status status = Status::completed;
  std::vector<Action> actions;    // allowed next; only while executing
  Action execute = Action::next;  // the one of them that "execute" stands for
  std::vector<Note> notes;
  std::optional<xep_0004::Form> form;
};

// The answers of a command that is one form: the form, to be completed; the end of it, with a note;
// and that it is off (§3.4).
[[nodiscard]] Response ask(std::string_view node, std::string_view session_id, xep_0004::Form form);
[[nodiscard]] Response done(const Request& request, std::string note);
[[nodiscard]] Response canceled(const Request& request);

// Nothing if `element` is no command, or has no node. An action that is not one: bad_request, with
// the application condition malformed-action (§4.4).
struct ParsedRequest {
  Request request;
  std::optional<Error> error;
};
[[nodiscard]] std::optional<ParsedRequest> parse_request(const xmpp::Element& element);
[[nodiscard]] std::optional<Response> parse_response(const xmpp::Element& element);
void write(xmpp::Writer& writer, const Request& request);
void write(xmpp::Writer& writer, const Response& response);

// Commands in service discovery (§2): their list, and each of them.
using Names = std::vector<std::pair<std::string, std::string>>;  // (node, name)
// Nothing: that node is neither the list nor one of them.
[[nodiscard]] std::optional<xep_0030::Info> info_of(const Names& commands, std::string_view node);
[[nodiscard]] xep_0030::Items items_of(const Names& commands, std::string_view address);

// Application conditions of §4.4, to be put inside an <error/>: malformed-action, bad-action,
// bad-locale, bad-payload, bad-sessionid, session-expired.
[[nodiscard]] std::string condition(std::string_view name);

}  // namespace hansa::xep_0050
