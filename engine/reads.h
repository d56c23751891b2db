#pragma once
// Answers of the reads of one turn, by key, kept from round to round (turn.h). Private to engine/.

#include <map>
#include <string>
#include <vector>

#include "engine/turn.h"

namespace hansa::engine {

struct Reads {
  std::map<std::string, Answer> answers;
  std::map<std::string, Result<std::vector<storage::KeyValue>>> ranges;
  std::map<std::string, Result<std::vector<EntryPtr>>> pages;
  std::size_t open = 0;    // asked and not answered
  std::size_t rounds = 0;  // times the handler was run
  std::uint64_t trace = 0;
};

// One read that a round asked for; `key` is where its answer goes.
struct Wanted {
  enum class Kind { question, index, rooms, page } kind = Kind::question;
  std::string key;
  Question question;      // question, page (room)
  std::string from;       // index, rooms
  std::string to;         // index
  std::size_t most = 0;   // index, rooms: keys; page: bytes
  Position position = 0;  // page
};

}  // namespace hansa::engine
