// Logs of every format that was ever released are folded, and say what they said when they were
// written (design §3). A folder vN holds stores of format N; README.md says how one is made.

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>
#include <sstream>
#include <string>

#include "engine/entry.h"
#include "storage/leveldb_keys.h"
#include "tests/golden/frozen.h"
#include "tests/golden/play.h"
#include "tests/golden/reads.h"

using namespace hansa;
using namespace hansa::golden;

namespace {

namespace fs = std::filesystem;
namespace keys = storage::leveldb_keys;

const fs::path kCorpus = "tests/golden";

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Bytes frozen(const std::string& name = "v1/node") {
  return from_text(read(kCorpus / (name + ".store")));
}

// Every store of the corpus, without its ending: "v1/node".
std::vector<std::string> stores() {
  std::vector<std::string> out;
  for (const auto& folder : fs::directory_iterator(kCorpus)) {
    if (!folder.is_directory()) continue;
    for (const auto& file : fs::directory_iterator(folder.path())) {
      if (file.path().extension() != ".store") continue;
      out.push_back(folder.path().filename().string() + "/" + file.path().stem().string());
    }
  }
  return out;
}

std::string refusal(const Bytes& bytes) {
  Folder folder(bytes);
  const Status opened = folder.open();
  return opened.ok() ? "" : std::string(opened.error().message());
}

Bytes with_format(std::uint32_t format) {
  Bytes bytes = frozen();
  bytes[keys::kFormatKey] = keys::format_value(format);
  return bytes;
}

}  // namespace

TEST_CASE("golden: every log that was frozen says what it said") {
  REQUIRE(!stores().empty());
  for (const std::string& name : stores()) {
    CAPTURE(name);
    Folder folder(frozen(name));
    REQUIRE(folder.open().ok());
    CHECK(describe(folder.store(), folder.step()) == read(kCorpus / (name + ".state")));
    CHECK(folder.bytes() == frozen(name));  // reading changes nothing
  }
}

TEST_CASE("golden: every kind of entry of the current format is in its corpus") {
  std::set<int> kinds;
  for (const std::string& name : stores()) {
    Folder folder(frozen(name));
    REQUIRE(folder.open().ok());
    for (const storage::LogKey& log : logs_of(folder.store(), folder.step())) {
      for (const storage::Entry& stored : entries_of(folder.store(), folder.step(), log)) {
        const engine::Entry entry = engine::from_storage(stored).value();
        if (engine::understood(entry)) kinds.insert(static_cast<int>(entry.kind));
      }
    }
  }
  std::set<int> all;
  for (int kind = 1; kind <= static_cast<int>(engine::kLastEntryKind); ++kind) all.insert(kind);
  CHECK(kinds == all);
}

TEST_CASE("golden: every note, record and index key that format.md names is in the corpus") {
  std::set<std::string> kept;  // type and key: "n in/…"
  for (const std::string& name : stores()) {
    for (const auto& [key, value] : frozen(name)) {
      const bool of_log = key[0] == 'n' || key[0] == 'r';
      if (!of_log && key[0] != 'i') continue;
      std::size_t begin = key.find('\0') + 1;
      if (of_log) begin = key.find('\0', begin) + 1;
      kept.insert(key.substr(0, 1) + ' ' + key.substr(begin));
    }
  }
  std::istringstream page(read("storage/format.md"));
  std::size_t named = 0;
  for (std::string line; std::getline(page, line);) {
    const std::string type = line.starts_with("| note | ")     ? "n "
                             : line.starts_with("| record | ") ? "r "
                             : line.starts_with("| index | ")  ? "i "
                                                               : "";
    if (type.empty()) continue;
    const std::size_t column = line.find('|', 1) + 1;
    std::istringstream words(line.substr(column, line.find('|', column) - column));
    for (std::string word; words >> word;) {
      if (!word.starts_with('`') || word.starts_with("`/`")) continue;
      const std::string key = type + word.substr(1, word.find('`', 1) - 1);
      CAPTURE(key);
      const auto found = kept.lower_bound(key);
      CHECK((found != kept.end() && found->starts_with(key)));
      ++named;
    }
  }
  CHECK(named > 30);
}

TEST_CASE("golden: a change of one byte is seen") {
  Folder good(frozen());
  REQUIRE(good.open().ok());
  const std::string said = describe(good.store(), good.step());
  Bytes bytes = frozen();
  for (auto& [key, value] : bytes) {
    if (!key.starts_with('e') || !key.ends_with('\1')) continue;
    value.back() = static_cast<char>(value.back() ^ 1);
    break;
  }
  Folder spoilt(bytes);
  REQUIRE(spoilt.open().ok());
  CHECK(describe(spoilt.store(), spoilt.step()) != said);
}

TEST_CASE("golden: a store of another format is refused, and its number is named") {
  CHECK(refusal(frozen()).empty());
  for (const std::uint32_t format : {keys::kFormat - 1, keys::kFormat + 1, keys::kFormat + 100}) {
    const std::string said = refusal(with_format(format));
    CAPTURE(said);
    CHECK(said.find("format " + std::to_string(format)) != std::string::npos);
    CHECK(said.find(std::to_string(keys::kFormat)) != std::string::npos);
  }
}

namespace {

// A node that goes on from the frozen store, after one more entry in support.
struct Later : test::ActingFixture {
  explicit Later(const std::optional<engine::Entry>& more = {}) : ActingFixture({}, false) {
    Folder folder(frozen());
    REQUIRE(folder.open().ok());
    copy(folder.store(), folder.step(), store, step());
    if (more) append(*more);
    start();
    forget();
  }
  Step step() {
    return [this] { REQUIRE(queue.step()); };
  }
  storage::LogKey support() {
    for (const auto& [address, id] : addresses_of(store, step(), "node")) {
      if (address == kRoom) return {"node", id};
    }
    return {};
  }
  // The log holds bytes that this build did not write.
  void append(engine::Entry entry) {
    const storage::Loaded loaded = load(store, step(), support());
    entry.position = loaded.last_position + 1;
    entry.stamp = entry.origin_stamp = {1'800'000'000'000};
    entry.hash = engine::payload_hash(entry.salt, entry.shared);
    storage::Batch batch;
    batch.entries.push_back(engine::to_storage(entry));
    batch.notes.push_back({"skipped", "1"});  // as whoever appends what he does not fold writes it
    store.append(support(), loaded.last_batch, std::move(batch),
                 [](const storage::AppendOutcome& outcome) {
                   REQUIRE(outcome.result == storage::AppendResult::durable);
                 });
    step()();
  }
  void ann_speaks() {
    says("<presence from='ann@a.example/desk' to='" + std::string(kRoom) +
         "/ann'><x xmlns='http://jabber.org/protocol/muc'><history maxstanzas='3'/></x>"
         "</presence>");
    forget();
    says("<message type='groupchat' from='ann@a.example/desk' id='n' to='" + std::string(kRoom) +
         "'><body>Still here</body></message>");
  }
};

constexpr std::string_view kStillHere =
    "<message type='groupchat' id='n'><body>Still here</body></message>";

// What a version 2 of the format may write.
engine::Entry of_version_2(bool must_understand) {
  engine::Entry entry;
  entry.kind = static_cast<engine::EntryKind>(4711);
  entry.format = 2;
  entry.must_understand = must_understand;
  entry.origin.incarnation = 2;
  entry.origin.number = 1;
  entry.salt = "a salt";
  entry.shared.bytes = "what nobody here knows";
  return entry;
}

}  // namespace

TEST_CASE("golden: a node goes on from a frozen store") {
  Later node;
  node.ann_speaks();
  CHECK(node.gets("alice@a.example/1", {kStillHere}) == "");
}

TEST_CASE("golden: an optional kind of version 2 is passed over and kept byte for byte") {
  Later node(of_version_2(false));
  node.ann_speaks();
  CHECK(node.gets("alice@a.example/1", {kStillHere}) == "");
  const auto entries = entries_of(node.store, node.step(), node.support());
  REQUIRE(entries.size() >= 2);
  const storage::Entry& kept = entries[entries.size() - 2];
  engine::Entry written = of_version_2(false);
  written.stamp = written.origin_stamp = {1'800'000'000'000};
  written.hash = engine::payload_hash(written.salt, written.shared);
  CHECK(kept.header == engine::to_storage(written).header);
  CHECK(kept.payload == engine::to_storage(written).payload);
}

TEST_CASE("golden: with a kind of version 2 that must be understood the room can only be read") {
  Later node(of_version_2(true));
  node.ann_speaks();
  CHECK(node.gets("alice@a.example/1", {}) == "");
  const std::string text = "<text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>*</text>";
  const std::string refused = "<message type='error' id='n'><error>" + text + "</error></message>";
  CHECK(node.gets("ann@a.example/desk", {refused}) == "");
}
