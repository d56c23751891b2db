#include "stream/stream_error.h"

#include "xmpp/writer.h"

namespace hansa::stream {

StreamError parse_stream_error(const xmpp::Element& element) {
  StreamError error{"undefined-condition", {}};
  if (const xmpp::Element* text = element.child("text", xmpp::ns::kStreamErrors)) {
    error.text = text->text();
  }
  for (const xmpp::Element& child : element.children()) {
    if (child.ns() != xmpp::ns::kStreamErrors || child.name() == "text") continue;
    error.condition = child.name();
    break;
  }
  return error;
}

void write_stream_error(std::string& out, std::string_view condition) {
  out += "<stream:error>";
  xmpp::Writer(out).empty(condition, xmpp::ns::kStreamErrors);
  out += "</stream:error>";
}

}  // namespace hansa::stream
