// The examples of shared-rooms.xml: each frame is read, and written as it stands there; what the
// document fixes byte for byte comes out of them: signatures, the chain, digests, hashes that stay.

#include <array>
#include <map>
#include <set>
#include <string>

#include <doctest/doctest.h>

#include "base/crypto.h"
#include "base/encoding.h"
#include "tests/support/xep_examples.h"
#include "xep-spec/shared_rooms.h"

using namespace hansa;
namespace xsr = xep_shared_rooms;

namespace {

// Without the white space that lays an example out.
void copy(const xmpp::Element& element, xmpp::Writer& writer) {
  writer.open(element.name(), element.ns());
  for (const auto* a = element.attributes(); a != nullptr; a = a->next) {
    writer.attr(a->name, a->value);
  }
  for (const xmpp::Element& child : element.children()) copy(child, writer);
  if (element.first_child() == nullptr) writer.text(element.text());
  writer.close();
}

std::string plain(const xmpp::Element& element) {
  std::string out;
  xmpp::Writer writer(out);
  copy(element, writer);
  return out;
}

template <std::size_t N>
std::array<std::uint8_t, N> bytes_of(const std::string& digits) {
  std::array<std::uint8_t, N> out{};
  const std::string raw = unhex(digits).value();
  REQUIRE(raw.size() == N);
  std::copy(raw.begin(), raw.end(), out.begin());
  return out;
}

struct Shown {
  std::map<std::string, std::vector<xsr::Frame>> by_caption;
  template <typename T>
  [[nodiscard]] const T& at(const std::string& caption) const {
    return std::get<T>(by_caption.at(caption).front());
  }
};

Shown shown() {
  Shown out;
  for (const test::Example& example : test::examples_of("xep-spec/shared-rooms.xml")) {
    for (const auto& stanza : example.stanzas) {
      const auto frame = xsr::parse_frame(*stanza->root().first_child());
      if (frame) out.by_caption[example.caption].push_back(*frame);
    }
  }
  return out;
}

}  // namespace

TEST_CASE("shared-rooms.xml: every example is read, and written as it stands there") {
  std::size_t read = 0;
  std::set<std::size_t> kinds;
  for (const test::Example& example : test::examples_of("xep-spec/shared-rooms.xml")) {
    CAPTURE(example.caption);
    REQUIRE(example.stanzas.size() == 1);
    const xmpp::Element& stanza = example.stanzas.front()->root();
    const auto frame = xsr::parse_frame(*stanza.first_child());
    if (stanza.first_child()->name() == "poll") {
      REQUIRE_FALSE(frame.ok());
      CHECK(frame.error().condition == Condition::feature_not_implemented);
      continue;
    }
    REQUIRE(frame.ok());
    const std::string text = xsr::to_message(stanza.attr("from"), stanza.attr("to"), *frame);
    const auto again = xmpp::parse_element(text, xmpp::ns::kClient).value();
    CHECK(plain(again->root()) == plain(stanza));
    kinds.insert(frame->index());
    ++read;
  }
  CHECK(read > 30);
  CHECK(kinds.size() == std::variant_size_v<xsr::Frame> - 1);  // all but Unknown
}

TEST_CASE("shared-rooms.xml: its signatures verify with the key that the node said") {
  const Shown all = shown();
  const auto& hello = all.at<xsr::Hello>("A node says hello (without buckets)");
  const auto key = bytes_of<32>(hello.key);
  for (const char* caption : {"Alice makes Bob a member", "And what it ordered"}) {
    const auto& entry = all.at<xsr::Entry>(caption);
    const auto operation = xsr::read_operation(entry.item.payload).value();
    const auto signature = bytes_of<64>(operation.signature);
    const std::string bytes = xsr::signed_bytes(entry.log, operation, entry.item.origin);
    CHECK(ed25519_verify(key, bytes, signature));
    CHECK_FALSE(ed25519_verify(key, bytes + 'x', signature));
  }
}

TEST_CASE("shared-rooms.xml: what erases a message names it, and is signed") {
  const Shown all = shown();
  const auto key = bytes_of<32>(all.at<xsr::Hello>("A node says hello (without buckets)").key);
  const auto& said = all.at<xsr::Entry>("Up");
  const auto& entry = all.at<xsr::Entry>("Alice takes back what she said");
  CHECK(entry.item.kind == xsr::kKindErasure);
  const auto erasure = xsr::read_erasure(entry.item.payload).value();
  CHECK(erasure.erased == said.item.origin);
  CHECK(erasure.id == said.item.id);
  CHECK(all.at<xsr::Entry>("An erased item").item.origin == erasure.erased);
  const auto signature = bytes_of<64>(erasure.signature);
  const std::string bytes = xsr::signed_bytes(entry.log, erasure, entry.item.origin);
  CHECK(ed25519_verify(key, bytes, signature));
  CHECK_FALSE(ed25519_verify(key, bytes + 'x', signature));
}

TEST_CASE("shared-rooms.xml: chain and hashes are as it says") {
  const Shown all = shown();
  const auto& said = all.at<xsr::Entry>("Down, to the others");
  const auto& after = all.at<xsr::Have>("A node has everything up to there");
  const auto& up = all.at<xsr::Entry>("Up");
  CHECK(xsr::item_hash(up.item) == xsr::item_hash(said.item));
  CHECK(after.point.version == said.item.order);
  const auto& erased = all.at<xsr::Entry>("An erased item");
  CHECK(erased.item.hash == xsr::payload_hash(said.item));
  CHECK(xsr::item_hash(erased.item) == xsr::item_hash(said.item));
  // From the welcome on: the enterprise's item is at its point, Bob's membership and the message
  // follow.
  const auto& welcome = all.at<xsr::Welcome>("b is welcome");
  const auto& set = all.at<xsr::Entry>("And what it ordered");
  const std::string one =
      xsr::next_chain(welcome.point.chain, set.log, set.item.order, xsr::item_hash(set.item));
  CHECK(xsr::next_chain(one, said.log, said.item.order, xsr::item_hash(said.item)) ==
        after.point.chain);
}

TEST_CASE("shared-rooms.xml: the digest of a list is as it says") {
  const Shown all = shown();
  const auto& list = all.at<xsr::List>("The only page");
  const auto& welcome = all.at<xsr::Welcome>("b is welcome");
  xsr::WideSum sum;
  for (const xsr::Record& record : list.records) sum.add(welcome.key, xsr::digest_bytes(record));
  CHECK(sum.text() == list.digest);
}
