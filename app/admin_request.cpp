#include "app/admin_request.h"

#include <charconv>
#include <functional>
#include <optional>
#include <set>
#include <vector>

#include "base/encoding.h"
#include "base/log.h"
#include "modules/rooms/rooms.h"

namespace hansa::app {
namespace {

constexpr std::string_view kUsage =
    "ask for: room list | room show|log|export|create|destroy ROOM | "
    "room members list|add|remove ROOM";

using Words = std::vector<std::string_view>;
using Values = std::map<std::string, std::string, std::less<>>;

Words words_of(std::string_view line) {
  Words words;
  while (true) {
    const std::size_t space = line.find(' ');
    words.push_back(line.substr(0, space));
    if (space == std::string_view::npos) return words;
    line.remove_prefix(space + 1);
  }
}

Error refused(const std::string& why) { return Error(Condition::bad_request, why); }

Error not_understood(std::string_view words) {
  return refused("not understood: " + quoted(words) + "; " + std::string(kUsage));
}

Result<xmpp::Jid> room_of(std::string_view word) {
  Result<xmpp::Jid> jid = xmpp::Jid::parse(word);
  if (jid && jid->is_bare() && !jid->is_domain()) return jid;
  return refused(quoted(word) + " is not a room's address, as in support@rooms.a.example");
}

Status read_number(const std::string& word, std::uint64_t& out) {
  const auto [end, failed] = std::from_chars(word.data(), word.data() + word.size(), out);
  if (failed == std::errc() && end == word.data() + word.size() && !word.empty()) return Done{};
  return refused(quoted(word) + " is not a number");
}

// A day is its first moment.
Status read_time(const std::string& word, std::optional<WallTime>& out) {
  constexpr std::size_t kDayLength = 10;
  const Result<WallTime> time =
      parse_datetime(word.size() == kDayLength ? word + "T00:00:00Z" : word);
  if (!time) {
    return refused(quoted(word) + " is not a time, as in 2026-11-21T10:00:00Z or 2026-11-21");
  }
  out = *time;
  return Done{};
}

// --- what is asked, from its values --------------------------------------------------------------

Result<AdminRequest> log_of(const xmpp::Jid& room, const Values& values) {
  RoomLog log;
  log.room = room;
  for (const auto& [key, value] : values) {
    Status read = Done{};
    if (key == "from") read = read_number(value, log.from);
    if (key == "to") read = read_number(value, log.to);
    if (key == "most") read = read_number(value, log.most);
    if (key == "since") read = read_time(value, log.since);
    if (key == "until") read = read_time(value, log.until);
    if (!read) return read.error();
  }
  log.from = std::max<storage::Position>(log.from, 1);
  if (log.most != 0 && (log.since || log.until)) {
    return refused("the last ones are counted by position: most does not go with since and until");
  }
  return AdminRequest(log);
}

Result<AdminRequest> export_of(const xmpp::Jid& room, const Values& values) {
  Result<AdminRequest> log = log_of(room, values);
  if (log) std::get<RoomLog>(*log).json = true;
  return log;
}

Result<AdminRequest> change_of(const xmpp::Jid& room, std::string_view topic, Values values) {
  return AdminRequest(RoomChange{room, std::string(topic), std::move(values)});
}

struct Verb {
  std::string_view words;  // after «room»
  std::set<std::string_view> keys;
  std::set<std::string_view> needed;
  std::function<Result<AdminRequest>(const xmpp::Jid&, Values)> read;
};

const std::vector<Verb>& verbs() {
  static const std::vector<Verb> kVerbs = {
      {"show", {}, {}, [](const auto& room, auto) { return AdminRequest(RoomShow{room}); }},
      {"log", {"from", "to", "most", "since", "until"}, {}, &log_of},
      {"export", {"from", "to", "since", "until"}, {}, &export_of},
      {"create",
       {"owner", "muc#roomconfig_*"},
       {"owner"},
       [](const auto& room, auto values) {
         return change_of(room, rooms::kOperatorCreate, std::move(values));
       }},
      {"destroy",
       {"reason", "venue"},
       {},
       [](const auto& room, auto values) {
         return change_of(room, rooms::kOperatorDestroy, std::move(values));
       }},
      {"members list",
       {},
       {},
       [](const auto& room, auto) { return AdminRequest(MembersList{room}); }},
      {"members add",
       {"who", "affiliation", "nick"},
       {"who"},
       [](const auto& room, auto values) {
         values.try_emplace("affiliation", "member");
         return change_of(room, rooms::kOperatorMember, std::move(values));
       }},
      {"members remove",
       {"who", "reason"},
       {"who"},
       [](const auto& room, auto values) {
         values.emplace("affiliation", "none");
         return change_of(room, rooms::kOperatorMember, std::move(values));
       }},
  };
  return kVerbs;
}

bool takes(const Verb& verb, std::string_view key) {
  for (const std::string_view known : verb.keys) {
    if (known == key) return true;
    if (known.ends_with('*') && key.starts_with(known.substr(0, known.size() - 1))) return true;
  }
  return false;
}

Result<Values> values_of(const Verb& verb, const Words& words, std::size_t first) {
  Values values;
  for (std::size_t i = first; i < words.size(); ++i) {
    const std::size_t equals = words[i].find('=');
    if (equals == std::string_view::npos) return not_understood(words[i]);
    const std::string key(words[i].substr(0, equals));
    const auto value = percent_decode(words[i].substr(equals + 1));
    if (!value || !takes(verb, key)) return not_understood(words[i]);
    if (!values.emplace(key, *value).second) return refused(quoted(key) + " is said twice");
  }
  for (const std::string_view key : verb.needed) {
    if (!values.contains(std::string(key))) return refused(quoted(key) + " is missing");
  }
  return values;
}

// How many words of the line say it; 0: it is another.
std::size_t matches(const Verb& verb, const Words& words) {
  const Words wanted = words_of(verb.words);
  if (words.size() <= wanted.size() || words[0] != "room") return 0;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (words[i + 1] != wanted[i]) return 0;
  }
  return wanted.size() + 1;
}

}  // namespace

Result<AdminRequest> parse_request(std::string_view line) {
  if (line == "room list") return AdminRequest(RoomList{});
  const Words words = words_of(line);
  for (const Verb& verb : verbs()) {
    const std::size_t said = matches(verb, words);
    if (said == 0 || words.size() == said) continue;
    const Result<xmpp::Jid> room = room_of(words[said]);
    if (!room) return room.error();
    Result<Values> values = values_of(verb, words, said + 1);
    if (!values) return values.error();
    return verb.read(*room, std::move(*values));
  }
  return not_understood(line);
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
