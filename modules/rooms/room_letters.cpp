#include "modules/rooms/room_letters.h"

#include "xep-spec/xep_0045_muc.h"
#include "xep-spec/xep_0249_direct_invitation.h"

namespace hansa::rooms {
namespace {

constexpr std::size_t kIdLength = 26;

void write_to(engine::RoomTurn& turn, std::string_view type, const std::string& from,
              const std::string& to, std::string_view text, std::string_view content) {
  std::string inside;
  xmpp::Writer(inside).open("body").text(text).close();
  inside += content;
  std::string stanza;
  xmpp::write_stanza(stanza,
                     {.kind = xmpp::StanzaKind::message,
                      .type = type,
                      .from = from,
                      .to = to,
                      .id = random_token(turn.random(), kIdLength),
                      .lang = {}},
                     inside);
  turn.send(std::move(stanza));
}

}  // namespace

std::string display_name(const engine::RoomState& room) {
  const std::string& name = room.get<Room>().config().name;
  const std::string& address = room.address().text();
  return name.empty() ? address : "«" + name + "» (" + address + ")";
}

void send_letter(engine::RoomTurn& turn, const std::string& to, std::string_view text,
                 std::string_view content) {
  write_to(turn, {}, turn.room().address().text(), to, text, content);
}

void send_notice(engine::RoomTurn& turn, const xmpp::Jid& to, std::string_view text) {
  write_to(turn, "groupchat", turn.room().address().text(), to.text(), text, {});
}

void send_chat(engine::RoomTurn& turn, const std::string& from, const std::string& to,
               std::string_view text) {
  write_to(turn, "chat", from, to, text, {});
}

std::string invitation_content(const engine::RoomState& room, std::string_view inviter) {
  const std::string& password = room.get<Room>().config().password;
  std::string content;
  xmpp::Writer writer(content);
  if (!inviter.empty()) {
    xep_0045::User user;
    user.invites.emplace_back().from = inviter;
    user.password = password;
    xep_0045::write(writer, user);
  }
  xep_0249::write(writer, {room.address(), password, {}});
  return content;
}

}  // namespace hansa::rooms
