#include "modules/archive/archive.h"

#include <algorithm>

#include "modules/archive/result.h"
#include "modules/archive/search.h"
#include "xep-spec/xep_0313_archive.h"

namespace hansa::archive {
namespace {

constexpr std::size_t kIdLength = 26;

Scope scope_of(engine::RoomTurn& turn, const xmpp::Stanza& iq, const rooms::Reading& reading) {
  return {turn.room().address(), turn.room().log_id(), turn.room().last_position(), iq.from,
          reading.real_addresses};
}

void send_hit(engine::ServiceTurn& turn, const Scope& scope, const Hit& hit,
              std::string_view query_id) {
  const std::string id = random_token(turn.random(), kIdLength);
  std::string stanza;
  xmpp::write_stanza(stanza,
                     {.kind = xmpp::StanzaKind::message,
                      .type = {},
                      .from = scope.room.text(),
                      .to = scope.asker.text(),
                      .id = id,
                      .lang = {}},
                     result_of(scope, hit, query_id));
  turn.send(std::move(stanza));
}

void answer_query(engine::ServiceTurn& turn, const Scope& scope, const xep_0313::Query& query) {
  Result<Found> found = search(turn, scope, query);
  if (turn.waiting()) return;
  if (!found) return turn.refuse(found.error());
  xep_0313::Fin fin;
  fin.complete = found->complete;
  fin.page.index = found->index;
  fin.page.count = found->count;
  if (!found->hits.empty()) {
    fin.page.first = found->hits.front().id();
    fin.page.last = found->hits.back().id();
  }
  if (query.flip) std::reverse(found->hits.begin(), found->hits.end());
  for (const Hit& hit : found->hits) send_hit(turn, scope, hit, query.query_id);
  turn.reply(xmpp::written(fin));
}

void answer_metadata(engine::ServiceTurn& turn, const Scope& scope) {
  const Result<std::vector<Hit>> both = ends(turn, scope);
  if (turn.waiting()) return;
  if (!both) return turn.refuse(both.error());
  xep_0313::Metadata metadata;
  if (!both->empty()) {
    metadata.start = {both->front().id(), both->front().entry->stamp};
    metadata.end = {both->back().id(), both->back().entry->stamp};
  }
  turn.reply(xmpp::written(metadata));
}

}  // namespace

Status Archive::add_to(engine::Router& router) {
  using engine::Target;
  struct Line {
    std::string_view type;
    std::string_view name;
    std::string_view feature;
    void (Archive::*handler)(engine::RoomTurn&, const xmpp::Stanza&) const;
  };
  const Line lines[] = {{"set", "query", xep_0313::kNs, &Archive::on_query},
                        {"get", "query", xep_0313::kNs, &Archive::on_form},
                        {"get", "metadata", xep_0313::kFeatureExtended, &Archive::on_metadata}};
  for (const Line& line : lines) {
    const engine::Row row{
        Target::room,           xmpp::StanzaKind::iq,       std::string(line.type),
        std::string(line.name), std::string(xep_0313::kNs), std::string(line.feature)};
    const Status added = router.add(
        row, [this, handler = line.handler](engine::RoomTurn& turn, const xmpp::Stanza& iq) {
          (this->*handler)(turn, iq);
        });
    if (!added) return added;
  }
  router.add_reading(std::string(xep_0313::kNs));
  return Done{};
}

std::optional<rooms::Reading> Archive::judge(engine::RoomTurn& turn, const xmpp::Stanza& iq) const {
  rooms::Reading reading = rooms_.may_read(turn, iq.from);
  if (reading.verdict.kind == rooms::Verdict::Kind::wait) return std::nullopt;
  if (reading.verdict.kind == rooms::Verdict::Kind::allow) return reading;
  turn.refuse(reading.verdict.error, {}, reading.verdict.detail);
  return std::nullopt;
}

void Archive::on_query(engine::RoomTurn& turn, const xmpp::Stanza& iq) const {
  const auto reading = judge(turn, iq);
  if (!reading) return;
  const Result<xep_0313::Query> query = xep_0313::parse(*iq.payload());
  if (!query) return turn.refuse(query.error());
  if (!query->node.empty()) return turn.refuse(Error(Condition::item_not_found));
  if (query->page && query->page->index) {
    return turn.refuse(Error(Condition::feature_not_implemented,
                             "Pages by number are not offered; ask for the page after a message."));
  }
  turn.serve([scope = scope_of(turn, iq, *reading), query = *query](engine::ServiceTurn& service,
                                                                    const xmpp::Stanza&) {
    answer_query(service, scope, query);
  });
}

void Archive::on_form(engine::RoomTurn& turn, const xmpp::Stanza& iq) const {
  if (!judge(turn, iq)) return;
  std::string content;
  xmpp::Writer writer(content);
  writer.open("query", xep_0313::kNs);
  xep_0004::write(writer, xep_0313::query_form());
  writer.close();
  turn.reply(content);
}

void Archive::on_metadata(engine::RoomTurn& turn, const xmpp::Stanza& iq) const {
  const auto reading = judge(turn, iq);
  if (!reading) return;
  turn.serve(
      [scope = scope_of(turn, iq, *reading)](engine::ServiceTurn& service, const xmpp::Stanza&) {
        answer_metadata(service, scope);
      });
}

}  // namespace hansa::archive
