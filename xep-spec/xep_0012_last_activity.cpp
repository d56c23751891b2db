#include "xep-spec/xep_0012_last_activity.h"

#include <string>

namespace hansa::xep_0012 {

void write(xmpp::Writer& writer, const Last& last) {
  writer.open("query", kNs).attr("seconds", std::to_string(last.seconds)).close();
}

}  // namespace hansa::xep_0012
