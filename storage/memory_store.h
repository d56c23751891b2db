#pragma once
// A store in memory, for tests and for whoever wants no disk: nothing survives it, and *durable*
// means only that it is kept as long as the store lives. Used by the thread that decides; each call
// takes effect at once and completes through the Poster, which must outlive the store.

#include <memory>

#include "base/poster.h"
#include "storage/image.h"

namespace hansa::storage {

class MemoryStore final : public Store {
 public:
  explicit MemoryStore(Poster& poster);

  void append(const LogKey& log, BatchNumber expected, Batch batch,
              Then<AppendOutcome> then) override;
  void load(const LogKey& log, Then<Result<Loaded>> then) override;
  void read(const LogKey& log, Position from, std::size_t max_bytes,
            Then<Result<Page>> then) override;
  void truncate(const LogKey& log, Position first, Then<Status> then) override;
  void erase_payload(const LogKey& log, Position position, Then<Status> then) override;
  void remove(const LogKey& log, Then<Status> then) override;
  void list(const std::string& role, const std::string& after, std::size_t most,
            Then<Result<std::vector<LogKey>>> then) override;
  void claim(const std::string& role, const std::string& address,
             std::optional<std::string> expected, std::optional<std::string> value,
             Then<Result<std::optional<std::string>>> then) override;
  void lookup(const std::string& role, const std::string& address,
              Then<Result<std::optional<std::string>>> then) override;
  void addresses(const std::string& role, const std::string& after, std::size_t most,
                 Then<Result<std::vector<KeyValue>>> then) override;
  void scan_index(const std::string& role, const std::string& from, const std::string& to,
                  std::size_t most, Then<Result<std::vector<KeyValue>>> then) override;

 private:
  template <typename T>
  void complete(Then<T> then, T result);

  Poster& poster_;
  Image image_;
  std::shared_ptr<char> alive_ = std::make_shared<char>();  // gone: completions are dropped
};

}  // namespace hansa::storage
