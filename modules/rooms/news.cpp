#include "modules/rooms/news.h"

#include "modules/rooms/speech.h"
#include "xep-spec/xep_0045_muc.h"

namespace hansa::rooms {

void tell_changed(engine::RoomTurn& turn) {
  Message message;
  message.from_room = true;
  xep_0045::User user;
  user.status = {xep_0045::status::kConfigChanged};
  xmpp::Writer writer(message.content);
  xep_0045::write(writer, user);
  say_live(turn, std::move(message));
}

}  // namespace hansa::rooms
