#pragma once
// What a conversation knows of its place in a peer that is a room: what its members wished for (a
// nick, a password, to ask), how far a request has come, how far the peer's log was heard. A fold
// of notes; beside it, gone with the process, the questions that are out.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/rare.h"
#include "engine/facet.h"
#include "xep-spec/act_as_rooms.h"
#include "xmpp/stanza.h"

namespace hansa::act_as {

// Notes of a conversation with a room:
//   act-as/join   wish and step
//   act-as/heard  log and position of the peer's room (a Hansa room) up to which all was heard
//   act-as/last   the id that the peer's room gave to what was heard last (any other room)
inline constexpr std::string_view kJoinNote = "act-as/join";
inline constexpr std::string_view kHeardNote = "act-as/heard";
inline constexpr std::string_view kLastNote = "act-as/last";

enum class Step : std::uint8_t {
  direct = 0,    // it simply enters: a room that knows nothing of requests
  unasked = 1,   // a request is needed, and nobody has agreed to be named in it
  asking = 2,    // the request is on its way
  pending = 3,   // it waits for an answer there
  member = 4,    // accepted
  out = 5,       // refused, left or removed: nothing happens by itself
  leaving = 6,   // the other side is still to be told
  applying = 7,  // any other room: only members may enter, and it has asked to become one
};

struct Wish {
  Step step = Step::direct;
  bool hansa = false;    // the peer announced the extension
  bool archive = false;  // it announced an archive (XEP-0313)
  bool again = false;    // it may enter although it was out for good
  bool was_in = false;
  bool named = false;   // the member agreed that his address is named
  std::string request;  // id of the request
  std::string member;   // bare: who asked
  std::string nick;
  std::string password;
  std::string reason;
  std::string name;  // of the acting room, when he asked
  // It did not announce that it names occupants (XEP-0421): what looks like it is theirs to invent.
  bool no_ids = false;
  bool operator==(const Wish&) const = default;
};

class Tie final : public engine::Facet {
 public:
  [[nodiscard]] const Wish& wish() const { return state_->wish; }
  [[nodiscard]] const xep_act_as::Heard& heard() const { return state_->heard; }
  [[nodiscard]] const std::string& last() const { return state_->last; }

  // Not durable.
  struct Now {
    std::string query_id;            // of the question to the peer's room that is out
    std::string archive_id;          // of the query for what was missed
    bool no_archive = false;         // it did not answer as one
    std::vector<xmpp::Stanza> held;  // what was said live meanwhile
    bool replaying = false;
  };
  [[nodiscard]] Now& now() { return state_.use().now; }
  [[nodiscard]] const Now& now() const { return state_->now; }

  void apply(const engine::Entry& entry) override;
  void apply_note(std::string_view key, const std::optional<std::string>& value) override;
  void collect_records(std::vector<storage::Change>&) override {}
  void apply_record(std::string_view, std::string_view) override {}

 private:
  struct State {
    Wish wish;
    xep_act_as::Heard heard;
    std::string last;
    Now now;
  };
  Rare<State> state_;  // most rooms are no conversation with a room
};

// What was missed is read from the peer's archive.
[[nodiscard]] inline bool asks_archive(const Tie& tie) {
  return tie.wish().archive && !tie.now().no_archive && !tie.last().empty();
}
[[nodiscard]] std::string write_wish(const Wish& wish);
[[nodiscard]] std::string write_heard(const xep_act_as::Heard& heard);

// How a conversation with a room stands, for lists: of an answer to kAskTie.
inline constexpr std::string_view kAskTie = "act-as:tie";
[[nodiscard]] std::string_view state_of(Step step, bool in);

}  // namespace hansa::act_as
