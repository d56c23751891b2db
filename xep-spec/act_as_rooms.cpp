#include "xep-spec/act_as_rooms.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/crypto.h"
#include "base/encoding.h"
#include "base/limits.h"
#include "xep-spec/act_as.h"

namespace hansa::xep_act_as {
namespace {

constexpr std::size_t kOriginCharacters = 26;
constexpr std::size_t kMarkCharacters = 16;

struct Name {
  Standing standing;
  std::string_view name;
};
constexpr std::array<Name, 4> kNames = {{{Standing::none, "none"},
                                         {Standing::pending, "pending"},
                                         {Standing::member, "member"},
                                         {Standing::declined, "declined"}}};

bool is_token(std::string_view text) {
  return !text.empty() && text.size() <= limits::kOriginBytes;
}

std::optional<std::uint64_t> number_of(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string base32_of(const Sha256& hash, std::size_t characters) {
  return base32(hash).substr(0, characters);
}

std::optional<Origin> parse_origin(const xmpp::Element& element) {
  Origin origin{std::string(element.attr("id")), {}};
  if (!is_token(origin.id)) return std::nullopt;
  for (const xmpp::Element& child : element.children()) {
    if (!child.is("room", kNs)) continue;
    origin.marks.push_back(child.text());
    if (!is_token(origin.marks.back()) || origin.marks.size() > limits::kPathRooms) {
      return std::nullopt;
    }
  }
  return origin;
}

}  // namespace

std::string_view name_of(Standing standing) {
  return kNames[static_cast<std::size_t>(standing)].name;
}

std::optional<Result<Join>> parse_join(const xmpp::Element& element) {
  if (!element.is("join", kNs)) return std::nullopt;
  Join join;
  join.id = element.attr("id");
  if (!is_token(join.id)) return Error(Condition::bad_request, "The request has no id.");
  for (const auto& [name, jid] : {std::pair{"room", &join.room}, {"member", &join.member}}) {
    auto parsed = xmpp::Jid::parse(element.attr(name));
    if (!parsed) return parsed.error();
    if (!parsed->is_bare() || parsed->local().empty()) {
      return Error(Condition::jid_malformed, "A bare address is needed.");
    }
    *jid = std::move(*parsed);
  }
  join.nick = element.attr("nick");
  join.name = element.attr("name");
  if (const xmpp::Element* reason = element.child("reason", kNs)) join.reason = reason->text();
  return join;
}

std::optional<Membership> parse_membership(const xmpp::Element& element) {
  if (!element.is("membership", kNs)) return std::nullopt;
  Membership membership{std::string(element.attr("id")), std::nullopt};
  for (const Name& one : kNames) {
    if (one.name == element.attr("state")) membership.standing = one.standing;
  }
  return membership;
}

std::optional<std::pair<PeerAct, xmpp::Jid>> parse_peer_act(const xmpp::Element& element) {
  const bool leave = element.is("leave", kNs);
  if (!leave && !element.is("voice", kNs)) return std::nullopt;
  auto peer = xmpp::Jid::parse(element.attr("peer"));
  if (!peer) return std::nullopt;
  return std::pair{leave ? PeerAct::leave : PeerAct::voice, std::move(*peer)};
}

std::optional<JoinedRooms> parse_rooms(const xmpp::Element& element) {
  if (!element.is("rooms", kNs)) return std::nullopt;
  JoinedRooms out;
  for (const xmpp::Element& child : element.children()) {
    auto room = xmpp::Jid::parse(child.attr("jid"));
    auto talk = xmpp::Jid::parse(child.attr("conversation"));
    if (!child.is("room", kNs) || !room || !talk) continue;
    out.rooms.push_back({std::move(*room), std::string(child.attr("state")),
                         std::string(child.attr("nick")), std::move(*talk)});
  }
  return out;
}

std::optional<Origin> origin_of(const xmpp::Element& message) {
  const xmpp::Element* const origin = message.child("origin", kNs);
  return origin == nullptr ? std::nullopt : parse_origin(*origin);
}

std::optional<Entry> entry_of(const xmpp::Element& message) {
  const xmpp::Element* const element = message.child("entry", kNs);
  if (element == nullptr) return std::nullopt;
  Entry entry;
  entry.log = element->attr("log");
  const auto position = number_of(element->attr("position"));
  if (!is_token(entry.log) || !position) return std::nullopt;
  entry.position = *position;
  entry.after = number_of(element->attr("after")).value_or(0);
  if (const xmpp::Element* const origin = element->child("origin", kNs)) {
    entry.origin = parse_origin(*origin);
  }
  return entry;
}

std::optional<Heard> parse_heard(const xmpp::Element& element) {
  if (!element.is("heard", kNs) || !is_token(element.attr("log"))) return std::nullopt;
  return Heard{std::string(element.attr("log")), number_of(element.attr("position")).value_or(0)};
}

void write(xmpp::Writer& writer, const Join& join) {
  writer.open("join", kNs)
      .attr("id", join.id)
      .attr("room", join.room.text())
      .attr("member", join.member.text())
      .attr_if("nick", join.nick)
      .attr_if("name", join.name);
  if (!join.reason.empty()) writer.leaf("reason", join.reason);
  writer.close();
}

void write(xmpp::Writer& writer, const Membership& membership) {
  writer.open("membership", kNs).attr_if("id", membership.id);
  if (membership.standing) writer.attr("state", name_of(*membership.standing));
  writer.close();
}

void write_leave(xmpp::Writer& writer) { writer.empty("leave", kNs); }

void write_kind_room(xmpp::Writer& writer) { writer.leaf("kind", kNs, "room"); }

void write(xmpp::Writer& writer, PeerAct act, const xmpp::Jid& peer) {
  writer.open(act == PeerAct::leave ? "leave" : "voice", kNs).attr("peer", peer.text()).close();
}

void write(xmpp::Writer& writer, const JoinedRooms& rooms) {
  writer.open("rooms", kNs);
  for (const JoinedRoom& one : rooms.rooms) {
    writer.open("room")
        .attr("jid", one.room.text())
        .attr("state", one.state)
        .attr_if("nick", one.nick)
        .attr("conversation", one.conversation.text())
        .close();
  }
  writer.close();
}

void write(xmpp::Writer& writer, const Origin& origin) {
  writer.open("origin", kNs).attr("id", origin.id);
  for (const std::string& mark : origin.marks) writer.leaf("room", mark);
  writer.close();
}

void write(xmpp::Writer& writer, const Entry& entry) {
  writer.open("entry", kNs).attr("log", entry.log).attr("position", std::to_string(entry.position));
  if (entry.after != 0) writer.attr("after", std::to_string(entry.after));
  if (entry.origin) write(writer, *entry.origin);
  writer.close();
}

void write(xmpp::Writer& writer, const Heard& heard) {
  writer.open("heard", kNs).attr("log", heard.log);
  if (heard.position != 0) writer.attr("position", std::to_string(heard.position));
  writer.close();
}

std::string origin_in(const xmpp::Jid& room, std::string_view id) {
  std::string text(room.bare_text());
  text.append("\n").append(id);
  return base32_of(sha256(text), kOriginCharacters);
}

std::string mark_of(std::string_view secret, const xmpp::Jid& room, std::string_view other,
                    std::string_view origin) {
  std::string edge = "act-as edge\n";
  edge.append(room.bare_text()).append("\n").append(other);
  const Sha256 key = hmac_sha256(secret, edge);
  const std::string_view bytes(reinterpret_cast<const char*>(key.data()), key.size());
  return base32_of(hmac_sha256(bytes, origin), kMarkCharacters);
}

bool has_mark(const Origin& origin, std::string_view secret, const xmpp::Jid& room,
              const std::vector<std::string>& others) {
  if (origin.marks.empty()) return false;
  return std::any_of(others.begin(), others.end(), [&](const std::string& other) {
    const std::string own = mark_of(secret, room, other, origin.id);
    return std::find(origin.marks.begin(), origin.marks.end(), own) != origin.marks.end();
  });
}

}  // namespace hansa::xep_act_as
