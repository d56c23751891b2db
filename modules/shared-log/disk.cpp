#include "modules/shared-log/disk.h"

#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "engine/fields.h"

namespace hansa::shared_log {
namespace {

using engine::FieldReader;
using engine::FieldWriter;

std::uint32_t small(std::uint64_t number) { return static_cast<std::uint32_t>(number); }

void put(FieldWriter& out, std::uint32_t tag, const xsr::Version& version) {
  out.put(tag, version.epoch).put(tag + 1, version.sequence);
}
xsr::Version version(const FieldReader& in, std::uint32_t tag) {
  return {in.number(tag), in.number(tag + 1)};
}

}  // namespace

std::string encode(const Created& created) {
  return FieldWriter().put(1, created.log).put(2, created.self).take();
}
Created decode_created(std::string_view bytes) {
  const FieldReader in(bytes);
  return {std::string(in.text(1)), std::string(in.text(2))};
}

std::string encode(const xsr::Origin& origin) {
  return FieldWriter().put(1, origin.link).put(2, origin.incarnation).put(3, origin.number).take();
}
xsr::Origin decode_origin(std::string_view bytes) {
  const FieldReader in(bytes);
  return {std::string(in.text(1)), in.number(2), in.number(3)};
}

std::string encode(const StoredOrder& order) {
  FieldWriter out;
  out.put(1, encode(order.origin));
  put(out, 2, order.order);
  out.put(4, order.chain).put(5, std::uint64_t{order.void_}).put_if(6, order.payload);
  return out.take();
}
StoredOrder decode_order(std::string_view bytes) {
  const FieldReader in(bytes);
  return {decode_origin(in.text(1)), version(in, 2), std::string(in.text(4)), in.number(5) != 0,
          std::string(in.text(6))};
}

std::string encode(const xsr::Enterprise& enterprise) {
  FieldWriter out;
  out.put(1, enterprise.link).put(2, enterprise.key).put(3, std::uint64_t{enterprise.format});
  for (const std::string& domain : enterprise.domains) out.put(4, domain);
  return out.take();
}
xsr::Enterprise decode_enterprise(std::string_view bytes) {
  const FieldReader in(bytes);
  xsr::Enterprise out{std::string(in.text(1)), {}, std::string(in.text(2)), small(in.number(3))};
  for (const std::string_view domain : in.all(4)) out.domains.emplace_back(domain);
  return out;
}

std::string encode(const Welcomed& welcomed) {
  FieldWriter out;
  put(out, 1, welcomed.point.version);
  out.put_if(3, welcomed.point.chain).put(4, welcomed.key);
  for (const xsr::Enterprise& enterprise : welcomed.enterprises) out.put(5, encode(enterprise));
  return out.take();
}
Welcomed decode_welcomed(std::string_view bytes) {
  const FieldReader in(bytes);
  Welcomed out{{version(in, 1), std::string(in.text(3))}, std::string(in.text(4)), {}};
  for (const std::string_view one : in.all(5)) out.enterprises.push_back(decode_enterprise(one));
  return out;
}

std::string encode(const xsr::Record& record) {
  const xsr::Operation& operation = record.operation;
  FieldWriter out;
  out.put(1, operation.jid)
      .put(2, operation.affiliation)
      .put(3, operation.kind)
      .put(4, operation.actor);
  put(out, 5, operation.previous);
  out.put(7, operation.signature).put(8, encode(record.origin));
  put(out, 9, record.order);
  return out.take();
}
xsr::Record decode_record(std::string_view bytes) {
  const FieldReader in(bytes);
  xsr::Record out;
  xsr::Operation& operation = out.operation;
  operation.jid = in.text(1);
  operation.affiliation = in.text(2);
  operation.kind = in.text(3);
  operation.actor = in.text(4);
  operation.previous = version(in, 5);
  operation.signature = in.text(7);
  out.origin = decode_origin(in.text(8));
  out.order = version(in, 9);
  return out;
}

std::string encode(const ListPage& page) {
  FieldWriter out;
  put(out, 1, page.version);
  out.put(3, std::uint64_t{page.complete});
  for (const xsr::Record& record : page.records) out.put(4, encode(record));
  return out.take();
}
ListPage decode_page(std::string_view bytes) {
  const FieldReader in(bytes);
  ListPage out{version(in, 1), in.number(3) != 0, {}};
  for (const std::string_view one : in.all(4)) out.records.push_back(decode_record(one));
  return out;
}

std::string encode(const Intervals& intervals) {
  FieldWriter out;
  for (const auto& run : intervals.runs()) out.put(1, run.first).put(2, run.last);
  return out.take();
}
Intervals decode_intervals(std::string_view bytes) {
  const FieldReader in(bytes);
  const auto number = [](std::string_view field) { return engine::take_varint(field).value_or(0); };
  Intervals out;
  const auto firsts = in.all(1);
  const auto lasts = in.all(2);
  for (std::size_t i = 0; i < firsts.size() && i < lasts.size(); ++i) {
    out.add_run({number(firsts[i]), number(lasts[i])});
  }
  return out;
}

std::string random_digits(Random& random) {
  std::array<std::uint8_t, 16> bytes{};
  random.fill(bytes);
  return hex(bytes);
}

engine::Arrived to_entry(const StoredItem& stored) {
  const xsr::Item& item = stored.item;
  engine::Arrived out;
  out.kind = engine::EntryKind::shared;
  out.origin = {item.origin.link, item.origin.incarnation, item.origin.number};
  out.order = {item.order.epoch, item.order.sequence};
  out.origin_stamp = item.stamp;
  if (!item.hash.empty()) {
    const std::string hash = unhex(item.hash).value_or(std::string());
    out.hash.emplace();
    std::copy_n(hash.begin(), std::min(hash.size(), out.hash->size()), out.hash->begin());
    out.erased = true;
    return out;
  }
  out.salt = unhex(item.salt).value_or(std::string());
  out.shared.bytes = xsr::item_bytes(item);
  out.ordered.bytes = FieldWriter().put_if(1, item.digest).put_if(2, stored.chain).take();
  out.local.bytes = FieldWriter().put(3, std::uint64_t{stored.void_}).take();
  return out;
}

std::optional<LinkedItem> item_of(const engine::SharedEntry& entry) {
  if (entry.kind != engine::EntryKind::shared) return std::nullopt;
  LinkedItem out;
  xsr::Item& item = out.item;
  item.origin = {entry.origin.enterprise, entry.origin.incarnation, entry.origin.number};
  item.order = {entry.order.epoch, entry.order.sequence};
  item.stamp = entry.origin_stamp;
  if (entry.erased) {  // only what was said ever is
    item.kind = xsr::kKindMessage;
    item.hash = hex(entry.hash);
    return out;
  }
  xsr::read_item_bytes(entry.shared.bytes, item);
  item.salt = hex({reinterpret_cast<const std::uint8_t*>(entry.salt.data()), entry.salt.size()});
  const FieldReader ordered(entry.ordered.bytes);
  item.digest = ordered.text(1);
  out.chain = ordered.text(2);
  return out;
}

std::optional<StoredItem> item_of(const engine::Entry& entry) {
  auto linked = item_of(static_cast<const engine::SharedEntry&>(entry));
  if (!linked) return std::nullopt;
  StoredItem out{std::move(*linked)};
  const FieldReader local(entry.local.bytes);
  out.void_ = local.number(3) != 0;
  // As they were written first.
  if (out.item.digest.empty()) out.item.digest = local.text(1);
  if (out.chain.empty()) out.chain = local.text(2);
  return out;
}

xsr::Item as_made(xsr::Item item) {
  item.order = {};
  item.digest.clear();
  item.after.reset();
  return item;
}

}  // namespace hansa::shared_log
