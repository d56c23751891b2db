// What the document fixes byte for byte: signatures, chain, digests.

#include <algorithm>

#include "base/crypto.h"
#include "base/encoding.h"
#include "xep-spec/shared_rooms.h"

namespace hansa::xep_shared_rooms {
namespace {

// Each part with its length in front, so that no two lists of parts have the same bytes.
class Bytes {
 public:
  Bytes& put(std::string_view part) { return number(part.size(), 4).raw(part); }
  Bytes& number(std::uint64_t value, int bytes = 8) {
    for (int i = bytes - 1; i >= 0; --i) out_ += static_cast<char>((value >> (8 * i)) & 0xff);
    return *this;
  }
  Bytes& put(const Version& version) { return number(version.epoch).number(version.sequence); }
  Bytes& put(const Origin& origin) {
    return put(origin.link).number(origin.incarnation).number(origin.number);
  }
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  Bytes& raw(std::string_view bytes) {
    out_ += bytes;
    return *this;
  }
  std::string out_;
};

std::string short_hash(std::string_view bytes) {
  const Sha256 hash = sha256(bytes);
  return hex(std::span(hash).first(16));
}

}  // namespace

std::string signed_bytes(std::string_view log, const Operation& operation, const Origin& origin) {
  return Bytes()
      .put("hansa shared-rooms operation 1")
      .put(log)
      .put(operation.previous)
      .put(operation.jid)
      .put(operation.affiliation)
      .put(operation.kind)
      .put(operation.actor)
      .put(origin)
      .take();
}

std::string signed_bytes(std::string_view log, const Erasure& erasure, const Origin& origin) {
  return Bytes()
      .put("hansa shared-rooms erasure 1")
      .put(log)
      .put(erasure.erased)
      .put(erasure.id)
      .put(erasure.actor)
      .put(origin)
      .take();
}

std::string item_bytes(const Item& item) {
  return Bytes()
      .put(item.kind)
      .number(item.format, 4)
      .number(item.must_understand ? 1 : 0, 1)
      .put(item.id)
      .put(item.payload)
      .take();
}

void read_item_bytes(std::string_view bytes, Item& item) {
  const auto number = [&](std::size_t size) {
    std::uint64_t out = 0;
    for (std::size_t i = 0; i < size && !bytes.empty(); ++i) {
      out = (out << 8) | static_cast<std::uint8_t>(bytes.front());
      bytes.remove_prefix(1);
    }
    return out;
  };
  const auto part = [&] {
    const std::uint64_t said = number(4);
    const std::size_t size = std::min<std::size_t>(said, bytes.size());
    std::string out(bytes.substr(0, size));
    bytes.remove_prefix(size);
    return out;
  };
  item.kind = part();
  item.format = static_cast<std::uint32_t>(number(4));
  item.must_understand = number(1) != 0;
  item.id = part();
  item.payload = part();
}

std::string payload_hash(const Item& item) {
  if (!item.hash.empty()) return item.hash;
  return hex(sha256(unhex(item.salt).value_or(std::string()) + item_bytes(item)));
}

std::string item_hash(const Item& item) {
  return short_hash(
      Bytes().put("hansa shared-rooms item 1").put(item.origin).put(payload_hash(item)).take());
}

std::string next_chain(std::string_view before, std::string_view log, const Version& order,
                       std::string_view hash) {
  return short_hash(
      Bytes().put("hansa shared-rooms chain 1").put(before).put(log).put(order).put(hash).take());
}

std::string digest_bytes(const Record& record) {
  return Bytes()
      .put(record.operation.jid)
      .put(record.operation.affiliation)
      .put(record.operation.kind)
      .put(record.origin)
      .put(record.order)
      .take();
}

namespace {

std::array<std::uint32_t, 64> expand(std::string_view key, std::string_view bytes) {
  std::array<std::uint8_t, 256> wide{};
  shake128(Bytes().put("hansa shared-rooms digest 1").put(key).put(bytes).take(), wide);
  std::array<std::uint32_t, 64> lanes{};
  for (std::size_t i = 0; i < wide.size(); ++i) {
    lanes[i / 4] |= static_cast<std::uint32_t>(wide[i]) << (8 * (i % 4));
  }
  return lanes;
}

}  // namespace

void WideSum::add(std::string_view key, std::string_view bytes) {
  const auto lanes = expand(key, bytes);
  for (std::size_t i = 0; i < lanes.size(); ++i) lanes_[i] += lanes[i];
}

void WideSum::subtract(std::string_view key, std::string_view bytes) {
  const auto lanes = expand(key, bytes);
  for (std::size_t i = 0; i < lanes.size(); ++i) lanes_[i] -= lanes[i];
}

std::string WideSum::text() const {
  Bytes bytes;
  for (const std::uint32_t lane : lanes_) bytes.number(lane, 4);
  return short_hash(bytes.take());
}

std::uint8_t bucket_of(std::string_view log) { return sha256(log)[0]; }

std::uint64_t bucket_share(std::string_view log, const Version& version) {
  const Sha256 hash = sha256(Bytes().put(log).put(version).take());
  std::uint64_t share = 0;
  for (std::size_t i = 0; i < 8; ++i) share = (share << 8) | hash[i];
  return share;
}

}  // namespace hansa::xep_shared_rooms
