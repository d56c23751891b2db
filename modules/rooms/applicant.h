#pragma once
// Who asks to become a member: a person, or a room (applications.h). Part of rooms.h.

#include <string>

#include "base/clock.h"
#include "modules/rooms/member_list.h"
#include "xmpp/jid.h"

namespace hansa::rooms {

// What rooms may do that are its members (requirement A6).
enum class RoomsMay : std::uint8_t { join_not = 1, listen = 2, speak = 3 };

// Somebody who has asked to become a member (applications.h); a note.
struct Application {
  std::string nick;   // that he would like; may be empty
  std::string text;   // what he said of himself
  std::string token;  // of the question's address
  WallTime asked;
  bool answered = false;
  // Of a room (requirement A6): its name, the member who asked, and the request's id.
  MemberKind kind = MemberKind::person;
  std::string name;
  std::string asker;
  std::string request;
  bool accepted = false;  // if answered
};

// A room would like to become a member.
struct RoomRequest {
  xmpp::Jid identity;  // bare
  xmpp::Jid room;      // its own address
};

}  // namespace hansa::rooms
