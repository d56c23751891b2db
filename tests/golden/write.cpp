// Writes the corpus of the current format: hansa_golden FOLDER. Files that are there stay as they
// are: what was frozen is never written again.

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "tests/golden/frozen.h"
#include "tests/golden/play.h"

namespace {

bool write(const std::filesystem::path& path, const std::string& text) {
  if (std::filesystem::exists(path)) {
    std::fprintf(stderr, "%s is frozen\n", path.c_str());
    return false;
  }
  std::ofstream(path, std::ios::binary) << text;
  return true;
}

// What a store has, and says, as two files.
bool write(const std::filesystem::path& path, hansa::storage::Store& from,
           const hansa::golden::Step& step) {
  hansa::golden::Folder store;
  if (!store.open().ok()) return false;
  hansa::golden::copy(from, step, store.store(), store.step());
  const std::string state = hansa::golden::describe(store.store(), store.step());
  const bool ok = write(path.string() + ".store", hansa::golden::to_text(store.bytes()));
  return write(path.string() + ".state", state) && ok;
}

}  // namespace

int main(int count, char** arguments) {
  namespace golden = hansa::golden;
  if (count != 2) return 2;
  const std::filesystem::path folder = arguments[1];
  std::filesystem::create_directories(folder);

  golden::Node node;
  golden::play(node);
  bool ok = write(folder / "node", node.store, [&node] {
    if (!node.queue.step()) std::abort();
  });

  golden::Node beside;
  golden::play_companions(beside);
  ok = write(folder / "companions", beside.store,
             [&beside] {
               if (!beside.queue.step()) std::abort();
             }) &&
       ok;

  hansa::test::Federation all(2);
  golden::play_shared(all);
  for (const auto& [name, party] :
       {std::pair("hub", std::string(hansa::test::kHub)), std::pair("node-a", all.link('a')),
        std::pair("node-b", all.link('b'))}) {
    hansa::test::WorkQueue queue;
    hansa::storage::SimulatedStore disk(all.party(party).disk, queue, 1, golden::kNoFaults);
    const auto step = [&queue] {
      if (!queue.step()) std::abort();
    };
    ok = write(folder / name, disk, step) && ok;
  }
  return ok ? 0 : 1;
}
