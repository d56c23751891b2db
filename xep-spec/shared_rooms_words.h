#pragma once
// How attributes of «Shared Rooms» are read: what is missing or wrong is remembered, and told once
// at the end. Private to the pair shared_rooms.

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/encoding.h"
#include "xep-spec/shared_rooms.h"

namespace hansa::xep_shared_rooms {

class Reading {
 public:
  explicit Reading(const xmpp::Element& element) : element_(element) {}
  [[nodiscard]] const xmpp::Element& element() const { return element_; }
  [[nodiscard]] std::string text(std::string_view name, std::size_t most = 3071) {
    const std::string_view value = element_.attr(name);
    if (value.size() > most) wrong(name);
    return std::string(value);
  }
  [[nodiscard]] std::string some(std::string_view name, std::size_t most = 3071) {
    if (element_.attr(name).empty()) wrong(name);
    return text(name, most);
  }
  // Absent: `otherwise`.
  [[nodiscard]] std::uint64_t number(std::string_view name, std::uint64_t otherwise) {
    return element_.find_attr(name) ? number(name) : otherwise;
  }
  [[nodiscard]] std::uint64_t number(std::string_view name) {
    const std::string_view value = element_.attr(name);
    std::uint64_t out = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), out);
    const bool canonical = value.size() == 1 || !value.starts_with('0');
    if (value.empty() || error != std::errc{} || end != value.data() + value.size() || !canonical) {
      wrong(name);
    }
    return out;
  }
  [[nodiscard]] std::uint32_t small(std::string_view name, std::uint32_t otherwise) {
    const std::uint64_t value = number(name, otherwise);
    if (value > 0xffffffffU) wrong(name);
    return static_cast<std::uint32_t>(value);
  }
  // Exactly that many hexadecimal digits, or none if it may be empty.
  [[nodiscard]] std::string digits(std::string_view name, std::size_t count, bool may_lack) {
    const std::string_view value = element_.attr(name);
    if (value.empty() && may_lack) return {};
    if (value.size() != count || !unhex(value)) wrong(name);
    return std::string(value);
  }
  [[nodiscard]] bool flag(std::string_view name) {
    const std::string_view value = element_.attr(name);
    if (!value.empty() && value != "true" && value != "false" && value != "1" && value != "0") {
      wrong(name);
    }
    return value == "true" || value == "1";
  }
  [[nodiscard]] xmpp::Jid room() {
    auto jid = xmpp::Jid::parse(element_.attr("room"));
    if (!jid || !jid->is_bare() || jid->is_domain()) {
      wrong("room");
      return {};
    }
    return std::move(jid).value();
  }
  [[nodiscard]] std::string log(std::string_view name = "log", bool may_lack = false) {
    std::string value = text(name, 64);
    const bool good =
        value.find_first_not_of("abcdefghijklmnopqrstuvwxyz234567") == std::string::npos;
    if (!good || (value.size() < 2 && !(may_lack && value.empty()))) wrong(name);
    return value;
  }
  [[nodiscard]] Version version() { return {number("epoch"), number("seq")}; }
  [[nodiscard]] Point point() {
    const Version at = version();
    return {at, digits("chain", 32, at == Version{})};
  }
  [[nodiscard]] Origin origin() { return {some("by"), number("incarnation"), number("number")}; }
  void wrong(std::string_view name) {
    if (wrong_.empty()) wrong_ = std::string(name);
  }
  void take(const Reading& inner) {
    if (wrong_.empty()) wrong_ = inner.wrong_;
  }
  template <typename T>
  [[nodiscard]] Result<T> done(T value) {
    if (wrong_.empty()) return value;
    return Error(Condition::bad_request, "«" + wrong_ + "» of <" + std::string(element_.name()) +
                                             "/> is missing or wrong.");
  }

 private:
  const xmpp::Element& element_;
  std::string wrong_;
};

// Of items and records, in shared_rooms_items.cpp.
[[nodiscard]] Item read_item(Reading& frame, const xmpp::Element* element);
void write_item(xmpp::Writer& writer, const Item& item);
[[nodiscard]] Record read_record(Reading& frame, const xmpp::Element& element);
void write_record(xmpp::Writer& writer, const Record& record);
[[nodiscard]] Enterprise read_enterprise(Reading& frame, const xmpp::Element& element);
void write_enterprise(xmpp::Writer& writer, const Enterprise& enterprise);
// The child elements of its <payload/>, as XML.
[[nodiscard]] std::string read_content(Reading& in, std::size_t most);

void write_number(xmpp::Writer& writer, std::string_view name, std::uint64_t number);
void write_version(xmpp::Writer& writer, const Version& version);
void write_point(xmpp::Writer& writer, const Point& point);
void write_origin(xmpp::Writer& writer, const Origin& origin);

}  // namespace hansa::xep_shared_rooms
