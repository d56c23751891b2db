#pragma once
// A room with an archive, and what tests of it need: speaking and being told the stanza-id,
// queries, what came of them.

#include <string>
#include <string_view>
#include <vector>

#include "modules/archive/archive.h"
#include "tests/support/room_words.h"

namespace hansa::test {

struct ArchiveFixture : RoomFixture {
  ArchiveFixture()
      : RoomFixture({}, [this](rooms::Rooms& module, engine::Router& rows) {
          archive.emplace(module);
          const Status added = archive->add_to(rows);
          if (!added) std::abort();
        }) {
    start();
    joins(kAlice, "support@rooms.a.example/Alice");
  }

  // The value of the first attribute after `mark`; empty: it is not there.
  static std::string attribute_after(std::string_view xml, std::string_view mark,
                                     std::string_view name) {
    const std::size_t at = xml.find(mark);
    if (at == std::string_view::npos) return {};
    const std::string quoted = std::string(" ") + std::string(name) + "='";
    const std::size_t start = xml.find(quoted, at);
    if (start == std::string_view::npos) return {};
    const std::size_t from = start + quoted.size();
    return std::string(xml.substr(from, xml.find('\'', from) - from));
  }
  // Says that, as one who is in; gives its stanza-id.
  std::string say(std::string_view who, std::string_view id, std::string_view body,
                  std::string_view more = {}) {
    forget();
    says(talk(who, id, body, more));
    std::string found;
    for (const std::string& xml : heard(who)) {
      if (found.empty()) found = attribute_after(xml, "<stanza-id", "id");
    }
    forget();
    return found;
  }
  static std::string field(std::string_view var, std::string_view value) {
    return joined({"<field var='", var, "'><value>", value, "</value></field>"});
  }
  static std::string form(std::string_view fields) {
    return joined(
        {"<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>"
         "urn:xmpp:mam:2</value></field>",
         fields, "</x>"});
  }
  static std::string page(std::string_view content) {
    return joined({"<set xmlns='http://jabber.org/protocol/rsm'>", content, "</set>"});
  }
  // All that a query brings, its answer last.
  std::vector<std::string> query(std::string_view who, std::string_view content = {},
                                 std::string_view room = kRoom) {
    forget();
    says(ask("set", who,
             joined({"<query xmlns='urn:xmpp:mam:2' queryid='f'>", content, "</query>"}), room));
    return heard(who);
  }
  // The bodies that a query brings, then what its answer says: "one two | complete".
  std::string bodies(std::string_view who, std::string_view content = {}) {
    const std::vector<std::string> all = query(who, content);
    std::string text;
    for (const std::string& xml : all) {
      const std::size_t body = xml.find("<body>");
      if (xml.find("<fin ") != std::string::npos) {
        text += xml.find("complete='true'") == std::string::npos ? "| more" : "| complete";
      } else if (body != std::string::npos) {
        text += xml.substr(body + 6, xml.find("</body>") - body - 6) + " ";
      } else {
        text += xml.find("<error") == std::string::npos ? "- " : "error ";
      }
    }
    return text;
  }

  std::optional<archive::Archive> archive;
};

[[nodiscard]] inline bool has(std::string_view text, std::string_view what) {
  return text.find(what) != std::string_view::npos;
}

}  // namespace hansa::test
