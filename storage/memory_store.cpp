#include "storage/memory_store.h"

#include <utility>

namespace hansa::storage {

MemoryStore::MemoryStore(Poster& poster) : poster_(poster) {}

template <typename T>
void MemoryStore::complete(Then<T> then, T result) {
  poster_.post([alive = std::weak_ptr(alive_), then = std::move(then),
                result = std::move(result)]() mutable {
    if (!alive.expired()) then(std::move(result));
  });
}

void MemoryStore::append(const LogKey& log, BatchNumber expected, Batch batch,
                         Then<AppendOutcome> then) {
  complete(std::move(then), image_.append(log, expected, batch));
}

void MemoryStore::load(const LogKey& log, Then<Result<Loaded>> then) {
  complete(std::move(then), image_.load(log));
}

void MemoryStore::read(const LogKey& log, Position from, std::size_t max_bytes,
                       Then<Result<Page>> then) {
  complete(std::move(then), image_.read(log, from, max_bytes));
}

void MemoryStore::truncate(const LogKey& log, Position first, Then<Status> then) {
  complete(std::move(then), image_.truncate(log, first));
}

void MemoryStore::erase_payload(const LogKey& log, Position position, Then<Status> then) {
  complete(std::move(then), image_.erase_payload(log, position));
}

void MemoryStore::remove(const LogKey& log, Then<Status> then) {
  complete(std::move(then), image_.remove(log));
}

void MemoryStore::list(const std::string& role, const std::string& after, std::size_t most,
                       Then<Result<std::vector<LogKey>>> then) {
  complete(std::move(then), image_.list(role, after, most));
}

void MemoryStore::claim(const std::string& role, const std::string& address,
                        std::optional<std::string> expected, std::optional<std::string> value,
                        Then<Result<std::optional<std::string>>> then) {
  complete(std::move(then), image_.claim(role, address, expected, value));
}

void MemoryStore::lookup(const std::string& role, const std::string& address,
                         Then<Result<std::optional<std::string>>> then) {
  complete(std::move(then), image_.lookup(role, address));
}

void MemoryStore::addresses(const std::string& role, const std::string& after, std::size_t most,
                            Then<Result<std::vector<KeyValue>>> then) {
  complete(std::move(then), image_.addresses(role, after, most));
}

void MemoryStore::scan_index(const std::string& role, const std::string& from,
                             const std::string& to, std::size_t most,
                             Then<Result<std::vector<KeyValue>>> then) {
  complete(std::move(then), image_.scan_index(role, from, to, most));
}

}  // namespace hansa::storage
