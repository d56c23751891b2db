#include "engine/turn.h"

#include <cstdio>

#include "engine/engine.h"
#include "engine/executor.h"
#include "engine/impl.h"
#include "engine/letters.h"
#include "engine/reads.h"

namespace hansa::engine {
namespace {

// The domain of an address of a stanza that we wrote; `attribute` is its  name='.
std::string_view domain_of(std::string_view stanza, std::string_view attribute) {
  const std::string_view tag = stanza.substr(0, stanza.find('>'));
  const std::size_t start = tag.find(attribute);
  if (start == std::string_view::npos) return {};
  std::string_view address = tag.substr(start + attribute.size());
  address = address.substr(0, address.find('\''));
  address = address.substr(0, address.find('/'));
  const std::size_t at = address.find('@');
  return at == std::string_view::npos ? address : address.substr(at + 1);
}

}  // namespace

Turn::Turn(Engine& engine, std::uint64_t trace, std::shared_ptr<Reads> reads)
    : engine_(engine),
      now_(engine.impl().clock.wall()),
      mono_(engine.impl().clock.mono()),
      random_(engine.impl().random),
      trace_(trace),
      reads_(std::move(reads)) {}
Turn::~Turn() = default;
ServiceTurn::~ServiceTurn() = default;
RoomTurn::~RoomTurn() = default;

bool Turn::waiting() const { return !wanted_.empty(); }

std::string Turn::link_of(std::string_view from, std::string_view to) const {
  return engine_.impl().link_of(from, to);
}

void Turn::send(std::string stanza) {
  const std::string_view from = domain_of(stanza, " from='");
  assert(!from.empty() && "a stanza of ours says from whom it is");
  std::string link = link_of(from, domain_of(stanza, " to='"));
  emit(std::move(link), std::move(stanza));
}

void Turn::send_on(std::string link, std::string stanza) {
  emit(std::move(link), std::move(stanza));
}

void Turn::reply(std::string_view content) {
  if (told_ && !answered_) {
    answered_ = true;
    return tell(told_, std::string(content));
  }
  assert(stanza_ && stanza_->is_request() && !answered_);
  answered_ = true;
  emit(link_of(stanza_->to.domain(), stanza_->from.domain()), xmpp::iq_result(*stanza_, content));
}

void Turn::refuse(const Error& error, std::string_view echo, std::string_view detail) {
  if (told_ && !answered_) {
    answered_ = true;
    return tell(told_, error);
  }
  if (!stanza_ || stanza_->is_error() || answered_) return;
  if (stanza_->kind == xmpp::StanzaKind::iq && !stanza_->is_request()) return;
  answered_ = true;
  emit(link_of(stanza_->to.domain(), stanza_->from.domain()),
       xmpp::error_answer(*stanza_, error, echo, detail));
}

bool Turn::has_room(std::string_view link) const { return engine_.impl().outbox.open(link); }

void Turn::log(LogLevel level, std::string text) {
  char trace[32];
  std::snprintf(trace, sizeof(trace), " (trace %012llx)", static_cast<unsigned long long>(trace_));
  engine_.impl().log.write(level, "rooms", text.append(trace));
}

void Turn::go_on_as(std::uint64_t trace) {
  if (trace != 0) trace_ = reads_->trace = trace;
}

std::string_view Passed::param(std::string_view name) const {
  const auto place = params.find(name);
  return place == params.end() ? std::string_view() : std::string_view(place->second);
}

// --- reads --------------------------------------------------------------------------------------

const Answer* Turn::ask(const Question& question) {
  Wanted wanted;
  wanted.kind = Wanted::Kind::question;
  wanted.key = question.topic + '\n' + question.room.text() + '\n' + question.actor.text();
  const auto found = reads_->answers.find(wanted.key);
  if (found != reads_->answers.end()) return &found->second;
  wanted.question = question;
  wanted_.push_back(std::move(wanted));
  return nullptr;
}

const Result<std::vector<storage::KeyValue>>* Turn::ask_index(const std::string& from,
                                                              const std::string& to,
                                                              std::size_t most) {
  Wanted wanted;
  wanted.kind = Wanted::Kind::index;
  wanted.key = "index\n" + from + '\n' + to + '\n' + std::to_string(most);
  const auto found = reads_->ranges.find(wanted.key);
  if (found != reads_->ranges.end()) return &found->second;
  wanted.from = from;
  wanted.to = to;
  wanted.most = most;
  wanted_.push_back(std::move(wanted));
  return nullptr;
}

std::optional<Result<std::vector<storage::KeyValue>>> Turn::ask_whole_index(const std::string& from,
                                                                            const std::string& to,
                                                                            std::size_t page) {
  std::vector<storage::KeyValue> all;
  for (std::string next = from;;) {
    const auto* const rows = ask_index(next, to, page);
    if (rows == nullptr) return std::nullopt;
    if (!rows->ok()) return *rows;
    all.insert(all.end(), (*rows)->begin(), (*rows)->end());
    if ((*rows)->size() < page) return Result<std::vector<storage::KeyValue>>(std::move(all));
    next = all.back().first + '\0';
  }
}

const Result<std::vector<storage::KeyValue>>* Turn::ask_rooms(const std::string& after,
                                                              std::size_t most) {
  Wanted wanted;
  wanted.kind = Wanted::Kind::rooms;
  wanted.key = "rooms\n" + after + '\n' + std::to_string(most);
  const auto found = reads_->ranges.find(wanted.key);
  if (found != reads_->ranges.end()) return &found->second;
  wanted.from = after;
  wanted.most = most;
  wanted_.push_back(std::move(wanted));
  return nullptr;
}

const Result<std::vector<EntryPtr>>* Turn::ask_page(const xmpp::Jid& of, Position from,
                                                    std::size_t most_bytes) {
  Wanted wanted;
  wanted.kind = Wanted::Kind::page;
  wanted.key = of.text() + '\n' + std::to_string(from) + '\n' + std::to_string(most_bytes);
  const auto found = reads_->pages.find(wanted.key);
  if (found != reads_->pages.end()) return &found->second;
  wanted.question.room = of;
  wanted.position = from;
  wanted.most = most_bytes;
  wanted_.push_back(std::move(wanted));
  return nullptr;
}

void issue_read(Engine::Impl& engine, const Wanted& wanted, const std::shared_ptr<Reads>& reads,
                std::function<void()> done) {
  // Answers may be there at once; handlers run again in the next round of settle() all the same.
  auto finish = [&engine, done = std::move(done)] { engine.soon(done); };
  const std::string& role = engine.settings.role;
  switch (wanted.kind) {
    case Wanted::Kind::question:
      return engine.ask(wanted.question, [reads, key = wanted.key, finish](Answer answer) {
        reads->answers.emplace(key, std::move(answer));
        finish();
      });
    case Wanted::Kind::index:
    case Wanted::Kind::rooms: {
      auto then = engine.alive<Result<std::vector<storage::KeyValue>>>(
          [reads, key = wanted.key, finish](Result<std::vector<storage::KeyValue>> range) {
            reads->ranges.emplace(key, std::move(range));
            finish();
          });
      if (wanted.kind == Wanted::Kind::rooms) {
        return engine.store.addresses(role, wanted.from, wanted.most, std::move(then));
      }
      return engine.store.scan_index(role, wanted.from, wanted.to, wanted.most, std::move(then));
    }
    case Wanted::Kind::page: {
      auto then = engine.alive<Result<std::vector<EntryPtr>>>(
          [reads, key = wanted.key, finish](Result<std::vector<EntryPtr>> page) {
            reads->pages.emplace(key, std::move(page));
            finish();
          });
      return engine.room(wanted.question.room).page(wanted.position, wanted.most, std::move(then));
    }
  }
}

// --- service turns ------------------------------------------------------------------------------

void ServiceTurn::emit(std::string domain, std::string bytes) {
  engine_.impl().send(domain, bytes);
}

void ServiceTurn::tell(Told told, Result<std::string> answer) { told(answer); }

void ServiceTurn::pass(const xmpp::Jid& room, Passed passed) {
  answered_ = true;  // the duty goes with it
  passed.trace = trace_;
  engine_.impl().room(room).take(std::move(passed));
}

void ServiceTurn::later(Millis delay, std::function<void(ServiceTurn&)> work) {
  Engine::Impl& engine = engine_.impl();
  auto run = [&engine, work = std::move(work)] {
    engine.run_service(std::make_shared<ServiceRun>(engine, std::nullopt, work));
  };
  engine.timers.add_work(std::move(run), engine.clock.mono() + delay);
}

// --- room turns ---------------------------------------------------------------------------------

RoomTurn::RoomTurn(Engine& engine, RoomExecutor& executor, RoomState& state, std::uint64_t trace,
                   std::shared_ptr<Reads> reads)
    : Turn(engine, trace, std::move(reads)), executor_(executor), state_(state) {}

void RoomTurn::emit(std::string domain, std::string bytes) {
  changed_ = true;
  executor_.emit(std::move(domain), std::move(bytes));
}
void RoomTurn::tell(Told told, Result<std::string> answer) {
  changed_ = true;
  executor_.tell(std::move(told), std::move(answer));
}
Position RoomTurn::append(EntryKind kind, SharedPart shared, LocalPart local) {
  changed_ = true;
  return executor_.append(kind, std::move(shared), std::move(local), *this);
}
Position RoomTurn::append(Arrived arrived) {
  changed_ = true;
  return executor_.append(std::move(arrived), *this);
}
Position RoomTurn::erase(const Entry& target) {
  changed_ = true;
  return executor_.append(EntryKind::erased, {write_erased(target.origin)},
                          {number_text(target.position)}, *this);
}
void RoomTurn::erase_payload(Position target) {
  changed_ = true;
  executor_.erase(target);
}
void RoomTurn::truncate(Position first) {
  changed_ = true;
  executor_.truncate(first);
}
void RoomTurn::note(std::string key, std::optional<std::string> value) {
  changed_ = true;
  executor_.note(std::move(key), std::move(value), false);
}
void RoomTurn::late_note(std::string key, std::optional<std::string> value) {
  changed_ = true;
  executor_.note(std::move(key), std::move(value), true);
}
void RoomTurn::index(std::string key, std::optional<std::string> value) {
  changed_ = true;
  executor_.index(std::move(key), std::move(value));
}
Position RoomTurn::letter(const xmpp::Jid& to, std::string topic, std::string bytes) {
  changed_ = true;
  return executor_.write_letter(to, std::move(topic), std::move(bytes), *this);
}
void RoomTurn::timer(std::string name, std::optional<WallTime> due) {
  changed_ = true;
  executor_.timer(std::move(name), due);
}
void RoomTurn::wake(std::string name, Millis delay) { executor_.wake(std::move(name), delay); }
void RoomTurn::pass(Passed passed) {
  answered_ = true;
  passed.trace = trace_;
  executor_.take(std::move(passed));
}
void RoomTurn::pass(const xmpp::Jid& room, Passed passed) {
  // A duty goes with what is owed an answer; what is only said to that room takes none along.
  if (passed.stanza.document != nullptr || passed.told) answered_ = true;
  passed.trace = trace_;
  engine_.impl().room(room).take(std::move(passed));
}
void RoomTurn::serve(ServiceHandler handler) {
  assert(stanza_ && "there is a request to go on with");
  answered_ = true;
  executor_.serve(std::move(handler), *stanza_);
}
Position RoomTurn::group(const GroupSpec& spec) { return executor_.group(spec); }
void RoomTurn::follow(std::string_view group, const std::string& address, Position next,
                      bool catch_up) {
  changed_ = true;
  executor_.follow(group, address, next, catch_up);
}
void RoomTurn::follow_on(std::string_view group, const std::string& address, Position next) {
  changed_ = true;
  executor_.follow(group, address, next, true, true);
}
void RoomTurn::unfollow(std::string_view group, std::string_view address) {
  changed_ = true;
  executor_.unfollow(group, address);
}
void RoomTurn::pause(std::string_view group, bool paused) { executor_.pause(group, paused); }
Position RoomTurn::confirmed(std::string_view group, std::string_view address) const {
  return executor_.confirmed(group, address);
}
void RoomTurn::confirm_follower(std::string_view group, Position position) {
  executor_.confirm_follower(group, position);
}

}  // namespace hansa::engine
