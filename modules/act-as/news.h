#pragma once
// News of a conversation to the acting room's members (requirements A9 to A11): on its first entry,
// and when the peer writes. The conversation tells the acting room by letter who is in it; the
// acting room writes down whom it tells, invites them (XEP-0249, type normal: their hosts keep it
// for them) and says one line to those who are in. A member has at most one invitation that he did
// not follow: who is told again was in the conversation since.
//
// Invitations leave through a follower of the acting room, so that none is lost in a crash and a
// repeated one has the same id.

#include <functional>
#include <map>
#include <set>
#include <string>

#include "base/rare.h"
#include "engine/turn.h"
#include "modules/act-as/entries.h"
#include "modules/act-as/parts.h"

namespace hansa::act_as {

inline constexpr std::string_view kNewsLetter = "act-as:news";

inline constexpr std::string_view kSubscriberNote = "act-as/subscriber/";

// What a room knows of acting: where each of its conversations last had news, and who outside has
// subscribed to its identity's presence.
class Acting final : public engine::Facet {
 public:
  [[nodiscard]] engine::Position last_news(const xmpp::Jid& conversation) const;
  [[nodiscard]] bool any() const { return !last_news_->empty(); }
  [[nodiscard]] bool lag_noted() const { return lag_noted_; }
  bool lag_looked = false;
  [[nodiscard]] const std::set<std::string, std::less<>>& subscribers() const {
    return *subscribers_;
  }

  void apply(const engine::Entry& entry) override;
  void apply_note(std::string_view key, const std::optional<std::string>& value) override;
  void collect_records(std::vector<storage::Change>& out) override;
  void apply_record(std::string_view key, std::string_view value) override;

 private:
  Rare<std::map<std::string, engine::Position>> last_news_;  // by the conversation's address
  Rare<std::map<std::string, engine::Position>> changed_;
  Rare<std::set<std::string, std::less<>>> subscribers_;  // bare JIDs
  bool lag_noted_ = false;
};

// The invitations that an entry `conversation` stands for. The follower's address is the room's
// own, from which they are sent.
class InvitationDelivery final : public engine::Delivery {
 public:
  [[nodiscard]] std::optional<engine::Encoded> encode(const engine::RoomState& room,
                                                      const engine::Entry& entry,
                                                      bool late) const override;
};

class News {
 public:
  explicit News(const Parts& parts) : parts_(parts) {}

  // In the conversation, after an entry. `opened`: it waited for no answer before.
  void tell(engine::RoomTurn& turn, bool was_answered);
  // In the acting room.
  void on_letter(engine::RoomTurn& turn, const engine::Letter& letter);
  void resume(engine::RoomTurn& turn);
  void on_wake(engine::RoomTurn& turn);

 private:
  void follow(engine::RoomTurn& turn);
  const Parts& parts_;
  InvitationDelivery invitations_;
};

}  // namespace hansa::act_as
