#pragma once
// What a room knows of acting, as a fold of its entries and notes: to whom the right to act was
// given, where each of its conversations last had news, and who outside has subscribed to its
// identity's presence. Owned by the room.

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/rare.h"
#include "engine/facet.h"
#include "modules/act-as/entries.h"

namespace hansa::act_as {

inline constexpr std::string_view kSubscriberNote = "act-as/subscriber/";
inline constexpr std::string_view kSubscriberBlocked = "blocked";  // he is told nothing (XEP-0191)

class Acting final : public engine::Facet {
 public:
  [[nodiscard]] engine::Position last_news(const xmpp::Jid& conversation) const;
  [[nodiscard]] bool any() const { return !last_news_->empty(); }
  // By address.
  void each_conversation(const std::function<void(const std::string&)>& run) const {
    for (const auto& [address, position] : *last_news_) run(address);
  }
  [[nodiscard]] bool lag_noted() const { return lag_noted_; }
  bool lag_looked = false;
  [[nodiscard]] const std::set<std::string, std::less<>>& subscribers() const {
    return *subscribers_;
  }
  [[nodiscard]] std::vector<std::string> told_subscribers() const;  // all but who is blocked
  // By member and peer, as given: whether they still hold is for who asks.
  [[nodiscard]] const std::map<std::string, Grant, std::less<>>& grants() const { return *grants_; }
  [[nodiscard]] std::vector<Grant> grants_of(std::string_view member) const;

  void apply(const engine::Entry& entry) override;
  void apply_note(std::string_view key, const std::optional<std::string>& value) override;
  void collect_records(std::vector<storage::Change>& out) override;
  void apply_record(std::string_view key, std::string_view value) override;

 private:
  void apply_grant(Grant grant);
  Rare<std::map<std::string, engine::Position>> last_news_;  // by the conversation's address
  Rare<std::set<std::string, std::less<>>> subscribers_;     // bare JIDs
  Rare<std::set<std::string, std::less<>>> blocked_;         // of them
  Rare<std::map<std::string, Grant, std::less<>>> grants_;   // by member '/' peer
  Rare<std::set<std::string>> dirty_;                        // record keys
  bool lag_noted_ = false;
};

inline constexpr std::string_view kNewsLagNote = "act-as/news-lag";

}  // namespace hansa::act_as
