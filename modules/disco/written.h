#pragma once
// An answer of service discovery as XML.

#include <string>

#include "xep-spec/xep_0030_disco.h"
#include "xmpp/writer.h"

namespace hansa::disco {

template <typename Payload>
std::string written(const Payload& payload) {
  std::string out;
  xmpp::Writer writer(out);
  xep_0030::write(writer, payload);
  return out;
}

}  // namespace hansa::disco
