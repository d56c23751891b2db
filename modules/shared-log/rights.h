#pragma once
// Who may change the member list (the toy right): owners all of it, admins what owners do not keep
// for themselves, any member his own enterprise's people, anybody to leave. And who may erase:
// owners and admins what anybody said, an enterprise what its own people said (which of them it
// was is for their node to judge: the others know it from that node alone, and what is erased says
// it no more). Either counts only if the node of the actor's enterprise has signed it. Hub and
// nodes judge alike, at the same state of the list.

#include <map>
#include <string>

#include "base/result.h"
#include "modules/shared-log/log.h"

namespace hansa::shared_log {

// Link domain → public key (hex) that is taken whatever the log says of it.
using Pinned = std::map<std::string, std::string>;

// Errors: not_authorized (signature, or another enterprise's node).
[[nodiscard]] Status check_signature(const SharedLog& log, const xsr::Operation& operation,
                                     const xsr::Origin& origin, const Pinned& pinned);
[[nodiscard]] Status check_signature(const SharedLog& log, const xsr::Erasure& erasure,
                                     const xsr::Origin& origin, const Pinned& pinned);
// Its maker names himself owner, and has not seen any list.
[[nodiscard]] bool begins_room(const xsr::Operation& operation);
// Errors: not_allowed, bad_request.
[[nodiscard]] Status check_right(const SharedLog& log, const xsr::Operation& operation);
[[nodiscard]] Status check_right(const SharedLog& log, const xsr::Erasure& erasure,
                                 const xsr::Origin& origin);
// Signs it, by the node of its origin.
void sign(xsr::Operation& operation, std::string_view log, const xsr::Origin& origin,
          std::string_view seed);
void sign(xsr::Erasure& erasure, std::string_view log, const xsr::Origin& origin,
          std::string_view seed);
[[nodiscard]] std::string public_key(std::string_view seed);

}  // namespace hansa::shared_log
