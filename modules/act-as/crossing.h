#pragma once
// What a message may carry over the border between a conversation and its peer, both ways: built
// anew from an allow-list (protocol §4), never copied; whatever is not named here stays behind.
// References to other messages are translated; one that cannot be is dropped with its fallback
// mark, so that readers see the fallback text.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "xmpp/element.h"

namespace hansa::act_as {

enum class Reference : std::uint8_t {
  correction,  // XEP-0308: by the author only
  retraction,  // XEP-0424: by the author only
  reaction,    // XEP-0444
  reply,       // XEP-0461
  marker,      // XEP-0333
  receipt,     // XEP-0184: of something said here
  mention,     // XEP-0372: `id` is an address, translated into another one
};

// The message that a reference names, as it is called on the other side.
struct Referred {
  std::string id;
  std::string author;  // address there, for reply's `to`; may be empty
};
using Translate = std::function<std::optional<Referred>(Reference, std::string_view id)>;

struct Carried {
  std::string content;        // children of a <message/>
  bool says = false;          // there is something to read, or a change to something said
  std::string retracts = {};  // the message that is taken back, as it is called on the other side
};

// `message`: its children are looked at, nothing else of it.
[[nodiscard]] Carried carry(const xmpp::Element& message, const Translate& translate);

// A payload that only its recipients could read (OMEMO, OpenPGP, XEP-0380 in general).
[[nodiscard]] bool is_encrypted(const xmpp::Element& message);

}  // namespace hansa::act_as
