#include "modules/act-as/address.h"

#include "base/crypto.h"
#include "base/encoding.h"
#include "base/limits.h"

namespace hansa::act_as {
namespace {

constexpr std::size_t kHashCharacters = 26;

xmpp::Jid make(std::string_view local, std::string_view domain, std::string_view resource = {}) {
  auto made = xmpp::Jid::make(local, domain, resource);
  return made ? std::move(made).value() : xmpp::Jid();
}

std::string hashed(const xmpp::Jid& peer) {
  const Sha256 hash = sha256(peer.text());
  return '~' + base32(hash).substr(0, kHashCharacters);
}

std::pair<std::string, std::string> range(std::string_view kind, const xmpp::Jid& acting) {
  const std::string prefix = std::string(kind) + std::string(acting.bare_text());
  return {prefix + '/', prefix + static_cast<char>('/' + 1)};
}

}  // namespace

xmpp::Jid conversation_address(std::string_view rooms, std::string_view local,
                               const xmpp::Jid& peer) {
  const std::string start = std::string(local) + kMark;
  if (peer.is_bare()) {
    const std::string plain = start + xmpp::escape_local(peer.text());
    if (plain.size() <= limits::kConversationLocalBytes) {
      if (xmpp::Jid address = make(plain, rooms); !address.empty()) return address;
    }
  }
  return make(start + hashed(peer), rooms);
}

xmpp::Jid identity_of(const Domains& domains, const xmpp::Jid& room) {
  return make(room.local(), domains.identities);
}

xmpp::Jid full_identity_of(const Domains& domains, const xmpp::Jid& room) {
  return make(room.local(), domains.identities, kResource);
}

xmpp::Jid room_of(const Domains& domains, const xmpp::Jid& identity) {
  return make(identity.local(), domains.rooms);
}

std::pair<std::string, std::string> conversation_range(const xmpp::Jid& acting) {
  return range("conversation/", acting);
}

std::string conversation_key(const xmpp::Jid& acting, const xmpp::Jid& conversation) {
  return conversation_range(acting).first + std::string(conversation.bare_text());
}

std::pair<std::string, std::string> closed_range(const xmpp::Jid& acting) {
  return range("closed/", acting);
}

std::string closed_key(const xmpp::Jid& acting, const xmpp::Jid& conversation) {
  return closed_range(acting).first + std::string(conversation.bare_text());
}

}  // namespace hansa::act_as
