#include "modules/act-as/peer_room_tie.h"

#include "engine/fields.h"

namespace hansa::act_as {
namespace {

using engine::FieldReader;
using engine::FieldWriter;

enum Tag : std::uint32_t {
  kStep = 1,
  kHansa = 2,
  kArchive = 3,
  kAgain = 4,
  kWasIn = 5,
  kNamed = 6,
  kRequest = 7,
  kMember = 8,
  kNick = 9,
  kPassword = 10,
  kReason = 11,
  kName = 12,
  kNoIds = 13,
};

Wish read_wish(std::string_view bytes) {
  const FieldReader in(bytes);
  Wish wish;
  const std::uint64_t step = in.number(kStep);
  wish.step =
      step <= static_cast<std::uint64_t>(Step::applying) ? static_cast<Step>(step) : Step::out;
  wish.hansa = in.number(kHansa) != 0;
  wish.archive = in.number(kArchive) != 0;
  wish.again = in.number(kAgain) != 0;
  wish.was_in = in.number(kWasIn) != 0;
  wish.named = in.number(kNamed) != 0;
  wish.request = in.text(kRequest);
  wish.member = in.text(kMember);
  wish.nick = in.text(kNick);
  wish.password = in.text(kPassword);
  wish.reason = in.text(kReason);
  wish.name = in.text(kName);
  wish.no_ids = in.number(kNoIds) != 0;
  return wish;
}

}  // namespace

std::string write_wish(const Wish& wish) {
  FieldWriter out;
  out.put(kStep, static_cast<std::uint64_t>(wish.step));
  out.put_unless_0(kHansa, wish.hansa ? 1 : 0).put_unless_0(kArchive, wish.archive ? 1 : 0);
  out.put_unless_0(kAgain, wish.again ? 1 : 0).put_unless_0(kWasIn, wish.was_in ? 1 : 0);
  out.put_unless_0(kNamed, wish.named ? 1 : 0);
  out.put_if(kRequest, wish.request).put_if(kMember, wish.member).put_if(kNick, wish.nick);
  out.put_if(kPassword, wish.password).put_if(kReason, wish.reason);
  out.put_if(kName, wish.name).put_unless_0(kNoIds, wish.no_ids ? 1 : 0);
  return out.take();
}

std::string write_heard(const xep_act_as::Heard& heard) {
  return FieldWriter().put(1, std::string_view(heard.log)).put(2, heard.position).take();
}

void Tie::apply(const engine::Entry& entry) {
  if (entry.kind == engine::EntryKind::destroyed) state_.clear();
}

void Tie::apply_note(std::string_view key, const std::optional<std::string>& value) {
  if (key != kJoinNote && key != kHeardNote && key != kLastNote) return;
  const std::string bytes = value.value_or(std::string());
  State& state = state_.use();
  if (key == kJoinNote) {
    state.wish = read_wish(bytes);
  } else if (key == kHeardNote) {
    const FieldReader in(bytes);
    state.heard = {std::string(in.text(1)), in.number(2)};
  } else {
    state.last = bytes;
  }
}

std::string_view state_of(Step step, bool in) {
  switch (step) {
    case Step::direct: return in ? "in" : "out";
    case Step::unasked: return "unasked";
    case Step::asking:
    case Step::pending:
    case Step::applying: return "pending";
    case Step::member: return in ? "in" : "member";
    case Step::out:
    case Step::leaving: return "out";
  }
  return "out";
}

}  // namespace hansa::act_as
