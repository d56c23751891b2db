#include "tests/storage/calls.h"

namespace hansa::storage::test {

Batch entries(Position first, std::size_t count) {
  Batch batch;
  for (Position at = first; at < first + count; ++at) {
    const std::string number = std::to_string(at);
    batch.entries.push_back({at, "header " + number, "payload " + number, false});
  }
  return batch;
}

Batch notes(std::vector<Change> changes) { return {{}, std::move(changes), {}, {}}; }

AppendOutcome append(Backend& backend, const LogKey& log, BatchNumber expected, Batch batch) {
  return answer_of<AppendOutcome>(backend, [&](Then<AppendOutcome> then) {
    backend.store().append(log, expected, std::move(batch), std::move(then));
  });
}

void must_append(Backend& backend, const LogKey& log, BatchNumber expected, Batch batch) {
  const AppendOutcome outcome = append(backend, log, expected, std::move(batch));
  INFO(outcome.text);
  REQUIRE(outcome.result == AppendResult::durable);
}

Loaded load(Backend& backend, const LogKey& log) {
  auto loaded = answer_of<Result<Loaded>>(
      backend, [&](Then<Result<Loaded>> then) { backend.store().load(log, std::move(then)); });
  REQUIRE(loaded.ok());
  return std::move(loaded).value();
}

Page read(Backend& backend, const LogKey& log, Position from, std::size_t max_bytes) {
  auto page = answer_of<Result<Page>>(backend, [&](Then<Result<Page>> then) {
    backend.store().read(log, from, max_bytes, std::move(then));
  });
  REQUIRE(page.ok());
  return std::move(page).value();
}

Status truncate(Backend& backend, const LogKey& log, Position first) {
  return answer_of<Status>(
      backend, [&](Then<Status> then) { backend.store().truncate(log, first, std::move(then)); });
}

Status erase(Backend& backend, const LogKey& log, Position position) {
  return answer_of<Status>(backend, [&](Then<Status> then) {
    backend.store().erase_payload(log, position, std::move(then));
  });
}

Status remove(Backend& backend, const LogKey& log) {
  return answer_of<Status>(
      backend, [&](Then<Status> then) { backend.store().remove(log, std::move(then)); });
}

std::vector<LogKey> list(Backend& backend, const std::string& role, const std::string& after,
                         std::size_t most) {
  using Logs = Result<std::vector<LogKey>>;
  auto logs = answer_of<Logs>(
      backend, [&](Then<Logs> then) { backend.store().list(role, after, most, std::move(then)); });
  REQUIRE(logs.ok());
  return std::move(logs).value();
}

Result<Holder> claim(Backend& backend, const std::string& address, Holder expected, Holder value) {
  return answer_of<Result<Holder>>(backend, [&](Then<Result<Holder>> then) {
    backend.store().claim("node", address, std::move(expected), std::move(value), std::move(then));
  });
}

Holder lookup(Backend& backend, const std::string& address, const std::string& role) {
  auto holder = answer_of<Result<Holder>>(backend, [&](Then<Result<Holder>> then) {
    backend.store().lookup(role, address, std::move(then));
  });
  REQUIRE(holder.ok());
  return std::move(holder).value();
}

std::vector<KeyValue> addresses(Backend& backend, const std::string& after, std::size_t most) {
  using Pairs = Result<std::vector<KeyValue>>;
  auto pairs = answer_of<Pairs>(backend, [&](Then<Pairs> then) {
    backend.store().addresses("node", after, most, std::move(then));
  });
  REQUIRE(pairs.ok());
  return std::move(pairs).value();
}

std::vector<KeyValue> scan(Backend& backend, const std::string& from, const std::string& to,
                           std::size_t most, const std::string& role) {
  using Pairs = Result<std::vector<KeyValue>>;
  auto pairs = answer_of<Pairs>(backend, [&](Then<Pairs> then) {
    backend.store().scan_index(role, from, to, most, std::move(then));
  });
  REQUIRE(pairs.ok());
  return std::move(pairs).value();
}

}  // namespace hansa::storage::test
