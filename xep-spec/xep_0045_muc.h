#pragma once
// XEP-0045 Multi-User Chat: its words on the wire. Affiliations and roles are texts here; what they
// mean is decided in modules/rooms.
// Supported: 1.35.5, as [xep-0045.md](xep-0045.md) lists it

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "xmpp/element.h"
#include "xmpp/jid.h"
#include "xmpp/writer.h"

namespace hansa::xep_0045 {

inline constexpr std::string_view kNs = "http://jabber.org/protocol/muc";
inline constexpr std::string_view kNsUser = "http://jabber.org/protocol/muc#user";
inline constexpr std::string_view kNsAdmin = "http://jabber.org/protocol/muc#admin";
inline constexpr std::string_view kNsOwner = "http://jabber.org/protocol/muc#owner";
inline constexpr std::string_view kFormConfig = "http://jabber.org/protocol/muc#roomconfig";
inline constexpr std::string_view kFormInfo = "http://jabber.org/protocol/muc#roominfo";
inline constexpr std::string_view kFormRequest = "http://jabber.org/protocol/muc#request";
inline constexpr std::string_view kFormRegister = "http://jabber.org/protocol/muc#register";
inline constexpr std::string_view kNodeTraffic = "http://jabber.org/protocol/muc#traffic";
inline constexpr std::string_view kNodeReservedNick = "x-roomuser-item";
inline constexpr std::string_view kFeatureStableId = "http://jabber.org/protocol/muc#stable_id";
inline constexpr std::array<std::string_view, 2> kFeatures = {kNs, kFeatureStableId};

// Status codes (§15.6.2).
namespace status {
inline constexpr int kNonanonymous = 100;
inline constexpr int kAffiliationChanged = 101;
inline constexpr int kConfigChanged = 104;
inline constexpr int kSelf = 110;
inline constexpr int kLogged = 170;  // at a join: what is said is published
inline constexpr int kLoggingEnabled = 170;
inline constexpr int kLoggingDisabled = 171;
inline constexpr int kNowNonanonymous = 172;
inline constexpr int kNowSemianonymous = 173;
inline constexpr int kCreated = 201;
inline constexpr int kNickAssigned = 210;
inline constexpr int kBanned = 301;
inline constexpr int kNickChanged = 303;
inline constexpr int kKicked = 307;
inline constexpr int kNoLongerMember = 321;
inline constexpr int kNowMembersOnly = 322;
inline constexpr int kShutdown = 332;
inline constexpr int kTechnical = 333;
}  // namespace status

// <history/> of a join (§7.2.13). Attributes that cannot be read are as if they were absent.
struct History {
  std::optional<std::uint64_t> maxchars;
  std::optional<std::uint64_t> maxstanzas;
  std::optional<std::uint64_t> seconds;
  std::optional<WallTime> since;
};

// <x xmlns=muc/> of a join (§7.2.1).
struct Join {
  std::string password;
  std::optional<History> history;  // nothing: no attribute was given
};
// From the children of a presence; nothing if it is no join.
[[nodiscard]] std::optional<Join> parse_join(const xmpp::Element& presence);
// <x xmlns=muc/> of a join of ours.
void write(xmpp::Writer& writer, const Join& join);
// The empty <x xmlns=muc/> that errors to a refused join echo.
[[nodiscard]] std::string join_echo();

// <item/> of muc#user and muc#admin; empty texts are not written.
struct Item {
  std::string affiliation;
  std::string role;
  std::string jid;
  std::string nick;
  std::string actor;  // nick of whoever did it
  std::string reason;
  std::string more = {};  // what other specifications put into it, as XML (written, not read)
};

struct Destroy {
  std::string jid;  // of another venue
  std::string password;
  std::string reason;
};

// A mediated invitation, or its decline (§7.8.2). Asked of the room it has `to`, from it `from`.
struct Invite {
  std::string to;
  std::string from;
  std::string reason;
  bool continues = false;  // §7.9
  std::string thread;
};

// <x xmlns=muc#user/>.
struct User {
  std::optional<Item> item;
  std::vector<int> status;
  std::vector<Invite> invites;
  std::optional<Invite> decline;
  std::optional<Destroy> destroy;
  std::string password;
  std::string more = {};  // what other specifications put into it, as XML (written, not read)
};
[[nodiscard]] std::optional<User> parse_user(const xmpp::Element& x);
void write(xmpp::Writer& writer, const User& user);

// The items of a muc#admin query; nothing if it is none.
[[nodiscard]] std::optional<std::vector<Item>> parse_admin(const xmpp::Element& query);
void write_admin(xmpp::Writer& writer, const std::vector<Item>& items);

// <destroy/> of a muc#owner query.
[[nodiscard]] std::optional<Destroy> parse_destroy(const xmpp::Element& query);

}  // namespace hansa::xep_0045
