// The local part of an entry (true speaker, real addresses of our own people) is kept from whoever
// writes for a link by its type (design §3): what does not compile cannot leak.

#include <concepts>
#include <string>
#include <type_traits>

#include <doctest/doctest.h>

#include "engine/follower.h"
#include "modules/act-as/delivery.h"
#include "modules/hub/parts.h"
#include "modules/rooms/entries.h"
#include "modules/rooms/member_rooms.h"
#include "modules/rooms/rooms.h"
#include "modules/shared-rooms/parts.h"

using namespace hansa;

namespace {

template <typename T>
concept HasLocalPart = requires(const T& entry) { entry.local; };

static_assert(HasLocalPart<engine::Entry>);
static_assert(!HasLocalPart<engine::SharedEntry>);
static_assert(!std::is_convertible_v<const engine::SharedEntry&, const engine::Entry&>);

template <typename T>
constexpr bool writes_for_a_link = std::derived_from<T, engine::LinkDelivery>;

static_assert(writes_for_a_link<hub::ToLink>);
static_assert(writes_for_a_link<shared_rooms::ToHub>);
static_assert(writes_for_a_link<rooms::MemberRoomDelivery>);
static_assert(writes_for_a_link<act_as::PeerDelivery>);
static_assert(!writes_for_a_link<shared_rooms::ToPeople>);

}  // namespace

TEST_CASE("link writers: what they read of a message has no speaker") {
  engine::Entry entry;
  rooms::Message said;
  said.nick = "alice";
  said.content = "<body>Good morning</body>";
  said.speaker = xmpp::Jid::parse("alice@a.example/x").value();
  entry.shared = rooms::write_message(said);
  entry.local = rooms::write_speaker(said);
  CHECK(rooms::read_message(entry).speaker == said.speaker);
  const engine::SharedEntry& crossing = entry;
  const rooms::Message read = rooms::read_message(crossing);
  CHECK(read.content == said.content);
  CHECK(read.speaker == xmpp::Jid());
}
