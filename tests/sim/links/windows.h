#pragma once
// What is in flight on a link stays within its window, in each room and direction: frames that were
// written and that the other end has not acknowledged by a frame of its own.

#include <map>
#include <set>
#include <string>

#include "tests/sim/judge.h"
#include "tests/sim/links/cable.h"
#include "xep-spec/shared_rooms.h"

namespace hansa::sim::links {

class Windows {
 public:
  Windows(Judge& judge, std::string link, std::size_t window)
      : judge_(judge), link_(std::move(link)), window_(window) {}
  void passes(Cable::End from, const xep_shared_rooms::Frame& frame);
  // Of the connection before; what it acknowledges counts.
  void comes_again(Cable::End from, const xep_shared_rooms::Frame& frame);
  void cut() { rooms_.clear(); }

 private:
  struct Room {
    std::set<xep_shared_rooms::Origin> up;
    std::set<xep_shared_rooms::Origin> answered;  // what comes again of these is not in flight
    std::set<xep_shared_rooms::Version> down;
    xep_shared_rooms::Version acknowledged;
    std::set<xep_shared_rooms::Version> epochs;
    void answer(const xep_shared_rooms::Origin& origin) {
      up.erase(origin);
      answered.insert(origin);
    }
    void begin_up() {
      up.clear();
      answered.clear();
    }
  };
  void up(const xep_shared_rooms::Frame& frame);
  void down(const xep_shared_rooms::Frame& frame);

  Judge& judge_;
  std::string link_;
  std::size_t window_;
  std::map<std::string, Room> rooms_;  // by log id
};

}  // namespace hansa::sim::links
