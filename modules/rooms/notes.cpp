#include "modules/rooms/notes.h"

#include "engine/fields.h"

namespace hansa::rooms {
namespace {

using engine::FieldReader;
using engine::FieldWriter;

constexpr std::uint32_t kNick = 1;
constexpr std::uint32_t kRole = 2;
constexpr std::uint32_t kGranted = 3;
constexpr std::uint32_t kLagging = 4;
constexpr std::uint32_t kFirst = 5;
constexpr std::uint32_t kUntil = 6;
constexpr std::uint32_t kApart = 7;
constexpr std::uint32_t kVersions = 30;

constexpr std::uint32_t kSeen = 1;
constexpr std::uint32_t kPayload = 2;

constexpr std::uint32_t kPosition = 1;

constexpr std::uint32_t kOwnNick = 2;  // of a virtual occupant, beside kNick

}  // namespace

std::string note_key(std::string_view prefix, std::string_view rest) {
  std::string key(prefix);
  key += rest;
  return key;
}

std::optional<std::string_view> note_of(std::string_view prefix, std::string_view key) {
  if (!key.starts_with(prefix)) return std::nullopt;
  return key.substr(prefix.size());
}

std::string write_session(const Session& session) {
  FieldWriter out;
  out.put(kNick, std::string_view(session.nick));
  out.put(kRole, static_cast<std::uint64_t>(session.role));
  out.put(kGranted, static_cast<std::uint64_t>(session.granted));
  if (session.lagging) out.put(kLagging, std::uint64_t{1});
  if (session.apart) out.put(kApart, std::uint64_t{1});
  out.put(kFirst, session.first).put(kUntil, session.until);
  out.put_unless_0(kVersions, session.versions ? 1 : 0);
  return out.take();
}

void read_session(std::string_view bytes, Session& session) {
  const FieldReader in(bytes);
  session.nick = in.text(kNick);
  session.role = static_cast<Role>(in.number(kRole));
  session.granted = static_cast<Affiliation>(in.number(kGranted, 1));
  session.lagging = in.number(kLagging) != 0;
  session.apart = in.number(kApart) != 0;
  session.first = in.number(kFirst);
  session.until = in.number(kUntil);
  session.versions = in.number(kVersions) != 0;
}

std::string write_presence(const Session& session) {
  FieldWriter out;
  out.put(kSeen, static_cast<std::uint64_t>(session.seen.ms));
  out.put(kPayload, std::string_view(session.presence));
  return out.take();
}

void read_presence(std::string_view bytes, Session& session) {
  const FieldReader in(bytes);
  session.seen = {static_cast<std::int64_t>(in.number(kSeen))};
  session.presence = in.text(kPayload);
}

std::string write_cursor(engine::Position position) {
  return FieldWriter().put(kPosition, position).take();
}

engine::Position read_cursor(std::string_view bytes) {
  return FieldReader(bytes).number(kPosition);
}

std::string write_virtual(const VirtualOccupant& who) {
  return FieldWriter().put(kNick, std::string_view(who.nick)).put_if(kOwnNick, who.own).take();
}

VirtualOccupant read_virtual(std::string_view key, std::string_view bytes) {
  const FieldReader in(bytes);
  return {std::string(key), std::string(in.text(kNick)), std::string(in.text(kOwnNick))};
}

}  // namespace hansa::rooms
