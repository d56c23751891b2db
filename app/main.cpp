// The command line; everything else is in the files it calls (commands.h).

#include <cstdio>

#include "app/admin_request.h"
#include "app/command_line.h"
#include "app/commands.h"

int main(int argc, char** argv) {
  using namespace hansa::app;
  CommandLine line;
  if (const auto code = parse(argc, argv, line)) return *code;
  switch (line.command) {
    case Command::run: return run(line.config);
    case Command::check: return check(line.config);
    case Command::version: return show_version();
    case Command::room: break;
  }
  const std::string asked = line.request();
  const hansa::Result<AdminRequest> request = parse_request(asked);
  if (request) return ask(line.config, asked);
  std::fprintf(stderr, "hansa: %s\n", request.error().text.c_str());
  return 1;
}
