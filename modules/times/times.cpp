#include "modules/times/times.h"

#include <algorithm>

#include "xep-spec/xep_0012_last_activity.h"
#include "xep-spec/xep_0202_time.h"

namespace hansa::times {
namespace {

template <typename Write>
void reply_with(engine::ServiceTurn& turn, Write write) {
  std::string content;
  xmpp::Writer writer(content);
  write(writer);
  turn.reply(content);
}

}  // namespace

Status add_to(engine::Router& router, MonoTime started) {
  const auto time = [](engine::ServiceTurn& turn, const xmpp::Stanza&) {
    reply_with(turn, [&](xmpp::Writer& writer) { xep_0202::write(writer, {turn.now()}); });
  };
  const auto last = [started](engine::ServiceTurn& turn, const xmpp::Stanza&) {
    const std::int64_t ms = std::max<std::int64_t>(0, (turn.mono() - started).count());
    reply_with(turn, [&](xmpp::Writer& writer) {
      xep_0012::write(writer, {static_cast<std::uint64_t>(ms) / 1000});
    });
  };
  for (const auto target : {engine::Target::rooms_service, engine::Target::identities_service}) {
    const auto row = [target](std::string_view name, std::string_view ns) {
      return engine::Row{target,          xmpp::StanzaKind::iq, "get", std::string(name),
                         std::string(ns), std::string(ns)};
    };
    if (const Status added = router.add(row("time", xep_0202::kNs), time); !added) return added;
    if (const Status added = router.add(row("query", xep_0012::kNs), last); !added) return added;
  }
  return Done{};
}

}  // namespace hansa::times
