#include "xep-spec/xep_0202_time.h"

namespace hansa::xep_0202 {

void write(xmpp::Writer& writer, const Time& time) {
  writer.open("time", kNs).leaf("tzo", "+00:00").leaf("utc", to_datetime(time.utc)).close();
}

}  // namespace hansa::xep_0202
