#include "app/admin_request.h"

#include <charconv>
#include <optional>
#include <vector>

#include "base/encoding.h"
#include "base/log.h"

namespace hansa::app {
namespace {

constexpr std::string_view kUsage =
    "ask for: room list | room show ADDRESS | room log ADDRESS [from=N] [to=N] [most=N]";

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  while (true) {
    const std::size_t space = line.find(' ');
    words.push_back(line.substr(0, space));
    if (space == std::string_view::npos) return words;
    line.remove_prefix(space + 1);
  }
}

Error refused(const std::string& why) { return Error(Condition::bad_request, why); }

Result<xmpp::Jid> room_of(std::string_view word) {
  Result<xmpp::Jid> jid = xmpp::Jid::parse(word);
  if (jid && jid->is_bare() && !jid->is_domain()) return jid;
  return refused(quoted(word) + " is not a room's address, as in support@rooms.a.example");
}

// "from=12"
std::optional<std::uint64_t> number_of(std::string_view word, std::string_view name) {
  if (!word.starts_with(name) || !word.substr(name.size()).starts_with('=')) return std::nullopt;
  word.remove_prefix(name.size() + 1);
  std::uint64_t number = 0;
  const auto [end, failed] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (failed != std::errc() || end != word.data() + word.size()) return std::nullopt;
  return number;
}

Result<AdminRequest> parse_log(RoomLog log, const std::vector<std::string_view>& words) {
  for (std::size_t i = 3; i < words.size(); ++i) {
    if (const auto from = number_of(words[i], "from")) {
      log.from = std::max<storage::Position>(*from, 1);
    } else if (const auto to = number_of(words[i], "to")) {
      log.to = *to;
    } else if (const auto most = number_of(words[i], "most")) {
      log.most = *most;
    } else {
      return refused("not understood: " + quoted(words[i]) + "; " + std::string(kUsage));
    }
  }
  return AdminRequest(log);
}

struct Writing {
  std::string operator()(const RoomList&) const { return "room list"; }
  std::string operator()(const RoomShow& show) const { return "room show " + show.room.text(); }
  std::string operator()(const RoomLog& log) const {
    const RoomLog plain;
    std::string out = "room log " + log.room.text();
    if (log.from != plain.from) out += " from=" + std::to_string(log.from);
    if (log.to != plain.to) out += " to=" + std::to_string(log.to);
    if (log.most != plain.most) out += " most=" + std::to_string(log.most);
    return out;
  }
};

}  // namespace

std::string write_request(const AdminRequest& request) { return std::visit(Writing{}, request); }

Result<AdminRequest> parse_request(std::string_view line) {
  const std::vector<std::string_view> words = words_of(line);
  const auto is = [&words](std::string_view verb) {
    return words.size() > 1 && words[0] == "room" && words[1] == verb;
  };
  if (is("list") && words.size() == 2) return AdminRequest(RoomList{});
  if ((is("show") && words.size() == 3) || (is("log") && words.size() > 2)) {
    Result<xmpp::Jid> room = room_of(words[2]);
    if (!room) return room.error();
    if (is("show")) return AdminRequest(RoomShow{*room});
    RoomLog log;
    log.room = *room;
    return parse_log(std::move(log), words);
  }
  return refused("not understood: " + quoted(line) + "; " + std::string(kUsage));
}

std::string printable(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    // C1 controls, which terminals obey too, are 0xc2 0x80–0x9f in UTF-8.
    const bool c1 =
        byte == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0;
    if (byte == '\n') {
      out += "\\n";
    } else if (byte == '\\') {
      out += "\\\\";
    } else if (byte < 0x20 || byte == 0x7f || c1) {
      const std::uint8_t shown = c1 ? static_cast<unsigned char>(text[++i]) : byte;
      out += "\\x" + hex(std::span(&shown, 1));
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace hansa::app
