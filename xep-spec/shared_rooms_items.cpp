// Items, their payloads, records of members.

#include "base/limits.h"
#include "xep-spec/shared_rooms_words.h"
#include "xmpp/parser.h"

namespace hansa::xep_shared_rooms {
namespace {

template <typename T, typename Read>
Result<T> read_payload(std::string_view payload, std::string_view name, Read read) {
  const auto document = xmpp::parse_element(payload, xmpp::ns::kClient);
  if (!document) return document.error();
  if (!(*document)->root().is(name, kNs)) {
    return Error(Condition::bad_request, "<" + std::string(name) + "/> is missing.");
  }
  Reading in((*document)->root());
  T value = read(in);
  return in.done(std::move(value));
}

template <typename Write>
std::string to_text(std::string_view name, Write write) {
  std::string out;
  xmpp::Writer writer(out);
  writer.open(name, kNs);
  write(writer);
  writer.close();
  return out;
}

Operation read_operation(Reading& in) {
  return {in.some("jid"),
          in.some("affiliation", 32),
          in.some("kind", 32),
          in.some("actor"),
          Version{in.number("previous-epoch"), in.number("previous-seq")},
          in.digits("signature", 128, true)};
}

void write_operation(xmpp::Writer& writer, const Operation& operation) {
  writer.attr("jid", operation.jid)
      .attr("affiliation", operation.affiliation)
      .attr("kind", operation.kind)
      .attr("actor", operation.actor);
  write_number(writer, "previous-epoch", operation.previous.epoch);
  write_number(writer, "previous-seq", operation.previous.sequence);
  writer.attr_if("signature", operation.signature);
}

}  // namespace

void write_number(xmpp::Writer& writer, std::string_view name, std::uint64_t number) {
  writer.attr(name, std::to_string(number));
}
void write_version(xmpp::Writer& writer, const Version& version) {
  write_number(writer, "epoch", version.epoch);
  write_number(writer, "seq", version.sequence);
}
void write_point(xmpp::Writer& writer, const Point& point) {
  write_version(writer, point.version);
  writer.attr_if("chain", point.chain);
}
void write_origin(xmpp::Writer& writer, const Origin& origin) {
  writer.attr("by", origin.link);
  write_number(writer, "incarnation", origin.incarnation);
  write_number(writer, "number", origin.number);
}

std::string read_content(Reading& in, std::size_t most) {
  std::string out;
  const xmpp::Element* payload = in.element().child("payload", kNs);
  if (payload == nullptr) return out;
  for (const xmpp::Element& child : payload->children()) out += xmpp::to_xml(child);
  if (out.size() > most) in.wrong("payload");
  return out;
}

Item read_item(Reading& frame, const xmpp::Element* element) {
  Item item;
  if (element == nullptr) {
    frame.wrong("item");
    return item;
  }
  Reading in(*element);
  item.kind = in.some("kind", 32);
  item.format = in.small("format", kFormat);
  item.must_understand = in.flag("must");
  item.origin = in.origin();
  if (element->find_attr("after-number")) {
    item.after =
        Origin{item.origin.link, in.number("after-incarnation"), in.number("after-number")};
  }
  if (const auto stamp = parse_datetime(element->attr("stamp"))) {
    item.stamp = *stamp;
  } else {
    in.wrong("stamp");
  }
  item.hash = in.digits("hash", 64, true);
  if (item.hash.empty()) {
    item.id = in.some("id", 64);
    item.salt = in.digits("salt", 32, false);
    item.payload = read_content(in, limits::kItemBytes);
  }
  if (element->find_attr("epoch")) item.order = in.version();
  item.digest = in.digits("digest", 32, true);
  frame.take(in);
  return item;
}

void write_item(xmpp::Writer& writer, const Item& item) {
  writer.open("item", kNs).attr("kind", item.kind);
  write_number(writer, "format", item.format);
  if (item.must_understand) writer.attr("must", "true");
  write_origin(writer, item.origin);
  if (item.after) {
    write_number(writer, "after-incarnation", item.after->incarnation);
    write_number(writer, "after-number", item.after->number);
  }
  writer.attr("stamp", to_datetime(item.stamp));
  writer.attr_if("id", item.id).attr_if("salt", item.salt).attr_if("hash", item.hash);
  if (item.order != Version{}) write_version(writer, item.order);
  writer.attr_if("digest", item.digest);
  if (!item.payload.empty()) writer.open("payload", kNs).raw(item.payload).close();
  writer.close();
}

Record read_record(Reading& frame, const xmpp::Element& element) {
  Reading in(element);
  Record record{read_operation(in), in.origin(), in.version()};
  frame.take(in);
  return record;
}

void write_record(xmpp::Writer& writer, const Record& record) {
  writer.open("member", kNs);
  write_operation(writer, record.operation);
  write_origin(writer, record.origin);
  write_version(writer, record.order);
  writer.close();
}

Enterprise read_enterprise(Reading& frame, const xmpp::Element& element) {
  Reading in(element);
  Enterprise enterprise{in.some("link"), {}, in.digits("key", 64, true), in.small("speaks", 1)};
  for (const xmpp::Element& child : element.children()) {
    if (!child.is("domain", kNs)) continue;
    if (enterprise.domains.size() == limits::kEnterpriseDomains) {
      in.wrong("domain");
      break;
    }
    Reading domain(child);
    enterprise.domains.push_back(domain.some("name"));
    in.take(domain);
  }
  frame.take(in);
  return enterprise;
}

void write_enterprise(xmpp::Writer& writer, const Enterprise& enterprise) {
  writer.open("enterprise", kNs).attr("link", enterprise.link);
  writer.attr_if("key", enterprise.key);
  write_number(writer, "speaks", enterprise.format);
  for (const std::string& domain : enterprise.domains) {
    writer.open("domain", kNs).attr("name", domain).close();
  }
  writer.close();
}

// --- payloads -----------------------------------------------------------------------------------

std::string to_payload(const Epoch& epoch) {
  return to_text("epoch", [&](xmpp::Writer& writer) {
    write_number(writer, "number", epoch.epoch);
    writer.attr("key", epoch.key);
    write_point(writer, epoch.follows);
  });
}
Result<Epoch> read_epoch(std::string_view payload) {
  return read_payload<Epoch>(payload, "epoch", [](Reading& in) {
    return Epoch{in.number("number"), in.digits("key", 32, false), in.point()};
  });
}

std::string to_payload(const Enterprise& enterprise) {
  std::string out;
  xmpp::Writer writer(out);
  write_enterprise(writer, enterprise);
  return out;
}
Result<Enterprise> read_enterprise(std::string_view payload) {
  return read_payload<Enterprise>(payload, "enterprise",
                                  [](Reading& in) { return read_enterprise(in, in.element()); });
}

std::string to_payload(const Operation& operation) {
  return to_text("set", [&](xmpp::Writer& writer) { write_operation(writer, operation); });
}
Result<Operation> read_operation(std::string_view payload) {
  return read_payload<Operation>(payload, "set", [](Reading& in) { return read_operation(in); });
}

std::string to_payload(const Erasure& erasure) {
  return to_text("erase", [&](xmpp::Writer& writer) {
    write_origin(writer, erasure.erased);
    writer.attr("id", erasure.id).attr("actor", erasure.actor);
    writer.attr_if("signature", erasure.signature);
  });
}
Result<Erasure> read_erasure(std::string_view payload) {
  return read_payload<Erasure>(payload, "erase", [](Reading& in) {
    return Erasure{in.origin(), in.some("id", 64), in.some("actor"),
                   in.digits("signature", 128, true)};
  });
}

std::string to_payload(const Refused& refused) {
  return to_text("refused", [&](xmpp::Writer& writer) {
    writer.attr("condition", refused.condition).attr_if("text", refused.text);
  });
}
Result<Refused> read_refused(std::string_view payload) {
  return read_payload<Refused>(payload, "refused", [](Reading& in) {
    return Refused{in.some("condition", 64), in.text("text")};
  });
}

std::string to_payload(const Gap& gap) {
  return to_text("gap", [&](xmpp::Writer& writer) {
    write_origin(writer, gap.first);
    write_number(writer, "last", gap.last);
  });
}
Result<Gap> read_gap(std::string_view payload) {
  return read_payload<Gap>(payload, "gap", [](Reading& in) {
    Gap gap{in.origin(), in.number("last")};
    if (gap.last < gap.first.number) in.wrong("last");
    return gap;
  });
}

}  // namespace hansa::xep_shared_rooms
