#pragma once
// What the judge asks of a shared room's log, folded as its owner folds it (modules/shared-log).

#include <memory>
#include <set>
#include <string>

#include "modules/shared-log/log.h"

namespace hansa::sim::links {

using Names = std::shared_ptr<const std::set<std::string>>;

// Who receives: bare JIDs.
[[nodiscard]] Names members_of(const shared_log::SharedLog& log);
// Link domains of the enterprises for whom the entry at `position`, the last one, is.
[[nodiscard]] Names links_of(const shared_log::SharedLog& log, engine::Position position);
// Who is in it as what, since when, in canonical form; empty while it is being fetched.
[[nodiscard]] std::string list_of(const shared_log::SharedLog& log);

}  // namespace hansa::sim::links
