#include "modules/shared-log/rights.h"

#include <algorithm>
#include <array>
#include <cassert>

#include "base/crypto.h"
#include "base/encoding.h"

namespace hansa::shared_log {
namespace {

template <std::size_t N>
std::optional<std::array<std::uint8_t, N>> bytes_of(std::string_view text) {
  const auto raw = unhex(text);
  if (!raw || raw->size() != N) return std::nullopt;
  std::array<std::uint8_t, N> out{};
  std::copy(raw->begin(), raw->end(), reinterpret_cast<char*>(out.data()));
  return out;
}

Ed25519Seed seed_of(std::string_view bytes) {
  Ed25519Seed seed{};
  assert(bytes.size() == seed.size());
  std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char*>(seed.data()));
  return seed;
}

bool is_affiliation(std::string_view word) {
  constexpr std::array<std::string_view, 5> kWords{"owner", "admin", "member", "none", "outcast"};
  return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

// What an actor has signed: an operation or an erasure.
template <typename Act>
Status check_signed(const SharedLog& log, const Act& act, const xsr::Origin& origin,
                    const Pinned& pinned) {
  const Participant* enterprise = log.enterprise_of(act.actor);
  if (enterprise == nullptr || enterprise->what.link != origin.link) {
    return Error(Condition::not_authorized, "That is not the node of the actor's enterprise.");
  }
  const auto pin = pinned.find(origin.link);
  const auto key = bytes_of<32>(pin == pinned.end() ? enterprise->what.key : pin->second);
  const auto signature = bytes_of<64>(act.signature);
  if (!key || !signature ||
      !ed25519_verify(*key, xsr::signed_bytes(log.log(), act, origin), *signature)) {
    return Error(Condition::not_authorized, "The signature is not of the actor's enterprise.");
  }
  return Done{};
}

}  // namespace

Status check_signature(const SharedLog& log, const xsr::Operation& operation,
                       const xsr::Origin& origin, const Pinned& pinned) {
  return check_signed(log, operation, origin, pinned);
}

Status check_signature(const SharedLog& log, const xsr::Erasure& erasure, const xsr::Origin& origin,
                       const Pinned& pinned) {
  return check_signed(log, erasure, origin, pinned);
}

bool begins_room(const xsr::Operation& operation) {
  return operation.jid == operation.actor && operation.affiliation == "owner" &&
         operation.previous == xsr::Version{};
}

Status check_right(const SharedLog& log, const xsr::Operation& operation) {
  if (!is_affiliation(operation.affiliation)) {
    return Error(Condition::bad_request, "There is no such affiliation.");
  }
  if (log.records().empty()) {  // a new room's first: its owner
    if (begins_room(operation)) return Done{};
    return Error(Condition::not_allowed, "A room begins with its owner.");
  }
  const std::string_view actor = log.affiliation(operation.actor);
  const std::string_view present = log.affiliation(operation.jid);
  const bool low = (operation.affiliation == "member" || operation.affiliation == "none") &&
                   (present == "member" || present == "none");
  if (actor == "owner") return Done{};
  if (actor == "admin") {
    if (operation.affiliation != "owner" && operation.affiliation != "admin" &&
        present != "owner" && present != "admin") {
      return Done{};
    }
  }
  if (operation.jid == operation.actor && operation.affiliation == "none" && actor != "none" &&
      actor != "outcast") {
    return Done{};
  }
  const bool own = log.enterprise_of(operation.actor) == log.enterprise_of(operation.jid);
  if (own && low && actor == "member") return Done{};
  return Error(Condition::not_allowed, "That needs an owner or an admin of the room.");
}

Status check_right(const SharedLog& log, const xsr::Erasure& erasure, const xsr::Origin& origin) {
  if (erasure.erased.link == origin.link) return Done{};
  const std::string_view actor = log.affiliation(erasure.actor);
  if (actor == "owner" || actor == "admin") return Done{};
  return Error(Condition::not_allowed, "What others said is erased by owners and admins.");
}

void sign(xsr::Operation& operation, std::string_view log, const xsr::Origin& origin,
          std::string_view seed) {
  operation.signature = hex(ed25519_sign(seed_of(seed), xsr::signed_bytes(log, operation, origin)));
}

void sign(xsr::Erasure& erasure, std::string_view log, const xsr::Origin& origin,
          std::string_view seed) {
  erasure.signature = hex(ed25519_sign(seed_of(seed), xsr::signed_bytes(log, erasure, origin)));
}

std::string public_key(std::string_view seed) { return hex(ed25519_public(seed_of(seed))); }

}  // namespace hansa::shared_log
