#pragma once
// What the ad-hoc commands of acting have in common: each is one form, needs no session, and its
// answer is one note.

#include <optional>
#include <string>
#include <vector>

#include "engine/turn.h"
#include "modules/act-as/parts.h"
#include "xep-spec/xep_0004_forms.h"
#include "xep-spec/xep_0050_commands.h"

namespace hansa::act_as {

using rooms::is_filled;
using rooms::offer;
using rooms::refuse_form;

// All lines of a field, with line ends between them; empty if it is absent.
[[nodiscard]] std::string text_of(const xep_0004::Form& form, std::string_view var);
// The end of a command that lists: a table (XEP-0004 §3.4), and the same as a note of lines.
struct Column {
  const char* var;
  const char* label;
};
struct Table {
  std::string_view node;
  std::string_view session;
  std::string title;
  std::vector<Column> columns;
  std::vector<std::vector<std::string>> rows;
  std::string lines;
  std::string after;  // not empty: there are more, after that one
  std::string none;   // what is said if there is nothing
};
[[nodiscard]] xep_0050::Response table_of(Table table);
// The bare address that a field has. Empty: the field is. Nothing: it is no such address.
[[nodiscard]] std::optional<xmpp::Jid> address_of(const xep_0004::Form& form, std::string_view var);
// The room whose identity the field names; empty: it names none of ours.
[[nodiscard]] xmpp::Jid room_in(const Parts& parts, const xep_0004::Form& form,
                                std::string_view var = "identity");
// The identities of the rooms that he is a member of (or owns), as options to choose from. Null: a
// read was asked.
[[nodiscard]] std::optional<std::vector<xep_0004::Option>> rooms_of(const Parts& parts,
                                                                    engine::ServiceTurn& turn,
                                                                    const xmpp::Jid& user,
                                                                    bool owned = false);

}  // namespace hansa::act_as
