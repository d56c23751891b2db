// A conversation whose settings are noted: it has no creator, and so no record of them.

#include "tests/golden/play.h"

namespace hansa::golden {

void play_conversation(Node& node) {
  node.found_support();
  node.opens("bob@b.example", "May we help?");
  node.is_person("bob@b.example");
  node.advance(Millis(5'000));
  node.crash();
}

}  // namespace hansa::golden
