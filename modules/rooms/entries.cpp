#include "modules/rooms/entries.h"

#include <algorithm>
#include <array>

namespace hansa::rooms {
namespace {

using engine::FieldReader;
using engine::FieldWriter;

namespace config_tag {
constexpr std::uint32_t kCreator = 1;
constexpr std::uint32_t kName = 2;
constexpr std::uint32_t kDescription = 3;
constexpr std::uint32_t kPersistent = 4;
constexpr std::uint32_t kListed = 5;
constexpr std::uint32_t kMembersOnly = 6;
constexpr std::uint32_t kModerated = 7;
constexpr std::uint32_t kNonanonymous = 8;
constexpr std::uint32_t kChangeSubject = 9;
constexpr std::uint32_t kAllowInvites = 10;
constexpr std::uint32_t kAllowPm = 11;
constexpr std::uint32_t kPassword = 12;
constexpr std::uint32_t kMaxOccupants = 13;
constexpr std::uint32_t kMayAct = 14;
constexpr std::uint32_t kConversation = 15;
// Written only where they differ from the default.
constexpr std::uint32_t kLocked = 16;
constexpr std::uint32_t kMayWrite = 17;  // besides kAllowPm, which knows two values only
constexpr std::uint32_t kBroadcast = 18;
constexpr std::uint32_t kMemberList = 19;
constexpr std::uint32_t kRegistration = 20;
constexpr std::uint32_t kLogging = 21;
constexpr std::uint32_t kHistory = 22;
constexpr std::uint32_t kLang = 23;
constexpr std::uint32_t kPubsub = 24;
constexpr std::uint32_t kMembersInvite = 25;
constexpr std::uint32_t kSlowMode = 30;
constexpr std::uint32_t kForwardMentions = 31;
constexpr std::uint32_t kActPersons = 32;  // besides kMayAct, which knows three values for both
constexpr std::uint32_t kActRooms = 33;
constexpr std::uint32_t kActChange = 34;
constexpr std::uint32_t kActNote = 35;
constexpr std::uint32_t kActFlags = 36;
constexpr std::uint32_t kRoomsMay = 40;
constexpr std::uint32_t kMaxRooms = 41;
}  // namespace config_tag

namespace member_tag {
constexpr std::uint32_t kBare = 1;
constexpr std::uint32_t kKind = 2;
constexpr std::uint32_t kAffiliation = 3;
constexpr std::uint32_t kNick = 4;
constexpr std::uint32_t kChanged = 5;
constexpr std::uint32_t kSince = 6;
}  // namespace member_tag

namespace message_tag {
constexpr std::uint32_t kNick = 1;
constexpr std::uint32_t kOccupantId = 2;
constexpr std::uint32_t kStanzaId = 3;
constexpr std::uint32_t kId = 4;
constexpr std::uint32_t kOriginId = 5;
constexpr std::uint32_t kLang = 6;
constexpr std::uint32_t kContent = 7;
constexpr std::uint32_t kFromPeer = 8;
constexpr std::uint32_t kFromRoom = 9;
constexpr std::uint32_t kSaid = 10;
constexpr std::uint32_t kInternal = 11;
constexpr std::uint32_t kOver = 12;
constexpr std::uint32_t kOrigin = 13;
constexpr std::uint32_t kPath = 14;
constexpr std::uint32_t kRetracts = 15;
constexpr std::uint32_t kSpeaker = 1;    // local part
constexpr std::uint32_t kTombstone = 2;  // local part
}  // namespace message_tag

void put_flag(FieldWriter& out, std::uint32_t tag, bool flag) {
  out.put(tag, std::uint64_t{flag ? 1U : 0U});
}

// A number that stands for one of an enum's values up to `last`; others read as `otherwise`.
template <typename Enum>
Enum read_enum(const FieldReader& in, std::uint32_t tag, Enum last, Enum otherwise) {
  const std::uint64_t number = in.number(tag, static_cast<std::uint64_t>(otherwise));
  return number <= static_cast<std::uint64_t>(last) ? static_cast<Enum>(number) : otherwise;
}

RoleSet read_roles(const FieldReader& in, std::uint32_t tag, RoleSet otherwise) {
  const std::uint64_t bits = in.number(tag, otherwise.bits);
  return {static_cast<std::uint8_t>(bits & kAllRoles.bits)};
}

void put_later_fields(FieldWriter& out, const Config& config) {
  using namespace config_tag;
  if (config.locked) put_flag(out, kLocked, true);
  if (config.allow_pm == MayWrite::participants || config.allow_pm == MayWrite::none) {
    out.put(kMayWrite, static_cast<std::uint64_t>(config.allow_pm));
  }
  if (config.broadcast != kAllRoles) out.put(kBroadcast, std::uint64_t{config.broadcast.bits});
  if (config.member_list.bits != 0) out.put(kMemberList, std::uint64_t{config.member_list.bits});
  if (!config.registration) put_flag(out, kRegistration, false);
  if (config.logging) put_flag(out, kLogging, true);
  if (config.members_invite) put_flag(out, kMembersInvite, true);
  if (config.history) out.put(kHistory, *config.history);
  out.put_if(kLang, config.lang).put_if(kPubsub, config.pubsub);
}

void read_later_fields(const FieldReader& in, Config& config) {
  using namespace config_tag;
  config.locked = in.number(kLocked) != 0;
  const MayWrite known = in.number(kAllowPm, 1) != 0 ? MayWrite::anyone : MayWrite::moderators;
  config.allow_pm = read_enum(in, kMayWrite, MayWrite::none, known);
  config.broadcast = read_roles(in, kBroadcast, kAllRoles);
  config.member_list = read_roles(in, kMemberList, {});
  config.registration = in.number(kRegistration, 1) != 0;
  config.logging = in.number(kLogging) != 0;
  if (in.has(kHistory)) config.history = in.number(kHistory);
  config.members_invite = in.number(kMembersInvite) != 0;
  config.lang = in.text(kLang);
  config.pubsub = in.text(kPubsub);
}

// What a version that knows kMayAct alone is told: never more than the setting says.
MayAct least_right(const Outward& outward) {
  const auto as_known = [](MayAct who) { return who == MayAct::chosen ? MayAct::owners : who; };
  return std::min(as_known(outward.persons), as_known(outward.rooms));
}

// The flags that are not as usual, a bit each.
constexpr std::array kActFlag = {&Outward::invite, &Outward::announce, &Outward::subscribe,
                                 &Outward::available, &Outward::states};

std::uint64_t act_flags(const Outward& outward) {
  const Outward usual;
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < kActFlag.size(); ++i) {
    if (outward.*kActFlag[i] != usual.*kActFlag[i]) bits |= std::uint64_t{1} << i;
  }
  return bits;
}

void put_outward(FieldWriter& out, const Outward& outward) {
  using namespace config_tag;
  const MayAct known = least_right(outward);
  const auto put_right = [&](std::uint32_t tag, MayAct who) {
    if (who != known) out.put(tag, static_cast<std::uint64_t>(who));
  };
  put_right(kActPersons, outward.persons);
  put_right(kActRooms, outward.rooms);
  out.put_unless_0(kActChange, static_cast<std::uint64_t>(outward.change))
      .put_unless_0(kActNote, static_cast<std::uint64_t>(outward.note))
      .put_unless_0(kActFlags, act_flags(outward));
}

Outward read_outward(const FieldReader& in) {
  using namespace config_tag;
  Outward outward;
  const MayAct known = read_enum(in, kMayAct, MayAct::members, MayAct::members);
  outward.persons = read_enum(in, kActPersons, MayAct::chosen, known);
  outward.rooms = read_enum(in, kActRooms, MayAct::chosen, known);
  outward.change = read_enum(in, kActChange, MayChange::all, MayChange::author);
  outward.note = read_enum(in, kActNote, NoteMark::none, NoteMark::word);
  const std::uint64_t flags = in.number(kActFlags);
  for (std::size_t i = 0; i < kActFlag.size(); ++i) {
    if ((flags >> i & 1U) != 0) outward.*kActFlag[i] = !(outward.*kActFlag[i]);
  }
  return outward;
}

void put_config(FieldWriter& out, const Config& config) {
  using namespace config_tag;
  out.put_if(kName, config.name).put_if(kDescription, config.description);
  put_flag(out, kPersistent, config.persistent);
  put_flag(out, kListed, config.listed);
  put_flag(out, kMembersOnly, config.members_only);
  put_flag(out, kModerated, config.moderated);
  put_flag(out, kNonanonymous, config.nonanonymous);
  put_flag(out, kChangeSubject, config.change_subject);
  put_flag(out, kAllowInvites, config.allow_invites);
  put_flag(out, kAllowPm, config.allow_pm <= MayWrite::participants);
  out.put_if(kPassword, config.password);
  out.put(kMaxOccupants, config.max_occupants);
  out.put(kMayAct, static_cast<std::uint64_t>(least_right(config.outward)));
  put_flag(out, kConversation, config.conversation);
  put_later_fields(out, config);
  out.put_unless_0(kSlowMode, config.slow_mode_s);
  out.put_unless_0(kForwardMentions, config.forward_mentions ? 1 : 0);
  put_outward(out, config.outward);
  if (config.rooms_may != RoomsMay::speak) {
    out.put(kRoomsMay, static_cast<std::uint64_t>(config.rooms_may));
  }
  out.put_unless_0(kMaxRooms, config.max_rooms);
}

}  // namespace

xmpp::Jid read_jid(std::string_view text) {
  if (text.empty()) return {};
  Result<xmpp::Jid> jid = xmpp::Jid::parse(text);
  return jid ? std::move(jid).value() : xmpp::Jid();
}

engine::SharedPart write_created(const xmpp::Jid& creator, const Config& config) {
  FieldWriter out;
  out.put(config_tag::kCreator, creator.bare_text());
  put_config(out, config);
  return {out.take()};
}

xmpp::Jid read_creator(std::string_view bytes) {
  return read_jid(FieldReader(bytes).text(config_tag::kCreator));
}

engine::SharedPart write_settings(const Config& config) {
  FieldWriter out;
  put_config(out, config);
  return {out.take()};
}

Config read_config(std::string_view bytes) {
  using namespace config_tag;
  const FieldReader in(bytes);
  Config config;
  config.name = in.text(kName);
  config.description = in.text(kDescription);
  config.persistent = in.number(kPersistent, 1) != 0;
  config.listed = in.number(kListed, 1) != 0;
  config.members_only = in.number(kMembersOnly) != 0;
  config.moderated = in.number(kModerated) != 0;
  config.nonanonymous = in.number(kNonanonymous) != 0;
  config.change_subject = in.number(kChangeSubject, 1) != 0;
  config.allow_invites = in.number(kAllowInvites, 1) != 0;
  config.password = in.text(kPassword);
  config.max_occupants = in.number(kMaxOccupants);
  config.outward = read_outward(in);
  config.conversation = in.number(kConversation) != 0;
  read_later_fields(in, config);
  config.slow_mode_s = in.number(kSlowMode);
  config.forward_mentions = in.number(kForwardMentions) != 0;
  config.rooms_may = read_enum(in, kRoomsMay, RoomsMay::speak, RoomsMay::speak);
  config.max_rooms = in.number(kMaxRooms);
  return config;
}

std::string write_member(std::string_view bare, const Member& member) {
  using namespace member_tag;
  FieldWriter out;
  out.put(kBare, bare);
  out.put(kKind, static_cast<std::uint64_t>(member.kind));
  out.put(kAffiliation, static_cast<std::uint64_t>(member.affiliation));
  out.put_if(kNick, member.nick);
  if (member.changed != 0) out.put(kChanged, member.changed);
  if (member.since != 0) out.put(kSince, member.since);
  return out.take();
}

std::pair<std::string, Member> read_member(std::string_view bytes) {
  using namespace member_tag;
  const FieldReader in(bytes);
  Member member;
  // A kind that is not known stays what it is (member_kinds.h).
  member.kind = static_cast<MemberKind>(std::min<std::uint64_t>(
      in.number(kKind, static_cast<std::uint64_t>(MemberKind::person)), 255));
  member.affiliation = read_enum(in, kAffiliation, Affiliation::owner, Affiliation::none);
  member.nick = in.text(kNick);
  member.changed = in.number(kChanged);
  member.since = in.number(kSince);
  return {std::string(in.text(kBare)), std::move(member)};
}

engine::SharedPart write_message(const Message& message) {
  using namespace message_tag;
  FieldWriter out;
  out.put_if(kNick, message.nick)
      .put_if(kOccupantId, message.occupant_id)
      .put_if(kStanzaId, message.stanza_id)
      .put_if(kId, message.id)
      .put_if(kOriginId, message.origin_id)
      .put_if(kLang, message.lang)
      .put_if(kContent, message.content);
  if (message.from_peer) put_flag(out, kFromPeer, true);
  if (message.from_room) put_flag(out, kFromRoom, true);
  if (message.internal) put_flag(out, kInternal, true);
  if (message.over) put_flag(out, kOver, true);
  if (message.said.ms > 0) out.put(kSaid, static_cast<std::uint64_t>(message.said.ms));
  out.put_if(kOrigin, message.origin);
  for (const std::string& mark : message.path) out.put(kPath, std::string_view(mark));
  out.put_unless_0(kRetracts, message.retracts);
  return {out.take()};
}

engine::LocalPart write_speaker(const Message& message) {
  FieldWriter out;
  out.put_if(message_tag::kSpeaker, message.speaker.text())
      .put_if(message_tag::kTombstone, message.tombstone);
  return {out.take()};
}

Message read_message(const engine::SharedEntry& entry) {
  using namespace message_tag;
  const FieldReader in(entry.shared.bytes);
  Message message;
  message.nick = in.text(kNick);
  message.occupant_id = in.text(kOccupantId);
  message.stanza_id = in.text(kStanzaId);
  message.id = in.text(kId);
  message.origin_id = in.text(kOriginId);
  message.lang = in.text(kLang);
  message.content = in.text(kContent);
  message.from_peer = in.number(kFromPeer) != 0;
  message.from_room = in.number(kFromRoom) != 0;
  message.internal = in.number(kInternal) != 0;
  message.over = in.number(kOver) != 0;
  message.said = {static_cast<std::int64_t>(in.number(kSaid))};
  message.origin = in.text(kOrigin);
  for (const std::string_view mark : in.all(kPath)) message.path.emplace_back(mark);
  message.retracts = in.number(kRetracts);
  return message;
}

Message read_message(const engine::Entry& entry) {
  Message message = read_message(static_cast<const engine::SharedEntry&>(entry));
  const FieldReader local(entry.local.bytes);
  message.speaker = read_jid(local.text(message_tag::kSpeaker));
  message.tombstone = local.text(message_tag::kTombstone);
  return message;
}

}  // namespace hansa::rooms
