// hansa room …: asks the running node over its admin socket. hansa version.

#include <cstdio>
#include <cstdlib>

#include "app/commands.h"
#include "app/config.h"
#include "net/local_socket.h"

namespace hansa::app {
namespace {

// Prints the rows as they come; the first line says whether there are any.
class Printer {
 public:
  void take(std::string_view piece) {
    if (!head_done_) {
      const std::size_t end = piece.find('\n');
      head_ += piece.substr(0, end);
      if (end == std::string_view::npos) return;
      head_done_ = true;
      piece.remove_prefix(end + 1);
    }
    std::fwrite(piece.data(), 1, piece.size(), stdout);
  }
  [[nodiscard]] bool ok() const { return head_done_ && head_ == "ok"; }
  [[nodiscard]] std::string error() const {
    return head_.starts_with("error ") ? head_.substr(6) : "the node gave no answer";
  }

 private:
  std::string head_;
  bool head_done_ = false;
};

int fail(const std::string& text) {
  std::fprintf(stderr, "hansa: %s\n", text.c_str());
  return EXIT_FAILURE;
}

}  // namespace

std::string version() { return HANSA_VERSION; }

int show_version() {
  std::printf("hansa %s\n", HANSA_VERSION);
  return EXIT_SUCCESS;
}

int ask(const std::string& config_file, const std::string& request) {
  const ConfigRead read = read_config(config_file);
  for (const Problem& problem : read.problems) {
    if (problem.level == Problem::Level::warning) continue;  // `hansa check` tells those
    std::fprintf(stderr, "%s\n", describe(problem, config_file).c_str());
  }
  if (!read.config) return EXIT_FAILURE;
  Printer printer;
  const Status asked = net::ask_local(read.config->node.admin_socket, request,
                                      [&printer](std::string_view piece) { printer.take(piece); });
  if (!asked) return fail(std::string(asked.error().message()));
  return printer.ok() ? EXIT_SUCCESS : fail(printer.error());
}

}  // namespace hansa::app
