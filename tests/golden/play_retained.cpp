// A room that keeps what is said for an hour, and its entries for a day.

#include "tests/golden/play.h"

namespace hansa::golden {
namespace {

constexpr Millis kHour{3600 * 1000};

void says(Node& node, const std::string& id, const std::string& content) {
  node.says("<message type='groupchat' from='alice@a.example/1' to='" + std::string(kRoom) +
            "' id='" + id + "'>" + content + "</message>");
  node.advance(Millis(700));
}

void retains(Node& node) {
  node.says("<iq type='set' id='r' from='alice@a.example/1' to='" + std::string(kRoom) +
            "'><retain xmlns='golden'/></iq>");
  node.advance(Millis(700));
}

}  // namespace

void play_retained(Node& node) {
  node.found_support();
  says(node, "m1", "<body>Dropped</body>");
  node.advance(24 * kHour);
  says(node, "m2", "<body>Erased</body>");
  says(node, "s1", "<subject>Tea</subject>");
  node.makes_member("zoe@a.example");
  node.advance(kHour);
  says(node, "m3", "<body>Kept</body>");
  retains(node);
  retains(node);
  node.advance(Millis(5'000));
  node.crash();
}

}  // namespace hansa::golden
