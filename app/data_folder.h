#pragma once
// The folder of everything durable (node.data): data/store, data/secret, data/admin.sock.

#include <string>

#include "base/random.h"
#include "base/result.h"

namespace hansa::app {

// Makes the folder (mode 700) unless it is there. Error: internal_server_error with the reason.
[[nodiscard]] Status make_folder(const std::string& folder);

// The node's own secret in data/secret (mode 600), made and synced at the first start: occupant ids
// follow from it, so it must never change. Error: internal_server_error; a file without a secret is
// never replaced.
[[nodiscard]] Result<std::string> node_secret(const std::string& folder, Random& random);

}  // namespace hansa::app
