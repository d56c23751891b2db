#pragma once
// What the tests of the parser share: a stream's opening, and events as text to compare.

#include <string>
#include <string_view>
#include <vector>

#include "xmpp/parser.h"
#include "xmpp/writer.h"

namespace hansa::xmpp::testing {

inline constexpr std::string_view kOpening =
    "<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' "
    "xmlns:stream='http://etherx.jabber.org/streams' from='rooms.a.example' id='s1'>";
inline constexpr std::string_view kClosing = "</stream:stream>";

inline std::string told(const StreamEvent& event) {
  if (const auto* opened = std::get_if<StreamOpened>(&event)) {
    return "opened " + opened->content_ns + " " + to_xml(opened->header->root());
  }
  if (const auto* read = std::get_if<StanzaRead>(&event)) return to_xml(read->stanza->root());
  if (const auto* refused = std::get_if<StanzaRefused>(&event)) {
    return "refused " + std::string(refused->stanza->root().name());
  }
  if (const auto* broken = std::get_if<StreamBroken>(&event)) {
    return "broken " + std::string(broken->condition);
  }
  return "closed";
}

inline std::vector<std::string> told(const std::vector<StreamEvent>& events) {
  std::vector<std::string> all;
  for (const StreamEvent& event : events) all.push_back(told(event));
  return all;
}

// A stream that has been opened.
class Reading {
 public:
  explicit Reading(ParserLimits bounds = {}) : parser_(bounds) { (void)feed(kOpening); }

  // The events of `bytes`, told.
  std::vector<std::string> feed(std::string_view bytes) {
    events_.clear();
    parser_.feed(bytes, events_);
    return told(events_);
  }
  // The same, one byte at a time.
  std::vector<std::string> dribble(std::string_view bytes) {
    events_.clear();
    for (std::size_t i = 0; i < bytes.size(); ++i) parser_.feed(bytes.substr(i, 1), events_);
    return told(events_);
  }
  [[nodiscard]] const std::vector<StreamEvent>& events() const { return events_; }

 private:
  StreamParser parser_;
  std::vector<StreamEvent> events_;
};

inline std::vector<std::string> read_stream(std::string_view bytes, ParserLimits bounds = {}) {
  StreamParser parser(bounds);
  std::vector<StreamEvent> events;
  parser.feed(bytes, events);
  return told(events);
}

using Told = std::vector<std::string>;

}  // namespace hansa::xmpp::testing
