// act-as.xml and our codec agree: every element of the extension in its examples is read, and
// written again is the same.

#include <set>
#include <string>

#include <doctest/doctest.h>

#include "tests/support/xep_examples.h"
#include "xep-spec/act_as.h"
#include "xep-spec/act_as_rooms.h"
#include "xep-spec/act_as_talks.h"

using namespace hansa;

namespace {

template <typename Value>
std::string written(const Value& value) {
  std::string out;
  xmpp::Writer writer(out);
  xep_act_as::write(writer, value);
  return out;
}

std::string again(const xmpp::Element& element) {
  if (const auto identities = xep_act_as::parse_identities(element)) return written(*identities);
  if (const auto open = xep_act_as::parse_open(element); open && *open) return written(**open);
  if (const auto refusal = xep_act_as::parse_not_allowed(element)) return written(*refusal);
  if (const auto rights = xep_act_as::parse_rights(element)) return written(*rights);
  if (const auto right = xep_act_as::parse_right(element); right && *right) {
    return written(**right);
  }
  if (const auto list = xep_act_as::parse_conversations(element)) return written(*list);
  if (const auto change = xep_act_as::parse_change(element); change && *change) {
    return written(**change);
  }
  if (const auto acts = xep_act_as::parse_acts(element); acts && *acts) return written(**acts);
  if (element.is("note", xep_act_as::kNs)) {
    std::string out;
    xmpp::Writer writer(out);
    xep_act_as::write_note(writer);
    return out;
  }
  if (const auto join = xep_act_as::parse_join(element); join && *join) return written(**join);
  if (const auto membership = xep_act_as::parse_membership(element)) return written(*membership);
  if (const auto rooms = xep_act_as::parse_rooms(element)) return written(*rooms);
  if (const auto heard = xep_act_as::parse_heard(element)) return written(*heard);
  if (element.is("entry", xep_act_as::kNs) || element.is("origin", xep_act_as::kNs)) {
    const auto message =
        xmpp::parse_element("<message>" + xmpp::to_xml(element) + "</message>", xmpp::ns::kClient);
    if (const auto entry = xep_act_as::entry_of((*message)->root())) return written(*entry);
    if (const auto origin = xep_act_as::origin_of((*message)->root())) return written(*origin);
  }
  if (const auto act = xep_act_as::parse_peer_act(element)) {
    std::string out;
    xmpp::Writer writer(out);
    xep_act_as::write(writer, act->first, act->second);
    return out;
  }
  if (element.is("leave", xep_act_as::kNs)) {
    std::string out;
    xmpp::Writer writer(out);
    xep_act_as::write_leave(writer);
    return out;
  }
  if (element.is("kind", xep_act_as::kNs)) {
    std::string out;
    xmpp::Writer writer(out);
    xep_act_as::write_kind_room(writer);
    return out;
  }
  if (element.is("may-create", xep_act_as::kNs)) {
    std::string out;
    xmpp::Writer writer(out);
    xep_act_as::write_may_create(writer);
    return out;
  }
  return "unknown";
}

// The same attributes and children in any order of attributes; white space of layout left out.
std::string plain(const xmpp::Element& element) {
  std::set<std::string> attributes;
  for (const auto* a = element.attributes(); a != nullptr; a = a->next) {
    attributes.insert(std::string(a->name) + "=" + std::string(a->value));
  }
  std::string out = "<" + std::string(element.name()) + " " + std::string(element.ns());
  for (const std::string& one : attributes) out += " " + one;
  out += ">";
  for (const xmpp::Element& child : element.children()) out += plain(child);
  const std::string text = element.text();
  if (text.find_first_not_of(" \n") != std::string::npos) out += text;
  return out;
}

void look(const xmpp::Element& element, std::set<std::string>& seen) {
  if (element.ns() == xep_act_as::kNs) {
    seen.emplace(element.name());
    const auto copy = xmpp::parse_element(again(element), xmpp::ns::kClient);
    REQUIRE(copy.ok());
    CHECK(plain((*copy)->root()) == plain(element));
    return;
  }
  for (const xmpp::Element& child : element.children()) look(child, seen);
}

}  // namespace

TEST_CASE("act-as.xml: its elements are read and written as its examples show them") {
  std::set<std::string> seen;
  for (const test::Example& example : test::examples_of("xep-spec/act-as.xml")) {
    CHECK_FALSE(example.stanzas.empty());
    for (const auto& stanza : example.stanzas) look(stanza->root(), seen);
  }
  CHECK(seen == std::set<std::string>{"acts", "change", "conversations", "entry", "heard",
                                      "identities", "join", "kind", "leave", "may-create",
                                      "membership", "not-allowed-to-act", "note", "open", "origin",
                                      "right", "rights", "rooms", "voice"});
}

TEST_CASE("act-as: what is not of the extension, or lacks an address, is not read") {
  const auto element = [](const std::string& text) { return xmpp::parse_element(text).value(); };
  CHECK_FALSE(xep_act_as::parse_open(element("<open xmlns='urn:example'/>")->root()));
  const auto other = element("<identity xmlns='urn:xmpp:act-as:0'/>");
  CHECK_FALSE(xep_act_as::parse_identities(other->root()));
  const auto lacks = xep_act_as::parse_open(element("<open xmlns='urn:xmpp:act-as:0'/>")->root());
  REQUIRE(lacks);
  CHECK(lacks->error().condition == Condition::bad_request);
  const auto bad =
      xep_act_as::parse_open(element("<open xmlns='urn:xmpp:act-as:0' peer='@'/>")->root());
  REQUIRE(bad);
  CHECK(bad->error().condition == Condition::jid_malformed);
}
