#pragma once
// What of an archive is sent (XEP-0313 §4.3, §5.1.2): a message as it was said, from its nickname;
// the speaker's address only for those who may see it; of a retracted one its tombstone.

#include <string>

#include "modules/archive/search.h"

namespace hansa::archive {

// The <result/> with the forwarded message.
[[nodiscard]] std::string result_of(const Scope& scope, const Hit& hit, std::string_view query_id);

}  // namespace hansa::archive
