#include "xep-spec/xep_0114_component.h"

#include "base/crypto.h"
#include "base/encoding.h"
#include "xmpp/ns.h"
#include "xmpp/writer.h"

namespace hansa::xep_0114 {

void write_open(std::string& out, std::string_view domain) {
  out += "<?xml version='1.0'?><stream:stream xmlns='";
  out += kNs;
  out += "' xmlns:stream='";
  out += xmpp::ns::kStreams;
  out += "' to='";
  xmpp::append_escaped(out, domain);
  out += "'>";
}

void write_handshake(std::string& out, std::string_view stream_id, std::string_view secret) {
  std::string text(stream_id);
  text += secret;
  out += "<handshake>";
  out += hex(sha1(text));
  out += "</handshake>";
}

}  // namespace hansa::xep_0114
