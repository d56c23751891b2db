#include "xep-spec/xep_0153_vcard_avatar.h"

#include "base/crypto.h"
#include "base/encoding.h"
#include "xep-spec/xep_0054_vcard.h"

namespace hansa::xep_0153 {

void write(xmpp::Writer& writer, const Update& update) {
  writer.open("x", kNs).leaf("photo", update.hash).close();
}

std::optional<std::vector<std::string>> photo_hashes(const xmpp::Element& card) {
  std::vector<std::string> hashes;
  for (const xmpp::Element& photo : card.children()) {
    if (!photo.is("PHOTO", xep_0054::kNs)) continue;
    const xmpp::Element* const data = photo.child("BINVAL", xep_0054::kNs);
    if (data == nullptr) continue;
    const auto bytes = unbase64(data->text());
    if (!bytes) return std::nullopt;
    if (!bytes->empty()) hashes.push_back(hex(sha1(*bytes)));
  }
  return hashes;
}

}  // namespace hansa::xep_0153
