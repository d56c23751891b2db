#pragma once
// What a room knows of itself as a conversation (protocol §4): whose, with whom, what the peer is,
// how far what was said has crossed. A fold of its entries and notes, and beside it, gone with the
// process, how the exchange stands at this moment (Exchange).

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/line.h"
#include "base/rare.h"
#include "engine/facet.h"
#include "modules/act-as/entries.h"
#include "modules/act-as/rights.h"

namespace hansa::act_as {

// Notes of a conversation:
//   act-as/lag          something is not confirmed by the peer's side: the shard's index has a key
//   act-as/told         position at which the acting room was last told of news
//   act-as/sid/<slot>   id that the peer's room gave to one of our entries
inline constexpr std::string_view kLagNote = "act-as/lag";
inline constexpr std::string_view kToldNote = "act-as/told";
inline constexpr std::string_view kSidNote = "act-as/sid/";

enum class Presence : std::uint8_t { away, joining, in, waiting };

// Not durable: made anew when the room is loaded.
struct Exchange {
  std::string query_id;                // of the disco#info query that is out
  bool second_look = false;            // it goes to his service
  bool links_looked = false;           // a link came up, and what follows from it is due
  bool lag_looked = false;             // a look at what is confirmed is due
  Presence presence = Presence::away;  // in the peer's room
  std::string nick;                    // ours there
  bool nick_retried = false;
  std::uint64_t attempt = 0;  // a wake of an earlier join means nothing
  MonoTime heard{};           // last sign of life of the peer's room
  // It cannot be reached: whether that was said, when last, and that something waits for it.
  bool lost_told = false;
  bool waits_told = false;
  std::optional<MonoTime> lost_at;
  std::string ping_id;
  std::int64_t backoff_ms = 0;
  // Chat states and markers (states.h): whether they may leave, and the peer's client has them.
  bool states = false;
  bool peer_states = false;
  bool composing = false;       // a member is
  bool composing_sent = false;  // the peer was told so
  bool state_looked = false;    // a look at it is due
  bool marker_looked = false;
  MonoTime composed{};     // last sign of it
  MonoTime state_since{};  // since when he was told the state; none yet: state_told is false
  bool state_told = false;
  engine::Position displayed = 0;
  struct Marker {
    std::string id;  // of what was displayed, at the peer
    MonoTime since;
  };
  std::vector<Marker> markers;  // held, oldest first
  // Rate of the peer's messages: what is left of the burst, and since when.
  double allowance = -1;
  MonoTime allowance_at{};
};

class Conversation final : public engine::Facet {
 public:
  [[nodiscard]] bool opened() const { return opened_at() != 0; }
  [[nodiscard]] engine::Position opened_at() const { return talk_->opened_at; }
  [[nodiscard]] const Opened& about() const { return talk_->about; }
  [[nodiscard]] PeerKind peer_kind() const { return talk_->kind; }
  // He was taken for a person because nobody said what he is, and has said nothing himself.
  [[nodiscard]] bool is_guessed() const { return talk_->guessed && talk_->last_heard.ms == 0; }
  // Somebody in a room, written to alone, is a matter of that room.
  [[nodiscard]] Towards towards() const {
    const xmpp::Jid& peer = talk_->about.peer;
    return {std::string(peer.bare_text()), peer.is_bare() ? talk_->kind : PeerKind::room,
            talk_->about.log};
  }
  // In the peer's room, or out of it for good; nothing: never tried to the end.
  [[nodiscard]] const std::optional<PeerJoined>& joined() const { return talk_->joined; }
  // All that was said up to there has crossed, or was refused.
  [[nodiscard]] engine::Position crossed_until() const { return talk_->crossed_until; }
  [[nodiscard]] bool has_crossed(engine::Position position) const {
    return position <= talk_->crossed_until || talk_->crossed_beyond.contains(position);
  }
  // That one has: up to where have all, if those that are pending have not?
  [[nodiscard]] engine::Position crossed_with(engine::Position position) const;
  [[nodiscard]] bool unanswered() const { return talk_->unanswered; }
  [[nodiscard]] WallTime last_heard() const { return talk_->last_heard; }  // of the peer, its stamp
  [[nodiscard]] bool lag_noted() const { return talk_->lag_noted; }
  [[nodiscard]] engine::Position told() const { return talk_->told; }

  // What members have made of it.
  [[nodiscard]] bool closed() const { return talk_->closed; }
  [[nodiscard]] bool blocked() const { return talk_->blocked; }
  [[nodiscard]] bool muted() const { return talk_->muted; }
  [[nodiscard]] const std::string& assigned() const { return talk_->assigned; }

  // Said by us to a room (or to whom we do not know yet) and not seen there, oldest first; bounded.
  struct Pending {
    engine::Position position;
    std::string id;  // outgoing
    MonoTime since;  // 0: not known (it was there when the room was loaded)
  };
  [[nodiscard]] Line<Pending>& pending() { return talk_.use().pending; }
  // After loading: pending, from the newest entries.
  void recall(const std::vector<engine::EntryPtr>& tail);
  // Id at the peer's side of what we said under that stanza id of ours.
  [[nodiscard]] std::string outgoing_id(std::string_view stanza_id) const {
    return derived_id(about().secret, stanza_id);
  }
  // Ids that the peer's room gave, of the last limits::kCrossingIds.
  [[nodiscard]] std::string_view sid_at(engine::Position position) const;
  [[nodiscard]] engine::Position position_of(std::string_view sid) const;  // 0: not known

  [[nodiscard]] Exchange& now() { return talk_.use().now; }
  [[nodiscard]] const Exchange& now() const { return talk_->now; }

  void apply(const engine::Entry& entry) override;
  void apply_note(std::string_view key, const std::optional<std::string>& value) override;
  void collect_records(std::vector<storage::Change>& out) override;
  void apply_record(std::string_view key, std::string_view value) override;

 private:
  // Most rooms are none.
  struct Talk {
    Opened about;
    engine::Position opened_at = 0;
    PeerKind kind = PeerKind::unknown;
    bool guessed = false;
    std::optional<PeerJoined> joined;
    engine::Position crossed_until = 0;
    std::set<engine::Position> crossed_beyond;  // while an earlier one is pending
    bool unanswered = false;
    bool closed = false;
    bool blocked = false;
    bool muted = false;
    std::string assigned;  // bare JID
    WallTime last_heard;
    bool lag_noted = false;
    engine::Position told = 0;
    std::vector<std::pair<engine::Position, std::string>> sids;
    Line<Pending> pending;
    Exchange now;
  };
  void apply_message(const engine::Entry& entry);
  void apply_crossed(const Crossed& crossed);
  void apply_change(const TalkChange& change);
  Rare<Talk> talk_;
  bool changed_ = false;
};

[[nodiscard]] std::string sid_note_key(engine::Position position);
[[nodiscard]] std::string sid_note(engine::Position position, std::string_view sid);

}  // namespace hansa::act_as
