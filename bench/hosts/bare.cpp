// The least that a room can be: an XEP-0114 component that tells whoever enters that he is in, and
// copies each message to all from a template. The ceiling for any component behind that host. In
// rooms that are called «ids-…» copies have a stanza-id (XEP-0359) and an occupant-id (XEP-0421),
// as long as hansa's: what those two cost the host is nobody's to save.
//
//   hosts_bare ADDRESS PORT DOMAIN SECRET

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/crypto.h"
#include "base/encoding.h"

namespace {

constexpr std::size_t kStanzaId = 26;  // characters, as hansa's
constexpr std::size_t kOccupantId = 52;

[[noreturn]] void fail(const char* why) {
  std::fprintf(stderr, "hosts_bare: %s\n", why);
  std::exit(1);
}

std::string attribute(std::string_view tag, std::string_view name) {
  for (const char quote : {'\'', '"'}) {
    const std::string start = " " + std::string(name) + "=" + quote;
    const std::size_t at = tag.find(start);
    if (at == std::string_view::npos) continue;
    tag.remove_prefix(at + start.size());
    return std::string(tag.substr(0, tag.find(quote)));
  }
  return {};
}

class Bare {
 public:
  Bare(int socket, std::string domain) : socket_(socket), domain_(std::move(domain)) {}

  void greet(const std::string& secret) {
    write(
        "<stream:stream xmlns='jabber:component:accept' "
        "xmlns:stream='http://etherx.jabber.org/streams' to='" +
        domain_ + "'>");
    const std::string header = read_until("id=");
    const std::string rest = header.find('>', header.find("id=")) == std::string::npos
                                 ? header + read_until(">")
                                 : header;
    write("<handshake>" +
          hansa::hex(
              hansa::sha1(attribute(rest.substr(rest.find("<stream:stream")), "id") + secret)) +
          "</handshake>");
    seen_.clear();
    read_until("<handshake");
    seen_.clear();
    std::printf("ready\n");
    std::fflush(stdout);
  }
  void serve() {
    while (read()) {
      std::string out;
      while (const std::size_t size = stanza()) {
        answer(std::string_view(seen_).substr(0, size), out);
        seen_.erase(0, size);
      }
      if (!out.empty()) write(out);
    }
  }

 private:
  // Bytes of the first whole stanza; 0: there is none. Stanzas here do not contain their like.
  [[nodiscard]] std::size_t stanza() {
    const std::size_t start = seen_.find('<');
    if (start == std::string::npos) return 0;
    seen_.erase(0, start);
    const std::size_t name_end = seen_.find_first_of(" >/", 1);
    const std::size_t tag_end = seen_.find('>');
    if (tag_end == std::string::npos) return 0;
    if (seen_[tag_end - 1] == '/') return tag_end + 1;
    const std::string end = "</" + seen_.substr(1, name_end - 1) + ">";
    const std::size_t at = seen_.find(end);
    return at == std::string::npos ? 0 : at + end.size();
  }
  void answer(std::string_view stanza, std::string& out) {
    const std::string from = attribute(stanza, "from");
    const std::string to = attribute(stanza, "to");
    if (stanza.starts_with("<presence") && attribute(stanza, "type").empty()) {
      people_[to.substr(0, to.find('/'))].push_back(from);
      out += "<presence from='" + to + "' to='" + from +
             "'><x xmlns='http://jabber.org/protocol/muc#user'>"
             "<item affiliation='none' role='participant'/><status code='110'/></x></presence>";
    } else if (stanza.starts_with("<message") && attribute(stanza, "type") == "groupchat") {
      const std::string rest = "' from='" + to + "/" + from.substr(0, from.find('@')) +
                               "' type='groupchat' id='" + attribute(stanza, "id") + "'" +
                               content_of(stanza, to);
      for (const std::string& person : people_[to])
        out.append("<message to='").append(person).append(rest);
    }
  }
  // From the end of its first tag to its own end.
  static std::string content_of(std::string_view stanza, const std::string& room) {
    std::string content(stanza.substr(stanza.find('>')));
    if (!room.starts_with("ids-")) return content;
    return content.insert(content.rfind("</"),
                          "<stanza-id xmlns='urn:xmpp:sid:0' by='" + room + "' id='" +
                              std::string(kStanzaId, 's') +
                              "'/><occupant-id xmlns='urn:xmpp:occupant-id:0' id='" +
                              std::string(kOccupantId, 'o') + "'/>");
  }
  bool read() {
    char bytes[65536];
    const ssize_t count = ::read(socket_, bytes, sizeof(bytes));
    if (count > 0) seen_.append(bytes, static_cast<std::size_t>(count));
    return count > 0;
  }
  std::string read_until(std::string_view word) {
    while (seen_.find(word) == std::string::npos) {
      if (!read()) fail("the host closed the stream");
    }
    return seen_;
  }
  void write(std::string_view text) {
    while (!text.empty()) {
      const ssize_t count = ::write(socket_, text.data(), text.size());
      if (count <= 0) fail("the host does not read");
      text.remove_prefix(static_cast<std::size_t>(count));
    }
  }
  int socket_;
  std::string domain_;
  std::string seen_;
  std::map<std::string, std::vector<std::string>> people_;  // by room
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) fail("ADDRESS PORT DOMAIN SECRET");
  sockaddr_in host{};
  host.sin_family = AF_INET;
  host.sin_port = htons(static_cast<std::uint16_t>(std::atoi(argv[2])));
  if (::inet_pton(AF_INET, argv[1], &host.sin_addr) != 1) fail("ADDRESS is an IPv4 one");
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&host), sizeof(host)) != 0) {
    fail("cannot connect");
  }
  Bare bare(socket, argv[3]);
  bare.greet(argv[4]);
  bare.serve();
  return 0;
}
