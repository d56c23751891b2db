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

}  // namespace

int main(int count, char** arguments) {
  namespace golden = hansa::golden;
  if (count != 2) return 2;
  const std::filesystem::path folder = arguments[1];
  golden::Node node;
  golden::play(node);
  const golden::Step step = [&node] {
    if (!node.queue.step()) std::abort();
  };
  golden::Folder store;
  if (!store.open().ok()) return 1;
  golden::copy(node.store, step, store.store(), store.step());
  const std::string state = golden::describe(store.store(), store.step());
  std::filesystem::create_directories(folder);
  const bool ok = write(folder / "node.store", golden::to_text(store.bytes()));
  return write(folder / "node.state", state) && ok ? 0 : 1;
}
