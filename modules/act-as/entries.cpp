#include "modules/act-as/entries.h"

#include "base/crypto.h"
#include "base/encoding.h"
#include "engine/fields.h"

namespace hansa::act_as {
namespace {

using engine::FieldReader;
using engine::FieldWriter;

constexpr std::size_t kIdCharacters = 24;

std::vector<std::string> texts(const FieldReader& fields, std::uint32_t tag) {
  std::vector<std::string> out;
  for (const std::string_view one : fields.all(tag)) out.emplace_back(one);
  return out;
}

void put_texts(FieldWriter& fields, std::uint32_t tag, const std::vector<std::string>& all) {
  for (const std::string& one : all) fields.put(tag, std::string_view(one));
}

}  // namespace

engine::SharedPart write_shared(const Opened& opened) {
  FieldWriter fields;
  fields.put(1, std::string_view(opened.acting.text()))
      .put(2, std::string_view(opened.peer.text()))
      .put(3, opened.version)
      .put_if(4, opened.nick);
  return {fields.take()};
}

engine::LocalPart write_local(const Opened& opened) {
  FieldWriter fields;
  fields.put(1, std::string_view(opened.secret)).put_if(2, opened.actor.text());
  fields.put_if(3, opened.log);
  return {fields.take()};
}

Opened read_opened(const engine::Entry& entry) {
  const FieldReader shared(entry.shared.bytes);
  const FieldReader local(entry.local.bytes);
  Opened opened;
  opened.acting = read_jid(shared.text(1));
  opened.peer = read_jid(shared.text(2));
  opened.version = shared.number(3);
  opened.nick = shared.text(4);
  opened.secret = local.text(1);
  opened.actor = read_jid(local.text(2));
  opened.log = local.text(3);
  return opened;
}

engine::SharedPart write_peer_known(const PeerKnown& known) {
  FieldWriter fields;
  fields.put(1, static_cast<std::uint64_t>(known.kind)).put_unless_0(2, known.guessed ? 1 : 0);
  return {fields.take()};
}

PeerKnown read_peer_known(const engine::Entry& entry) {
  const FieldReader fields(entry.shared.bytes);
  return {fields.number(1) == 2 ? PeerKind::room : PeerKind::person, fields.number(2) != 0};
}

engine::SharedPart write_peer_joined(const PeerJoined& joined) {
  FieldWriter fields;
  fields.put(1, std::uint64_t{joined.in ? 1U : 0U}).put_if(2, joined.nick).put_if(3, joined.reason);
  return {fields.take()};
}

PeerJoined read_peer_joined(const engine::Entry& entry) {
  const FieldReader fields(entry.shared.bytes);
  return {fields.number(1) != 0, std::string(fields.text(2)), std::string(fields.text(3))};
}

engine::SharedPart write_crossed(const Crossed& crossed) {
  FieldWriter fields;
  fields.put(1, crossed.position).put_if(2, crossed.stanza_id).put_if(3, crossed.refused);
  fields.put_unless_0(4, crossed.until);
  return {fields.take()};
}

Crossed read_crossed(const engine::Entry& entry) {
  const FieldReader fields(entry.shared.bytes);
  return {fields.number(1), std::string(fields.text(2)), std::string(fields.text(3)),
          fields.number(4)};
}

engine::SharedPart write_shared(const Announcement& news) {
  FieldWriter fields;
  fields.put(1, std::string_view(news.conversation.text()))
      .put(2, std::string_view(news.peer.text()))
      .put_if(3, news.token);
  return {fields.take()};
}

engine::LocalPart write_local(const Announcement& news) {
  FieldWriter fields;
  put_texts(fields, 1, news.told);
  return {fields.take()};
}

Announcement read_news(const engine::Entry& entry) {
  const FieldReader shared(entry.shared.bytes);
  Announcement news;
  news.conversation = read_jid(shared.text(1));
  news.peer = read_jid(shared.text(2));
  news.token = shared.text(3);
  news.told = texts(FieldReader(entry.local.bytes), 1);
  return news;
}

std::string write_letter(const Announcement& news) {
  FieldWriter fields;
  fields.put(1, std::string_view(news.conversation.text()))
      .put(2, std::string_view(news.peer.text()))
      .put(3, std::uint64_t{news.first ? 1U : 0U});
  put_texts(fields, 4, news.present);
  put_texts(fields, 5, news.again);
  return fields.take();
}

Announcement read_letter(std::string_view bytes) {
  const FieldReader fields(bytes);
  Announcement news;
  news.conversation = read_jid(fields.text(1));
  news.peer = read_jid(fields.text(2));
  news.first = fields.number(3) != 0;
  news.present = texts(fields, 4);
  news.again = texts(fields, 5);
  return news;
}

engine::LocalPart write_local(const Grant& grant) {
  FieldWriter fields;
  fields.put(1, std::string_view(grant.member))
      .put_if(2, grant.peer)
      .put(3, std::uint64_t{grant.given ? 1U : 0U})
      .put_unless_0(4, static_cast<std::uint64_t>(grant.until.ms))
      .put_if(5, grant.actor.text());
  return {fields.take()};
}

Grant read_grant(std::string_view bytes) {
  const FieldReader fields(bytes);
  Grant grant;
  grant.member = fields.text(1);
  grant.peer = fields.text(2);
  grant.given = fields.number(3) != 0;
  grant.until.ms = static_cast<std::int64_t>(fields.number(4));
  grant.actor = read_jid(fields.text(5));
  return grant;
}

engine::SharedPart write_shared(const TalkChange& change) {
  return {FieldWriter().put(1, static_cast<std::uint64_t>(change.action)).take()};
}

engine::LocalPart write_local(const TalkChange& change) {
  FieldWriter fields;
  fields.put_if(1, change.actor.text()).put_if(2, change.member);
  return {fields.take()};
}

TalkChange read_talk_change(const engine::Entry& entry) {
  const FieldReader local(entry.local.bytes);
  TalkChange change;
  change.action = static_cast<xep_act_as::Action>(FieldReader(entry.shared.bytes).number(1));
  change.actor = read_jid(local.text(1));
  change.member = local.text(2);
  return change;
}

std::string derived_id(std::string_view secret, std::string_view text) {
  const Sha256 mac = hmac_sha256(secret, text);
  return base32(mac).substr(0, kIdCharacters);
}

xmpp::Jid read_jid(std::string_view text) {
  if (text.empty()) return {};
  auto parsed = xmpp::Jid::parse(text);
  return parsed ? std::move(parsed).value() : xmpp::Jid();
}

}  // namespace hansa::act_as
