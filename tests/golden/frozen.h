#pragma once
// Stores as files that stay: every key and value of a LevelDB store as a line of text, and what a
// store says as a text that is compared.

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/log.h"
#include "base/poster.h"
#include "storage/storage.h"

namespace hansa::golden {

using Bytes = std::map<std::string, std::string>;  // keys and values, as LevelDB has them

// `key = value`, one a line; what is not printable ASCII, and the backslash, as \xHH.
[[nodiscard]] std::string to_text(const Bytes& bytes);
[[nodiscard]] Bytes from_text(std::string_view text);

// Runs one piece of work that a store has posted; waits for it.
using Step = std::function<void()>;

// A LevelDB store in a folder of its own, gone with the object.
class Folder {
 public:
  Folder();
  explicit Folder(const Bytes& bytes);
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  // Error: why the store is refused.
  [[nodiscard]] Status open();
  [[nodiscard]] storage::Store& store() { return *store_; }
  [[nodiscard]] Step step();
  [[nodiscard]] Bytes bytes();  // closes the store

 private:
  class Desk final : public Poster {
   public:
    void post(std::function<void()> work) override;
    void step();

   private:
    std::mutex mutex_;
    std::condition_variable filled_;
    std::deque<std::function<void()>> work_;
  };
  std::string path_;
  Desk desk_;
  NoLog log_;
  std::unique_ptr<storage::Store> store_;
};

// Every log of `from` with all that it has, the index and the directory, into the empty `to`.
void copy(storage::Store& from, const Step& step_from, storage::Store& to, const Step& step_to);

// What the logs say: entries, and the state as they are folded (records and notes), log after log.
// Each is folded from its first entry and from its records; if they differ, the text says so.
[[nodiscard]] std::string describe(storage::Store& store, const Step& step);

}  // namespace hansa::golden
