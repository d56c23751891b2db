#pragma once
// What is read from a LevelDB database, by the rules of storage.h. Pure of threads: each function
// sees one state of the database. Error: the bytes cannot be read, or are not what format.md says;
// its text is what was found, not yet what to do.

#include <leveldb/db.h>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "storage/leveldb_keys.h"
#include "storage/storage.h"

namespace hansa::storage::leveldb_reads {

// Of an empty log: LogMeta{}.
[[nodiscard]] Result<leveldb_keys::LogMeta> meta(leveldb::DB& database, const LogKey& log);

[[nodiscard]] Result<Loaded> load(leveldb::DB& database, const LogKey& log);
[[nodiscard]] Result<Page> page(leveldb::DB& database, const LogKey& log, Position from,
                                std::size_t max_bytes);
[[nodiscard]] Result<std::vector<LogKey>> list(leveldb::DB& database, const std::string& role,
                                               const std::string& after, std::size_t most);
[[nodiscard]] Result<std::optional<std::string>> lookup(leveldb::DB& database,
                                                        const std::string& role,
                                                        const std::string& address);
[[nodiscard]] Result<std::vector<KeyValue>> addresses(leveldb::DB& database,
                                                      const std::string& role,
                                                      const std::string& after, std::size_t most);
[[nodiscard]] Result<std::vector<KeyValue>> scan_index(leveldb::DB& database,
                                                       const std::string& role,
                                                       const std::string& from,
                                                       const std::string& to, std::size_t most);

}  // namespace hansa::storage::leveldb_reads
