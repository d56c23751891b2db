#include "tests/sim/links/cells.h"

#include <array>

#include "tests/sim/links/faults.h"

namespace hansa::sim::links {
namespace {

// What a batch holds: entries by kind, and notes.
constexpr std::array<std::string_view, 13> kWritten = {
    "created", "enterprise", "epoch",   "gap",  "list page", "message", "motion",
    "notes",   "operation",  "ordered", "poll", "refused",   "welcomed"};

// What a frame is about: an item that it brings, or what it is itself.
constexpr std::array<std::string_view, 28> kFrames = {
    "again",        "buckets",    "clear",  "create",  "created", "differ",    "directed",
    "directed-ack", "enterprise", "epoch",  "fetch",   "gap",     "have",      "hello",
    "list",         "message",    "motion", "next",    "offered", "operation", "ordered",
    "passing",      "past",       "poll",   "problem", "refused", "rooms",     "welcome"};

constexpr std::array<Never, 8> kNever = {{
    {"", "gap",
     "once in 1,500 histories: a number is lost at every party only when the one node that had it "
     "is restored, and another item of that time survives elsewhere"},
    {"", "next", "there are fewer rooms than a page of them takes"},
    {"restore of hub", "created", "a hub is not restored from before a room was made"},
    {"restore of hub", "list page", "nodes fetch lists, a hub has its own"},
    {"restore of hub", "ordered", "a hub has items in their order from the first"},
    {"restore of hub", "welcomed", "a hub is welcomed by nobody"},
    {"restore of hub", "notes", "what a restore takes away is counted by entry"},
    {"restore of node", "notes", "what a restore takes away is counted by entry"},
}};

constexpr std::array<std::string_view, 1> kErasure = {"erasure"};
constexpr std::array<std::string_view, 3> kErasureFrames = {"erasure", "ordered", "create"};
constexpr std::array<std::string_view, 2> kLost = {"created", "far back"};

std::vector<std::string> at_disks() {
  std::vector<std::string> names = fault_names();
  for (const char* fate : {"conflict", "unknown", "refused", "restore of hub", "restore of node"}) {
    names.emplace_back(fate);
  }
  return names;
}

}  // namespace

Goal goal() { return {20'000, {{at_disks(), kWritten}, {{"again", "lost"}, kFrames}}, kNever}; }

Goal deep_goal() {
  return {
      2'000,
      {{at_disks(), kErasure}, {{"again", "lost"}, kErasureFrames}, {{"restore of hub"}, kLost}},
      {}};
}

}  // namespace hansa::sim::links
