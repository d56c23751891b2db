#pragma once
// What dialogues between a hub and its nodes say besides what people do.

#include <string>
#include <vector>

#include "tests/support/federation.h"
#include "xep-spec/shared_rooms.h"

namespace hansa::test {

// Items in the only log there, as they stand in it.
inline std::vector<xep_shared_rooms::Item> items(Federation& f, const std::string& party) {
  const storage::Image& image = f.party(party).disk->image;
  std::vector<xep_shared_rooms::Item> out;
  for (const storage::LogKey& log : image.list(party == kHub ? "hub" : "node", {}, 10).value()) {
    for (const storage::Entry& stored : image.read(log, 1, 1'000'000).value().entries) {
      const auto entry = engine::from_storage(stored);
      const auto item = entry ? shared_log::item_of(*entry) : std::nullopt;
      if (item) out.push_back(item->item);
    }
  }
  return out;
}

// Messages there.
inline std::vector<xep_shared_rooms::Item> said(Federation& f, const std::string& party) {
  auto out = items(f, party);
  std::erase_if(out, [](const auto& item) { return item.kind != xep_shared_rooms::kKindMessage; });
  return out;
}

inline std::size_t messages(Federation& f, const std::string& party) {
  return said(f, party).size();
}

// What they say, joined by spaces.
inline std::string bodies(Federation& f, const std::string& party) {
  std::string out;
  for (const xep_shared_rooms::Item& item : said(f, party)) {
    const auto payload = xmpp::parse_element(item.payload, xmpp::ns::kClient).value();
    out += (out.empty() ? "" : " ") + payload->root().children().begin()->text();
  }
  return out;
}

inline std::string xml_of(const xep_shared_rooms::Frame& frame) {
  std::string out;
  xmpp::Writer writer(out);
  xep_shared_rooms::write(writer, frame);
  return out;
}

// The newest frame of that name that went there since the last clear, to be said once more.
inline std::string last_frame(const Federation& f, const std::string& to, std::string_view name) {
  for (auto one = f.passed.rbegin(); one != f.passed.rend(); ++one) {
    if (one->to != to || one->element().name() != name) continue;
    return xml_of(xep_shared_rooms::parse_frame(one->element()).value());
  }
  std::abort();
}

// From now on that node's history of «tea» is another one, it believes, and begins anew.
inline void fork(Federation& f, const std::string& node) {
  namespace xsr = xep_shared_rooms;
  const std::string version = f.state(node, "tea", "version");
  const auto dot = version.find('.');
  xsr::Epoch epoch;
  epoch.epoch = std::stoull(version.substr(0, dot)) + (1ULL << 33);
  epoch.key = std::string(32, 'a');
  epoch.follows = {{std::stoull(version.substr(0, dot)), std::stoull(version.substr(dot + 1))},
                   std::string(32, 'f')};
  xsr::Item item;
  item.kind = xsr::kKindEpoch;
  item.origin = {kHub, 5, 1};
  item.id = "forged";
  item.salt = std::string(32, '5');
  item.order = {epoch.epoch, 0};
  item.payload = xsr::to_payload(epoch);
  f.inject(kHub, node,
           xml_of(xsr::Entry{xmpp::Jid::parse("tea@shared.example").value(),
                             f.state(kHub, "tea", "log"), item}));
}

// It is on its way to that node, and not what fork() says there.
inline bool is_not_forged(const Frame& frame, const std::string& node) {
  const auto* item = frame.element().child("item", xep_shared_rooms::kNs);
  return frame.to == node && (item == nullptr || item->attr("id") != "forged");
}

}  // namespace hansa::test
