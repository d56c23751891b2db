// Frames between a node and its hub, and the payloads of items: refused, or what is written reads
// the same.

#include "tests/fuzz/target.h"
#include "xep-spec/shared_rooms.h"
#include "xmpp/parser.h"

namespace hansa::fuzz {
namespace {

namespace link = xep_shared_rooms;

std::string written(const link::Frame& frame) {
  std::string out;
  xmpp::Writer writer(out);
  link::write(writer, frame);
  return out;
}

void check_frame(const xmpp::Element& element) {
  const auto frame = link::parse_frame(element);
  if (!frame) return;
  if (std::holds_alternative<link::Unknown>(*frame)) return;  // nobody writes one
  const std::string text = written(*frame);
  const auto document = xmpp::parse_element(text, xmpp::ns::kClient);
  holds(document.ok(), "a frame that is written can be parsed");
  const auto again = link::parse_frame((*document)->root());
  holds(again.ok(), "a frame that is written is a frame");
  holds(written(*again) == text, "a frame that is read again is written the same");
  holds(*again == *frame, "a frame that is written reads the same");
}

template <typename Payload>
void check_payload(const Result<Payload>& read, Result<Payload> (*parse)(std::string_view)) {
  if (!read) return;
  const auto again = parse(link::to_payload(*read));
  holds(again.ok() && *again == *read, "a payload that is written reads the same");
}

}  // namespace

void run(std::string_view bytes) {
  const auto document = xmpp::parse_element(bytes, xmpp::ns::kClient);
  if (!document) return;
  const xmpp::Element& root = (*document)->root();
  check_frame(root);
  if (const xmpp::Element* inside = root.first_child()) check_frame(*inside);
  check_payload(link::read_epoch(bytes), link::read_epoch);
  check_payload(link::read_enterprise(bytes), link::read_enterprise);
  check_payload(link::read_operation(bytes), link::read_operation);
  check_payload(link::read_erasure(bytes), link::read_erasure);
  check_payload(link::read_refused(bytes), link::read_refused);
  check_payload(link::read_gap(bytes), link::read_gap);
}

}  // namespace hansa::fuzz
