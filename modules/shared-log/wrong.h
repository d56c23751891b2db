#pragma once
// Faults that can be planted, so that the simulator is seen to find them. All false in a program.

namespace hansa::shared_log {

struct Wrong {
  bool skip_repeats = false;        // repeats are not dropped by their origin
  bool ignore_version = false;      // list operations are applied at whatever version they come
  bool out_of_order = false;        // a gap in the sequence is passed over
  bool ack_early = false;           // «have» leaves before what it acknowledges is durable
  bool accept_unsigned = false;     // signatures are not looked at
  bool tell_no_gaps = false;        // numbers that nobody has are not reported
  bool digest_without_key = false;  // digests of different epochs are compared
};

}  // namespace hansa::shared_log
