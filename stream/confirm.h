#pragma once
// The confirming ping of one connection (protocol §2): tells how much of what was sent the host has
// certainly read. At most one ping is in flight; the next one covers all that was sent meanwhile.
// Pure; one per connection, thrown away with it: what it did not confirm must be sent again.
//
// The ping goes from our domain to our own domain: the host reads it after all that we wrote before
// it, and routes it back to us. Found with Prosody 0.12.3 and ejabberd 23.01:
//  * both route such an iq back on the same link, in order with the bounces of what was sent before
//    it (300 messages with 6 pings among them, and 20,000 messages of 900 bytes before one ping:
//    every bounce in its place, the ping last), to the bare domain as well as to any address at it;
//  * a ping to the host's own domain is answered in the same order, but needs a name that XEP-0114
//    does not tell us, and the host's module for pings;
//  * ejabberd takes a second connection under the same name and then spreads what comes for the
//    name over both, pings to ourselves and answers from the host alike: a ping that does not come
//    back on a link that is otherwise alive says that we are not alone. Prosody refuses the second.
// The host confirms that it took a stanza, not that a client has it.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/random.h"

namespace hansa::stream {

// A place in what the owner sends on one connection; only grows. Zero: nothing.
using Mark = std::uint64_t;

class Confirm {
 public:
  // `random` makes the ids of pings, which nobody may guess.
  Confirm(std::string domain, Random& random);

  // All up to `mark` has been handed to the link, before any ping that is taken from now on.
  void sent(Mark mark);
  // A ping is wanted whether or not there is something to confirm: the link is silent.
  void want() { wanted_ = true; }
  // When the next ping may go; nothing if none is wanted or one is in flight.
  [[nodiscard]] std::optional<MonoTime> due() const;
  // The next ping as XML, if it is due at `now`; the caller writes it at once.
  [[nodiscard]] std::optional<std::string> take(MonoTime now);

  // An iq from our own domain with this id has come: the highest mark that is confirmed now, or
  // nothing if it is none of our pings. An error confirms as well: the host has read the ping.
  [[nodiscard]] std::optional<Mark> answered(std::string_view id);
  [[nodiscard]] Mark confirmed() const { return confirmed_; }

  // How long the ping in flight has been waited for; nothing if none is.
  [[nodiscard]] std::optional<Millis> waiting(MonoTime now) const;
  // Another ping may go though one is in flight; should that one come back late, it still counts.
  void give_up();

 private:
  struct Flight {
    std::string id;
    Mark covers = 0;
    MonoTime since;
  };
  std::string domain_;
  Random& random_;
  Mark sent_ = 0;
  Mark confirmed_ = 0;
  bool wanted_ = false;
  std::optional<MonoTime> last_;
  std::optional<Flight> flight_;
  std::optional<Flight> given_up_;  // the last one
};

}  // namespace hansa::stream
