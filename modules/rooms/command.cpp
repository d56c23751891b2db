#include "modules/rooms/command.h"

namespace hansa::rooms {
namespace {

constexpr std::size_t kSessionCharacters = 16;

}  // namespace

void offer(engine::ServiceTurn& turn, std::string_view node, xep_0004::Form form) {
  form.type = "form";
  const std::string session = random_token(turn.random(), kSessionCharacters);
  turn.reply(xmpp::written(xep_0050::ask(node, session, std::move(form))));
}

void refuse_form(engine::Turn& turn, std::string text) {
  turn.refuse(Error(Condition::bad_request, std::move(text)), {},
              xep_0050::condition("bad-payload"));
}

}  // namespace hansa::rooms
