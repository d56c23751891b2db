#pragma once
// What a room has beside XEP-0045, as a fold of its entries: the hashes of its avatar (XEP-0486),
// its hats and who wears them (XEP-0317), who left its member list lately (XEP-0463), and who was
// invited lately. Part of Room.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/rare.h"
#include "engine/facet.h"
#include "xep-spec/xep_0317_hats.h"

namespace hansa::rooms {

using Hat = xep_0317::Hat;

// What an entry `hats` says.
struct HatChange {
  enum class What : std::uint8_t { made = 1, destroyed = 2, given = 3, taken = 4 };
  What what = What::made;
  Hat hat;           // its uri alone, but for `made`
  std::string bare;  // who, for `given` and `taken`
};
[[nodiscard]] engine::SharedPart write_hat_change(const HatChange& change);
// An entry `profile`: the hashes of the card's photos, and the card.
[[nodiscard]] engine::SharedPart write_profile(const std::vector<std::string>& hashes,
                                               std::string_view card);
// Index: → the card itself, as XML.
[[nodiscard]] std::string card_key(std::string_view log_id);

// Notes, not records: old logs are folded as ever. A removed member → the position of that change;
// and from where on all of these are there.
inline constexpr std::string_view kLeftNote = "left/";
inline constexpr std::string_view kListNote = "list-known";

// An invitation that went out: when, and under which id.
struct Invited {
  WallTime when;
  std::string id;
};
[[nodiscard]] std::string write_invited(const Invited& invited);

class Extras {
 public:
  [[nodiscard]] const std::vector<std::string>& avatar() const { return *avatar_; }
  [[nodiscard]] const std::map<std::string, Hat, std::less<>>& hats() const { return *hats_; }
  [[nodiscard]] const std::map<std::string, std::set<std::string>, std::less<>>& worn() const {
    return *worn_;
  }
  [[nodiscard]] std::vector<Hat> hats_of(std::string_view bare) const;
  // Who is on no list any more, with the position of that change: all since forgotten().
  [[nodiscard]] const std::map<std::string, engine::Position, std::less<>>& removed() const {
    return *removed_;
  }
  // Position of the latest change of the member list; 0: none was seen.
  [[nodiscard]] engine::Position list_version() const { return list_version_; }
  // Who was removed is known from here on: whoever asks for what was before is told all.
  [[nodiscard]] bool is_tracked() const { return tracked_.has_value(); }
  [[nodiscard]] engine::Position forgotten() const { return tracked_.value_or(list_version_); }

  // Who was invited, and has neither come nor declined: by «invitee/inviter», bare JIDs.
  [[nodiscard]] const std::map<std::string, Invited, std::less<>>& invited() const {
    return *invited_;
  }
  // When somebody last said something (XEP-0500). No part of the fold.
  [[nodiscard]] std::map<std::string, MonoTime, std::less<>>& spoke() { return spoke_.use(); }
  [[nodiscard]] const std::map<std::string, MonoTime, std::less<>>& spoke() const {
    return *spoke_;
  }

  void apply(const engine::Entry& entry);
  void apply_note(std::string_view key, const std::optional<std::string>& value);
  // The member list changed at that position.
  void seen_change(engine::Position position);
  void clear();
  void shed();  // memory of what is empty
  void collect_records(std::vector<storage::Change>& out);
  void apply_record(std::string_view key, std::string_view value);

 private:
  void apply_hats(const HatChange& change);
  [[nodiscard]] std::optional<std::string> record(std::string_view key) const;
  Rare<std::vector<std::string>> avatar_;
  Rare<std::map<std::string, Hat, std::less<>>> hats_;                    // by uri
  Rare<std::map<std::string, std::set<std::string>, std::less<>>> worn_;  // by bare JID: uris
  Rare<std::map<std::string, engine::Position, std::less<>>> removed_;    // by bare JID
  Rare<std::map<std::string, Invited, std::less<>>> invited_;
  engine::Position list_version_ = 0;
  std::optional<engine::Position> tracked_;
  Rare<std::set<std::string>> dirty_;  // record keys
  Rare<std::map<std::string, MonoTime, std::less<>>> spoke_;
};

}  // namespace hansa::rooms
