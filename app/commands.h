#pragma once
// What the program does for each of its commands; the results are exit statuses.

#include <string>

namespace hansa::app {

// The version of this build, as `hansa version` prints it.
[[nodiscard]] std::string version();

[[nodiscard]] int run(const std::string& config_file);
[[nodiscard]] int check(const std::string& config_file);
[[nodiscard]] int show_version();
// Asks the running node (a line of admin_request.h) and prints the rows of its answer.
[[nodiscard]] int ask(const std::string& config_file, const std::string& request);

}  // namespace hansa::app
