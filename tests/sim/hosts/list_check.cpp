#include "tests/sim/hosts/list_check.h"

#include <set>

#include "modules/rooms/notes.h"

namespace hansa::sim::hosts {
namespace {

const std::string kRole = "node";
const std::string kRows = "the list of rooms is what the rooms are";
constexpr std::size_t kAll = 1000;

std::size_t nicks_in(World& w, const std::string& room) {
  std::set<std::string> nicks;
  const Ledger::Room* const log = w.ledger.room(room);
  const auto loaded = w.disk->image.load({kRole, log == nullptr ? "" : log->log_id});
  if (!loaded) return 0;
  for (const auto& [key, value] : loaded->notes) {
    if (!key.starts_with(rooms::kSessionNote)) continue;
    rooms::Session session;
    rooms::read_session(value, session);
    nicks.insert(session.nick);
  }
  return nicks.size();
}

std::string text_of(const std::vector<storage::KeyValue>& rows) {
  std::string text;
  for (const auto& [key, value] : rows) text += " " + key;
  return text;
}

}  // namespace

bool check_list_of_rooms(World& w) {
  const auto listed =
      w.disk->image.scan_index(kRole, rooms::listed_key({}), std::string(rooms::kListedEnd), kAll);
  const auto busy = w.disk->image.scan_index(kRole, std::string(rooms::kBusyBegin),
                                             std::string(rooms::kBusyEnd), kAll);
  w.judge.check(listed.ok() && busy.ok(), kRows, "cannot be read");
  if (!listed || !busy) return false;
  w.judge.check(listed->size() == 2 && busy->size() == 2, kRows, text_of(*listed) + text_of(*busy));
  for (const std::string& room : {kSupport, kHall}) {
    const std::size_t nicks = nicks_in(w, room);
    const auto has = [&](const std::vector<storage::KeyValue>& rows, const std::string& wanted) {
      for (const auto& [key, value] : rows) {
        const auto row = rooms::read_listed(key, value);
        if (key == wanted && row && row->users == nicks) return true;
      }
      return false;
    };
    w.judge.check(has(*listed, rooms::listed_key(room)) && has(*busy, rooms::busy_key(nicks, room)),
                  kRows, room + " with " + std::to_string(nicks) + ":" + text_of(*busy));
  }
  return !w.judge.violation();
}

}  // namespace hansa::sim::hosts
