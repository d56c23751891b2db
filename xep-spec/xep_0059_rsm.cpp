#include "xep-spec/xep_0059_rsm.h"

#include <charconv>

namespace hansa::xep_0059 {
namespace {

std::optional<std::uint64_t> number_of(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<std::string> text_of(const xmpp::Element& set, std::string_view name) {
  const xmpp::Element* child = set.child(name, kNs);
  return child == nullptr ? std::nullopt : std::optional(child->text());
}

std::optional<std::uint64_t> number_in(const xmpp::Element& set, std::string_view name) {
  const std::optional<std::string> text = text_of(set, name);
  return text ? number_of(*text) : std::nullopt;
}

void write_number(xmpp::Writer& writer, std::string_view name,
                  const std::optional<std::uint64_t>& number) {
  if (number) writer.leaf(name, std::to_string(*number));
}

}  // namespace

std::optional<Request> parse(const xmpp::Element& element) {
  if (!element.is("set", kNs)) return std::nullopt;
  return Request{number_in(element, "max"), text_of(element, "after"), text_of(element, "before"),
                 number_in(element, "index")};
}

std::optional<Page> parse_page(const xmpp::Element& element) {
  if (!element.is("set", kNs)) return std::nullopt;
  Page page;
  page.first = text_of(element, "first").value_or("");
  page.last = text_of(element, "last").value_or("");
  page.count = number_in(element, "count");
  if (const xmpp::Element* first = element.child("first", kNs)) {
    page.index = number_of(first->attr("index"));
  }
  return page;
}

void write(xmpp::Writer& writer, const Request& request) {
  writer.open("set", kNs);
  write_number(writer, "max", request.max);
  if (request.after) writer.leaf("after", *request.after);
  if (request.before) writer.leaf("before", *request.before);
  write_number(writer, "index", request.index);
  writer.close();
}

void write(xmpp::Writer& writer, const Page& page) {
  writer.open("set", kNs);
  if (!page.first.empty()) {
    writer.open("first");
    if (page.index) writer.attr("index", std::to_string(*page.index));
    writer.text(page.first).close().leaf("last", page.last);
  }
  write_number(writer, "count", page.count);
  writer.close();
}

}  // namespace hansa::xep_0059
