#include "tests/sim/links/fold.h"

namespace hansa::sim::links {

Names members_of(const shared_log::SharedLog& log) {
  auto out = std::make_shared<std::set<std::string>>();
  for (const auto& [jid, record] : log.records()) {
    const std::string& affiliation = record.operation.affiliation;
    if (affiliation != "none" && affiliation != "outcast") out->insert(jid);
  }
  return out;
}

Names links_of(const shared_log::SharedLog& log, engine::Position position) {
  auto out = std::make_shared<std::set<std::string>>();
  for (const auto& [link, participant] : log.participants()) {
    if (participant.gets(position)) out->insert(link);
  }
  return out;
}

std::string list_of(const shared_log::SharedLog& log) {
  std::string out;
  for (const auto& [jid, record] : log.records()) {
    if (record.operation.affiliation == "none") continue;
    out += jid + " " + record.operation.affiliation + " " +
           std::to_string(record.order.epoch >> 32) + "." + std::to_string(record.order.sequence) +
           "; ";
  }
  return out;
}

}  // namespace hansa::sim::links
