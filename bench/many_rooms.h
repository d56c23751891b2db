#pragma once
// A store of many rooms, made quickly: one room is made by the node, the others are its keys with
// other names, written in order. And a room with many members.

#include <leveldb/db.h>
#include <leveldb/write_batch.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "bench/node_on.h"
#include "storage/leveldb_keys.h"
#include "storage/leveldb_store.h"

namespace hansa::bench {

// A temporary folder, gone with the object. HANSA_BENCH_FOLDER says on which disk.
class Folder {
 public:
  Folder() {
    const char* on = std::getenv("HANSA_BENCH_FOLDER");
    std::string name =
        (on != nullptr ? std::string(on) : std::filesystem::temp_directory_path().string()) +
        "/hansa-bench-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    path_ = name;
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] std::string path(std::string_view name = "store") const {
    return path_ + "/" + std::string(name);
  }

 private:
  std::string path_;
};

inline std::unique_ptr<storage::Store> open_store(const std::string& folder, Desk& desk) {
  static NoLog log;
  auto opened = storage::open_leveldb_store(folder, desk, log);
  if (!opened) std::fprintf(stderr, "%s\n", opened.error().text.c_str());
  if (!opened) std::abort();
  return std::move(opened).value();
}

inline std::unique_ptr<leveldb::DB> open_bare(const std::string& folder) {
  leveldb::Options options;
  options.create_if_missing = true;
  options.write_buffer_size = 64 * 1024 * 1024;
  leveldb::DB* database = nullptr;
  if (!leveldb::DB::Open(options, folder, &database).ok()) std::abort();
  return std::unique_ptr<leveldb::DB>(database);
}

inline constexpr std::string_view kOwner = "alice@a.example/1";

// "room00000042", "room00000042@rooms.a.example"
inline std::string numbered(std::size_t n) {
  std::string digits = std::to_string(n);
  return std::string(8 - std::min<std::size_t>(8, digits.size()), '0') + digits;
}
inline std::string room_named(std::size_t n) {
  return "room" + numbered(n) + "@" + std::string(kDomain);
}

inline std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at)) {
    text.replace(at, from.size(), to);
    at += to.size();
  }
  return text;
}

// Rooms 0 … count - 1, each with an owner, nobody in, the last thing said in the archive.
inline void make_rooms(const std::string& folder, std::size_t count) {
  const std::string first = room_named(0);
  {
    Desk desk;
    const auto store = open_store(folder, desk);
    NodeOn node(*store, desk);
    node.start();
    node.join(kOwner, first);
    node.run();
    node.take("<message type='groupchat' id='m' from='" + std::string(kOwner) + "' to='" + first +
              "'><body>The last thing that was said here.</body></message>");
    node.run();
    node.leave(kOwner, first);
    node.run();
    node.engine().stop();
    node.run();
  }
  const auto database = open_bare(folder);
  std::map<std::string, std::string> keys;
  std::string id;
  const std::unique_ptr<leveldb::Iterator> at(database->NewIterator({}));
  for (at->SeekToFirst(); at->Valid(); at->Next()) {
    if (at->key()[0] == 'F') continue;
    keys[at->key().ToString()] = at->value().ToString();
    if (at->key()[0] == 'd') id = at->value().ToString();
  }
  // Key by key over all rooms: what is written in order need not be sorted on the disk.
  leveldb::WriteBatch batch;
  std::size_t bytes = 0;
  for (const auto& [key, value] : keys) {
    for (std::size_t n = 1; n < count; ++n) {
      const std::string name = room_named(n);
      const std::string log = "log" + numbered(n) + id.substr(11);
      const std::string k = replaced(replaced(key, first, name), id, log);
      const std::string v = replaced(replaced(value, first, name), id, log);
      batch.Put(k, v);
      bytes += k.size() + v.size();
      if (bytes < 1'000'000) continue;
      if (!database->Write({}, &batch).ok()) std::abort();
      batch.Clear();
      bytes = 0;
    }
  }
  if (!database->Write({}, &batch).ok()) std::abort();
}

}  // namespace hansa::bench
