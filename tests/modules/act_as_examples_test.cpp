// The examples of act-as.xml, played against a node in their order: what comes from others is said
// to it, what is from its domains has to have been sent by it. Ids that the node makes are its own;
// where an example answers one, its place is taken by the id that was really sent.

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>

#include <doctest/doctest.h>

#include "tests/support/acting_services.h"
#include "tests/support/xep_examples.h"

using namespace hansa;

namespace {

class Play : public test::ActingServices {
 public:
  Play() {
    settings.identities = "team.a.example";
    found_support();
  }

  void stanza(const xmpp::Element& example) {
    const std::string from(example.attr("from"));
    const auto is_at = [&](const char* domain) { return from.find(domain) != std::string::npos; };
    const bool from_node = is_at("team.a.example") || is_at("rooms.a.example");
    if (from_node) {
      expect(example);
    } else {
      says(with_known_ids(xmpp::to_xml(example)));
    }
  }

 private:
  std::string with_known_ids(std::string xml) const {
    for (const auto& [in_text, real] : ids_) {
      const std::string old = " id='" + in_text + "'";
      if (const auto at = xml.find(old); at != std::string::npos) {
        xml.replace(at, old.size(), " id='" + real + "'");
      }
    }
    for (const auto& [in_text, real] : addresses_) {
      if (const auto at = xml.find(in_text); at != std::string::npos) {
        xml.replace(at, in_text.size(), real);
      }
    }
    return xml;
  }

  // One of the stanzas sent to that address is as the example; those before it may be others.
  void expect(const xmpp::Element& example) {
    const std::string to(example.attr("to"));
    const std::string type(example.attr("type"));
    const bool own_id = example.name() != "iq" || type == "get" || type == "set";
    std::string text = xmpp::to_xml(example);
    // The address of a question is made for it.
    const std::string from(example.attr("from"));
    const bool question = from.starts_with("ask-");
    if (question) text.replace(text.find(from), from.size(), "*");
    const std::string id(example.attr("id"));
    const bool passed_on = example.child("entry", "urn:xmpp:act-as:0") != nullptr;
    const bool reflected = example.name() == "message" && type == "groupchat" && !passed_on;
    if (own_id && !reflected && !id.empty()) {
      const std::string old = " id='" + id + "'";
      text.replace(text.find(old), old.size(), " id='*'");
    }
    const auto pattern = xmpp::parse_element(text, xmpp::ns::kClient).value();
    std::string wrong = "nothing was sent to " + to;
    auto& heard = links.heard[to];
    for (auto sent = heard.begin(); sent != heard.end(); ++sent) {
      const std::string difference = test::differs((*sent)->root(), trimmed(pattern)->root());
      if (difference.empty()) {
        if (own_id) ids_[id] = std::string((*sent)->root().attr("id"));
        if (question) addresses_[from] = std::string((*sent)->root().attr("from"));
        heard.erase(sent);
        return;
      }
      wrong += "\n  " + difference;
    }
    FAIL_CHECK(wrong);
  }

  // White space that only lays the example out is not compared.
  static xmpp::DocumentPtr trimmed(const xmpp::DocumentPtr& document) {
    std::string out;
    xmpp::Writer writer(out);
    copy(document->root(), writer, false);
    return xmpp::parse_element(out, xmpp::ns::kClient).value();
  }
  // What the node names by chance in a list of acts (`acts`) is only to be there.
  static void copy(const xmpp::Element& element, xmpp::Writer& writer, bool acts) {
    acts = acts || element.name() == "acts";
    writer.open(element.name(), element.ns());
    // Requests, logs, places, origins and marks are what the node makes them.
    const bool made = element.ns() == "urn:xmpp:act-as:0" && element.name() != "open";
    for (const auto* a = element.attributes(); a != nullptr; a = a->next) {
      const std::string_view name(a->name);
      const bool opaque = made && (name == "id" || name == "log" || name == "position" ||
                                   name == "after" || (acts && name == "message"));
      writer.attr(name, opaque ? std::string_view("*") : std::string_view(a->value));
    }
    for (const xmpp::Element& child : element.children()) copy(child, writer, acts);
    const bool mark = made && element.name() == "room" && !element.text().empty();
    const bool place = acts && (element.name() == "first" || element.name() == "last");
    if (element.first_child() == nullptr) writer.text(mark || place ? "*" : element.text());
    writer.close();
  }

  std::map<std::string, std::string> ids_;
  std::map<std::string, std::string> addresses_;
};

}  // namespace

TEST_CASE("act-as.xml: it names the settings that the form of a room has, and no other") {
  Play t;
  t.says(
      "<iq type='get' id='f' from='alice@a.example/1' to='support@rooms.a.example'><query "
      "xmlns='http://jabber.org/protocol/muc#owner'/></iq>");
  const std::string form = t.heard("alice@a.example/1").back();
  std::ifstream file("xep-spec/act-as.xml");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto all_in = [](const std::string& in, const std::string& before, char end) {
    std::set<std::string> found;
    for (auto at = in.find(before); at != std::string::npos; at = in.find(before, at + 1)) {
      const auto from = at + before.size() - std::string("act-as#").size();
      found.insert(in.substr(from, in.find(end, from) - from));
    }
    return found;
  };
  std::set<std::string> named = all_in(text, "<td>act-as#", '<');
  named.merge(all_in(text, "<tt>act-as#", '<'));
  CHECK(named == all_in(form, "var='act-as#", '\''));
}

TEST_CASE("act-as.xml: a node does what its examples show") {
  Play play;
  std::size_t played = 0;
  for (const test::Example& example : test::examples_of("xep-spec/act-as.xml")) {
    CAPTURE(example.caption);
    for (const auto& stanza : example.stanzas) {
      play.stanza(stanza->root());
      ++played;
    }
  }
  CHECK(played > 70);
}
