#pragma once
// What a room's owners decide about acting as it, and how it appears outside. Part of rooms.h.

#include <cstdint>

namespace hansa::rooms {

// Who may act as the room (requirement A+). `chosen`: its owners, and the members to whom one of
// them gave the right.
enum class MayAct : std::uint8_t { owners = 1, admins = 2, members = 3, chosen = 4 };
// Who may correct and take back what somebody else said as the room, besides its author.
enum class MayChange : std::uint8_t { author = 0, admins = 1, all = 2 };
// How the text of a note begins that stays inside a conversation: «note:», «!», «#», or none does.
enum class NoteMark : std::uint8_t { word = 0, bang = 1, hash = 2, none = 3 };

// How a room appears to those outside with whom it is in conversation (protocol §4).
struct Outward {
  MayAct persons = MayAct::members;  // who may act, towards persons and towards rooms
  MayAct rooms = MayAct::members;
  MayChange change = MayChange::author;
  NoteMark note = NoteMark::word;
  bool invite = true;     // members who are absent are sent an invitation to a conversation
  bool announce = true;   // those who are in the room are told of it by a line
  bool subscribe = true;  // whoever asks for the identity's presence gets it
  bool available = true;  // and is told that it is there, always
  bool states = false;    // chat states and displayed markers leave, unnamed and held back
  bool operator==(const Outward&) const = default;
};

}  // namespace hansa::rooms
