// [limits], [texts] and [contacts].

#include <algorithm>

#include "app/config_reader.h"
#include "base/log.h"
#include "modules/rooms/yes_or_no.h"

namespace hansa::app {
namespace {

void read_size(ConfigReader& reader, std::string_view key, std::size_t most, std::size_t& out) {
  const std::optional<std::int64_t> number = reader.number(key);
  if (!number) return;
  if (*number < 1 || static_cast<std::uint64_t>(*number) > most) {
    reader.error(key, "is " + std::to_string(*number),
                 "write a number from 1 to " + std::to_string(most));
    return;
  }
  out = static_cast<std::size_t>(*number);
}

}  // namespace

void read_limits(ConfigReader& reader, Config& config) {
  read_size(reader, "limits.members", limits::kMembers, config.limits.members);
  read_size(reader, "limits.member_rooms", limits::kMemberRoomsMax, config.limits.member_rooms);
  read_size(reader, "limits.initial_members", limits::kMembers, config.limits.initial_members);
  read_size(reader, "limits.reduced_presence", limits::kOccupants, config.limits.reduced_presence);
  LimitsConfig& all = config.limits;
  if (all.initial_members <= all.members) return;
  if (reader.written("limits.initial_members")) {
    reader.error("limits.initial_members", "is more than limits.members",
                 "write at most " + std::to_string(all.members));
  } else {
    all.initial_members = all.members;
  }
}

void read_texts(ConfigReader& reader, Config& config) {
  constexpr std::string_view kKey = "texts.languages";
  const std::vector<std::string>* written = reader.texts(kKey);
  if (written == nullptr) return;
  if (written->empty()) reader.error(kKey, "is empty", "write languages = [\"en\"]");
  for (const std::string& one : *written) {
    if (std::ranges::find(rooms::kAnswerLanguages, one) == rooms::kAnswerLanguages.end()) {
      reader.error(kKey, "has " + hansa::quoted(one) + ", which this build does not understand",
                   "write some of en, de, es, fr, it, nl, pl, pt");
    }
  }
  config.texts.languages = *written;
}

// Addresses are URIs (XEP-0157): of one without a scheme nobody knows what to do with it.
void read_contacts(ConfigReader& reader, Config& config) {
  for (const std::string_view purpose : xep_0157::kPurposes) {
    const std::string key = "contacts." + std::string(purpose);
    const std::vector<std::string>* written = reader.texts(key);
    if (written == nullptr) continue;
    for (const std::string& one : *written) {
      if (one.find(':') != std::string::npos && one.find(' ') == std::string::npos) continue;
      reader.error(
          key, "has " + hansa::quoted(one) + ", which is not a URI",
          "write it with what it is, as in mailto:admin@a.example or xmpp:admin@a.example");
    }
    config.contacts[std::string(purpose)] = *written;
  }
}

}  // namespace hansa::app
