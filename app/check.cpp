// hansa check: the configuration, and whether the host's port answers. No handshake is tried: a
// running node has the names; a second component under them would be refused, or take its place.

#include <cstdio>
#include <cstdlib>
#include <future>
#include <optional>

#include "app/commands.h"
#include "app/config.h"
#include "net/loop.h"
#include "net/tcp.h"

namespace hansa::app {
namespace {

constexpr Millis kPatience{5000};

class Probe final : public net::ConnectionHandler {
 public:
  // What went wrong; nothing: somebody listens there.
  static std::optional<std::string> ask(const HostConfig& host) {
    net::Loop loop("check");
    std::unique_ptr<Probe> probe;
    std::promise<std::optional<std::string>> answer;
    auto answered = answer.get_future();
    loop.start();
    loop.post([&] {
      probe.reset(new Probe(loop, answer));
      probe->connection_.connect(host.host, host.port, kPatience);
    });
    std::optional<std::string> wrong = answered.get();
    std::promise<void> gone;
    loop.post([&] {
      probe.reset();
      gone.set_value();
    });
    gone.get_future().wait();
    return wrong;
  }

 private:
  Probe(net::Loop& loop, std::promise<std::optional<std::string>>& answer)
      : answer_(answer), connection_(loop, *this) {}
  void connected() override { tell(std::nullopt); }
  void bytes(std::string_view) override {}
  void closed(const net::Closed& why) override { tell(why.text); }
  void tell(std::optional<std::string> wrong) {
    if (!std::exchange(told_, true)) answer_.set_value(std::move(wrong));
  }

  std::promise<std::optional<std::string>>& answer_;
  net::Connection connection_;
  bool told_ = false;
};

void say(const Config& config) {
  const auto line = [](const std::string& text) { std::printf("%s\n", text.c_str()); };
  line("rooms:      " + config.node.rooms);
  if (config.node.identities.empty()) {
    line(
        "identities: none: nobody can act as a room, and requests to join are asked about in "
        "forms and commands only; add identities under [node] and a second component at the host");
  } else {
    line("identities: " + config.node.identities);
  }
  line("data:       " + config.node.data);
  line("host:       " + config.host.address +
       " answers; names and secret are tried by `hansa run` only, since a running node has the "
       "names");
  line(
      "others:     encryption to other servers is the host's: Prosody: s2s_require_encryption = "
      "true and s2s_secure_auth = true; ejabberd: s2s_use_starttls: required, without "
      "mod_s2s_dialback");
}

}  // namespace

int check(const std::string& config_file) {
  ConfigRead read = read_config(config_file);
  if (read.config) {
    if (const auto wrong = Probe::ask(read.config->host)) {
      const HostConfig& host = read.config->host;
      const auto found = read.config->lines.find("node.host.address");
      read.problems.push_back(
          {Problem::Level::error, "node.host.address",
           found == read.config->lines.end() ? 0 : found->second,
           "is " + host.address + ", where nobody answers (" + *wrong + ")",
           "start the host, or write the port of its component listener (Prosody: component_ports; "
           "ejabberd: listen, module ejabberd_service)"});
    }
  }
  bool sound = true;
  for (const Problem& problem : read.problems) {
    sound = sound && problem.level != Problem::Level::error;
    std::printf("%s\n", describe(problem, config_file).c_str());
  }
  if (!sound) return EXIT_FAILURE;
  say(*read.config);
  return EXIT_SUCCESS;
}

}  // namespace hansa::app
