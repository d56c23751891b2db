#pragma once
// Whose messages a query wants (XEP-0313 §4.1.1, «with» in a room): a nickname's, by its address in
// the room, or a person's, for those who may know him.

#include <string>
#include <string_view>

#include "base/result.h"
#include "modules/archive/search.h"

namespace hansa::archive {

struct Speaker {
  std::string nick;  // empty: whatever it was
  xmpp::Jid real;    // empty: whoever it was
  [[nodiscard]] bool said(const Hit& hit) const;
};

// Errors: jid_malformed, forbidden (the asker may not know who said what).
[[nodiscard]] Result<Speaker> read_speaker(std::string_view with, const Scope& scope);

}  // namespace hansa::archive
