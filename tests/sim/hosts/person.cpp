#include "tests/sim/hosts/person.h"

namespace hansa::sim::hosts {
namespace {

constexpr Millis kAgain{6000};
constexpr Millis kGivesUp{8 * 60 * 1000};  // repeats are known for ten minutes (protocol §2)

}  // namespace

Person::Person(Schedule& schedule, Watch& watch, Host& host, std::string bare, std::string nick)
    : schedule_(schedule),
      watch_(watch),
      host_(host),
      bare_(std::move(bare)),
      nick_(std::move(nick)) {
  look();
}
Person::~Person() = default;

// What must not leave is marked so that it can be found; outsiders' own names are theirs.
std::string Person::mark(const std::string& what) {
  const bool outside = is_outside(bare_.substr(bare_.find('@') + 1));
  return (outside ? "x" + what.substr(1) : what) + schedule_.token(10);
}

void Person::login() {
  if (online()) return;
  const std::string full = bare_ + "/" + mark("res-");
  full_ = full;
  if (!host_.login(full, *this)) {
    full_.clear();
    return;
  }
  schedule_.note(full_ + " is online");
  for (auto& [room, view] : views_) {
    if (view.wanted) try_join(room, view);
  }
}

void Person::forget_session() {
  schedule_.note(full_ + " is offline");
  full_.clear();
  for (auto& [room, view] : views_) {
    view.in = false;
    view.nicks.clear();
  }
}

void Person::logout() {
  if (!online()) return;
  host_.logout(full_);
  forget_session();
}

void Person::vanish() {
  if (!online()) return;
  host_.vanish(full_, schedule_.between(500, 15'000));
  forget_session();
}

void Person::on_disconnected() { forget_session(); }

void Person::join(const std::string& room, bool literal) {
  View& view = views_[room];
  view.wanted = true;
  view.literal = literal;
  if (!view.in) try_join(room, view);
}

const std::string& Person::nick(const std::string& room) const {
  const auto view = views_.find(room);
  return view == views_.end() || view->second.nick.empty() ? nick_ : view->second.nick;
}

void Person::rename(const std::string& room, const std::string& nick) {
  if (is_in(room)) send(build("presence", full_, room + "/" + nick, {}, mark("cid-")));
}

const MemberCopy* Person::members(const std::string& room) const {
  const auto copy = member_copies_.find(room);
  return copy == member_copies_.end() ? nullptr : &copy->second;
}

void Person::read_archive(const std::string& room) {
  ArchiveCopy& copy = archives_[room];
  if (!is_in(room) || !copy.may_ask(schedule_.mono())) return;
  const std::string queryid = mark("cid-");
  const std::string id = ask(room, "set", copy.ask(queryid, schedule_.mono()));
  copy.asked(id);
}

void Person::leave(const std::string& room) {
  View& view = views_[room];
  view.wanted = false;
  if (!online() || !view.in) return;
  view.in = false;
  watch_.leaves_room(full_, room);
  send(build("presence", full_, room + "/" + nick(room), "unavailable", {}));
}

void Person::look_around(const std::string& room) {
  const auto view = views_.find(room);
  if (view == views_.end() || !view->second.in) return;
  view->second.literal = true;
  try_join(room, view->second);
}

std::map<std::string, std::string> Person::seen(const std::string& room) const {
  const auto view = views_.find(room);
  return view == views_.end() ? std::map<std::string, std::string>() : view->second.nicks;
}

bool Person::is_in(const std::string& room) const {
  const auto view = views_.find(room);
  return online() && view != views_.end() && view->second.in;
}

void Person::try_join(const std::string& room, View& view) {
  if (!online()) return;
  view.tried = schedule_.mono();
  view.nicks.clear();
  watch_.joins(full_, room, view.literal);
  std::string x = "<x xmlns='" + std::string(kMucNs) + "'>";
  if (view.literal) x += "<history maxstanzas='0'/>";
  if (const MemberCopy* const copy = members(room)) x += copy->asks();
  send(build("presence", full_, room + "/" + nick(room), {}, mark("cid-"), x + "</x>"));
}

void Person::say(const std::string& room, const std::string& body) {
  Said& said = said_[body];
  said.room = room;
  said.id = mark("cid-");
  said.origin = mark("oid-");
  said.first = schedule_.mono();
  watch_.says(room, body, said.id);
  try_say(body, said);
}

void Person::try_say(const std::string& body, Said& said) {
  said.tried = schedule_.mono();
  std::string content = "<body>" + escape(body) + "</body><origin-id xmlns='" +
                        std::string(kStanzaIdNs) + "' id='" + said.origin + "'/>";
  const bool to_room = said.room.find("@rooms.") != std::string::npos ||
                       said.room.find("@muc.") != std::string::npos;
  if (to_room) {
    if (is_in(said.room)) {
      send(build("message", full_, said.room, "groupchat", said.id, content));
    }
    return;
  }
  content += "<request xmlns='" + std::string(kReceiptsNs) + "'/>";
  if (online()) send(build("message", full_, said.room, "chat", said.id, content));
}

std::string Person::ask(const std::string& to, std::string_view type, const std::string& content) {
  const std::string id = mark("cid-");
  if (!online()) return id;
  watch_.asks(full_, id);
  schedule_.detail(full_ + " asks " + to + " " + id + ": " + content);
  send(build("iq", full_, to, type, id, content));
  return id;
}

const std::string* Person::answer(const std::string& id) const {
  const auto place = answers_.find(id);
  return place == answers_.end() ? nullptr : &place->second;
}

void Person::ping_rooms() {
  for (const auto& [room, view] : views_) {
    if (!is_in(room)) continue;
    const std::string ping = "<ping xmlns='" + std::string(kPingNs) + "'/>";
    pings_[ask(room + "/" + nick(room), "get", ping)] = room;
  }
}

void Person::look() {
  const MonoTime now = schedule_.mono();
  for (auto& [room, view] : views_) {
    if (view.wanted && !view.in && now - view.tried >= kAgain) try_join(room, view);
  }
  for (auto place = said_.begin(); place != said_.end();) {
    auto& [body, said] = *place;
    if (now - said.first > kGivesUp) {
      place = said_.erase(place);
      continue;
    }
    if (now - said.tried >= kAgain) {
      watch_.says_again(full_, body);
      try_say(body, said);
    }
    ++place;
  }
  schedule_.after(Millis(2000), [this, alive = std::weak_ptr(alive_)] {
    if (!alive.expired()) look();
  });
}

void Person::on_stanza(const xmpp::Stanza& stanza) {
  if (!online() || (!stanza.to.is_bare() && stanza.to.text() != full_)) return;
  switch (stanza.kind) {
    case xmpp::StanzaKind::presence: return on_presence(stanza);
    case xmpp::StanzaKind::message: return on_message(stanza);
    case xmpp::StanzaKind::iq: break;
  }
  if (stanza.is_request()) return;
  answers_[std::string(stanza.id)] = xmpp::to_xml(stanza.element());
  schedule_.detail(full_ + " is answered " + answers_[std::string(stanza.id)]);
  for (auto& [room, copy] : archives_) copy.answered(stanza);
  const auto ping = pings_.find(std::string(stanza.id));
  if (ping == pings_.end() || !stanza.is_error()) return;
  schedule_.note(full_ + " finds out that he is not in " + ping->second);
  views_[ping->second].in = false;
}

void Person::on_presence(const xmpp::Stanza& stanza) {
  const std::string room(stanza.from.bare_text());
  const auto place = views_.find(room);
  if (place == views_.end()) return;
  View& view = place->second;
  if (stanza.is_error()) {
    schedule_.note(full_ + " may not enter " + room + ": " + condition_of(stanza));
    view.in = false;
    return;
  }
  const std::string shown(stanza.from.resource());
  if (stanza.type.empty()) {
    view.nicks[shown] = item_of(stanza.element(), "role");
  } else {
    view.nicks.erase(shown);
  }
  take_versions(room, stanza);
  if (!has_status(stanza.element(), "110")) return;
  if (has_status(stanza.element(), "303")) {  // he stays in under another name
    view.nick = item_of(stanza.element(), "nick");
    return;
  }
  if (stanza.type.empty()) view.nick = shown;
  view.in = stanza.type.empty() && view.wanted;
  if (view.in) return;
  if (stanza.type.empty()) {  // his leave was lost
    return send(build("presence", full_, room + "/" + shown, "unavailable", {}));
  }
  schedule_.note(full_ + " is out of " + room);
  for (const std::string_view code : {"301", "307", "321"}) {
    if (!has_status(stanza.element(), code)) continue;
    view.wanted = false;
    put_out_.insert(room);
  }
}

void Person::take_versions(const std::string& room, const xmpp::Stanza& stanza) {
  const auto copy = member_copies_.find(room);
  const auto view = views_.find(room);
  if (copy == member_copies_.end() || view == views_.end()) return;
  if (copy->second.take(stanza.element())) return;
  // Something was lost on the way. He comes in anew with the version that he has.
  watch_.skipped_version(full_, room, xmpp::to_xml(stanza.element()));
  view->second.in = false;
}

void Person::on_message(const xmpp::Stanza& stanza) {
  const std::string room(stanza.from.bare_text());
  if (!stanza.is_error() && stanza.type != "groupchat") {
    take_versions(room, stanza);
    for (auto& [of, copy] : archives_) copy.take(stanza);
  }
  if (stanza.is_error()) {
    schedule_.note(full_ + " is told " + condition_of(stanza) + " of " + std::string(stanza.id));
    const auto view = views_.find(room);
    const bool out = condition_of(stanza) == "not-acceptable";
    if (out && view != views_.end()) view->second.in = false;
    return;
  }
  const xmpp::Element* const receipt = stanza.child("received", kReceiptsNs);
  for (auto place = said_.begin(); place != said_.end(); ++place) {
    const auto& [body, said] = *place;
    const bool reflected = stanza.type == "groupchat" && said.room == room &&
                           stanza.id == said.id && body_of(stanza.element()) == body;
    const bool received = receipt != nullptr && said.room == room && receipt->attr("id") == said.id;
    if (!reflected && !received) continue;
    if (room.ends_with(kRooms)) watch_.acknowledged(room, body);
    if (received) watch_.received_by_identity(room, bare_, body);
    said_.erase(place);
    return;
  }
}

}  // namespace hansa::sim::hosts
