// What the clients are given.
#include "modules/rooms/notes.h"
#include "tests/sim/hosts/watch.h"

namespace hansa::sim::hosts {
namespace {

const std::string kOnce = "an entry comes once, and repeats only after the recorded live position";
const std::string kOrder = "entries come in the order of their positions";
const std::string kGap = "who is in gets every entry";

}  // namespace

void Watch::taken(const std::string& full, const xmpp::Stanza& stanza) {
  if (stanza.kind == xmpp::StanzaKind::iq) {
    const auto place = asked.find(std::string(stanza.id));
    if (place == asked.end() || stanza.is_request()) return;
    judge_.check(++place->second.answers == 1, "a request is answered once",
                 full + " " + std::string(stanza.id));
    return;
  }
  if (stanza.from.domain() == kTeam && stanza.kind == xmpp::StanzaKind::message &&
      is_outside(stanza.to.domain()) && !stanza.is_error()) {
    const std::string body = body_of(stanza.element());
    if (body.empty()) return;
    auto& ids = at_peer[body];
    ids.insert(std::string(stanza.id));
    judge_.check(ids.size() == 1, "the peer gets each message under one id", body);
  }
  if (stanza.from.domain() != kRooms) return;
  if (stanza.kind == xmpp::StanzaKind::presence) return take_presence(full, stanza);
  if (stanza.kind == xmpp::StanzaKind::message && stanza.type == "groupchat") {
    take_groupchat(full, stanza);
  }
}

void Watch::take_presence(const std::string& full, const xmpp::Stanza& stanza) {
  if (!has_status(stanza.element(), "110")) return;
  const std::string room(stanza.from.bare_text());
  Inbox& inbox = inboxes[{full, room}];
  schedule_.note(full + (stanza.type.empty() ? " is shown in " : " is shown out of ") + room);
  if (!stanza.type.empty()) {
    inbox.in = false;  // he may have asked again meanwhile
    return;
  }
  // Who joined anew from within is given history again; which 110 is which nobody can tell.
  if ((inbox.in && !inbox.again) || !inbox.asked) return;
  inbox.last = 0;
  inbox.in = true;
  const Ledger::Room* const log = ledger_.room(room);
  inbox.joined_at = log == nullptr ? 0 : log->last();
}

void Watch::take_groupchat(const std::string& full, const xmpp::Stanza& stanza) {
  const std::string room(stanza.from.bare_text());
  const std::string sid = stanza_id_by(stanza.element(), room);
  if (sid.empty() || stanza.child("body", xmpp::ns::kClient) == nullptr) return;
  const Ledger::Room* const log = ledger_.room(room);
  if (log == nullptr || !log->by_stanza_id.contains(sid)) return;  // judged when it left
  const Position position = log->by_stanza_id.at(sid);
  Inbox& inbox = inboxes[{full, room}];
  Member& member = members[{bare_of(full), room}];
  member.taken.insert(position);
  if (schedule_.verbose()) {
    schedule_.detail(full + (inbox.in ? " hears " : " is not in and hears ") +
                     body_of(stanza.element()) + " at " + std::to_string(position) + " of " +
                     std::to_string(log->last()) + " in " + room);
  }
  if (!inbox.in) {
    if (inbox.asked) inbox.got[sid] = {position, std::string(stanza.id)};
    if (inbox.asked) inbox.positions.insert(position);
    return;
  }
  const std::string body = body_of(stanza.element());
  if (inbox.got.contains(sid)) return check_repeat(full, room, inbox, position, stanza);
  // What he said again may be reflected out of its turn (protocol §2).
  if (!said_again_.contains({full, body})) {
    const std::string what = full + " in " + room + " «" + body + "» at " +
                             std::to_string(position) + " after " + std::to_string(inbox.last);
    check_fresh(*log, inbox, inbox.again ? member.declined : 0, position, what);
    inbox.last = std::max(inbox.last, position);
  }
  inbox.got[sid] = {position, std::string(stanza.id)};
  inbox.positions.insert(position);
}

void Watch::check_fresh(const Ledger::Room& room, const Inbox& inbox, Position declined,
                        Position position, const std::string& what) {
  if (inbox.again && position <= inbox.joined_at) return;
  judge_.check(position > inbox.last, kOrder, what);
  const Position before = inbox.last == 0 ? std::max(inbox.joined_at, declined) : inbox.last;
  for (Position p = before + 1; p < position; ++p) {
    const bool due = room.at(p).kind == engine::EntryKind::message;
    judge_.check(!due || inbox.positions.contains(p), kGap, what + ": misses " + std::to_string(p));
  }
}

void Watch::check_repeat(const std::string& full, const std::string& room, const Inbox& inbox,
                         Position position, const xmpp::Stanza& stanza) {
  if (inbox.again && position <= inbox.joined_at) return;
  const std::string what =
      full + " in " + room + " «" + body_of(stanza.element()) + "» at " + std::to_string(position);
  const std::string sid = stanza_id_by(stanza.element(), room);
  judge_.check(inbox.got.at(sid).second == stanza.id, kOnce, what + ": under another id");
  if (said_again_.contains({full, body_of(stanza.element())})) return;
  judge_.check(is_delayed(stanza.element()), kOnce, what + ": without delay");
  const auto note = ledger_.note(room, "session/" + full);
  rooms::Session session;
  if (note) rooms::read_session(*note, session);
  // A session that has ended since is not noted any more; what it was sent before is on its way.
  const bool history =
      note ? session.lagging && position >= session.first : position <= inbox.joined_at;
  // It may have waited on its way while more was confirmed.
  const auto written = inbox.written.find(sid);
  const bool known = written != inbox.written.end() && written->second.has_value();
  const Position live = known ? *written->second : ledger_.live(room);
  judge_.check(history || position > live, kOnce, what + ": live is " + std::to_string(live));
}

void Watch::given_back(const std::string& full, const xmpp::Stanza& stanza) {
  const std::string room(stanza.from.bare_text());
  const std::string sid = stanza_id_by(stanza.element(), room);
  const Ledger::Room* const log = sid.empty() ? nullptr : ledger_.room(room);
  if (log == nullptr || !log->by_stanza_id.contains(sid)) return;
  members[{bare_of(full), room}].doubtful.insert(log->by_stanza_id.at(sid));
}

void Watch::joins(const std::string& full, const std::string& room, bool with_history_asked) {
  schedule_.note(full + " wants into " + room);
  Inbox& inbox = inboxes[{full, room}];
  const bool again = inbox.asked;
  inbox = Inbox{};
  inbox.asked = true;
  inbox.again = again;
  if (!with_history_asked) return;
  // Anything before he is shown to be in may be what he did not want.
  const Ledger::Room* const log = ledger_.room(room);
  members[{bare_of(full), room}].declined = log == nullptr ? 0 : log->last() + 50;
}

void Watch::leaves_room(const std::string& full, const std::string& room) {
  Inbox& inbox = inboxes[{full, room}];
  inbox.in = inbox.asked = false;
}

void Watch::gone(const std::string& full) {
  for (auto& [key, inbox] : inboxes) {
    if (key.first == full) inbox.in = inbox.asked = false;
  }
  for (auto& [id, request] : asked) {
    if (request.full == full && request.answers == 0) request.excused = true;
  }
}

void Watch::says(const std::string& room, const std::string& body, const std::string& id) {
  schedule_.note("says in " + room + " «" + body + "» " + id);
}

void Watch::acknowledged(const std::string& room, const std::string& body) {
  const Ledger::Room* const log = ledger_.room(room);
  const auto place = log == nullptr ? std::map<std::string, std::vector<Position>>::const_iterator()
                                    : log->by_body.find(body);
  const bool logged = log != nullptr && place != log->by_body.end();
  judge_.check(logged, "what is acknowledged is in the log", room + " «" + body + "»");
  if (!logged) return;
  acknowledgments[{room, body}] = log->at(place->second.front()).stanza_id;
}

void Watch::skipped_version(const std::string& full, const std::string& room,
                            const std::string& xml) {
  schedule_.note(full + " misses versions of the members of " + room);
  judge_.check(was_troubled_before(), "versions of a member list follow each other",
               full + " in " + room + ": " + xml);
}

void Watch::asks(const std::string& full, const std::string& id) {
  asked[id] = {full, schedule_.mono()};
}

}  // namespace hansa::sim::hosts
