// Bytes from a host: the same events whole and in pieces, and what was read, printed and read again
// is the same.

#include <vector>

#include "tests/fuzz/target.h"
#include "tests/xmpp/reading.h"
#include "xmpp/stanza.h"

namespace hansa::fuzz {
namespace {

using xmpp::testing::Told;
using xmpp::testing::told;

std::vector<xmpp::StreamEvent> events_of(std::string_view bytes, std::size_t piece) {
  xmpp::StreamParser parser;
  std::vector<xmpp::StreamEvent> events;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    parser.feed(bytes.substr(at, piece), events);
  }
  return events;
}

void check_document(const xmpp::DocumentPtr& document) {
  const std::string printed = xmpp::to_xml(document->root());
  // What is written again with its escapes may pass the limits that the first one kept.
  constexpr std::size_t kNoLimit = 1'000'000'000;
  const xmpp::ParserLimits bounds{.stanza_bytes = kNoLimit,
                                  .attributes = kNoLimit,
                                  .attribute_bytes = kNoLimit,
                                  .namespace_bytes = kNoLimit};
  const auto again = xmpp::parse_element(printed, xmpp::ns::kClient, bounds);
  holds(again.ok(), "what was read and printed can be read");
  holds(xmpp::to_xml((*again)->root()) == printed, "what is read again prints the same");
  const auto stanza = xmpp::Stanza::parse(document);
  if (!stanza) return;
  const auto second = xmpp::Stanza::parse(*again);
  holds(second.ok(), "a stanza that was printed is a stanza");
  holds(second->from == stanza->from && second->to == stanza->to && second->id == stanza->id,
        "a stanza that was printed has the same addresses and id");
  (void)xmpp::read_error(*stanza);
  (void)stanza->body();
}

// Pieces may be refused for another reason (`<!-` before the comment is whole), or later.
bool same(const Told& whole, const Told& pieces) {
  const std::size_t shared = std::min(whole.size(), pieces.size());
  for (std::size_t i = 0; i < shared; ++i) {
    const bool broken = whole[i].starts_with("broken") && pieces[i].starts_with("broken");
    if (whole[i] != pieces[i] && !broken) return false;
  }
  const Told& longer = whole.size() > pieces.size() ? whole : pieces;
  return longer.size() == shared ||
         (longer.size() == shared + 1 && longer.back().starts_with("broken"));
}

}  // namespace

void run(std::string_view bytes) {
  const std::string stream = std::string(xmpp::testing::kOpening) + std::string(bytes);
  const auto whole = events_of(stream, stream.size());
  for (const xmpp::StreamEvent& event : whole) {
    const auto* read = std::get_if<xmpp::StanzaRead>(&event);
    if (read != nullptr) check_document(read->stanza);
  }
  holds(same(told(whole), told(events_of(stream, 1 + bytes.size() % 7))),
        "pieces of a stream give the events of the whole");
  (void)events_of(bytes, 4096);  // as the first bytes of a stream
  if (const auto element = xmpp::parse_element(bytes, xmpp::ns::kClient)) check_document(*element);
}

}  // namespace hansa::fuzz
