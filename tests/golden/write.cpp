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

  const auto write_node = [&folder](const char* name, void (*play)(golden::Node&)) {
    golden::Node node;
    play(node);
    return write(folder / name, node.store, [&node] {
      if (!node.queue.step()) std::abort();
    });
  };
  bool ok = write_node("node", golden::play);
  ok = write_node("companions", golden::play_companions) && ok;
  ok = write_node("member-rooms", golden::play_member_rooms) && ok;
  ok = write_node("acting", golden::play_acting) && ok;
  ok = write_node("peers", golden::play_peers) && ok;
  ok = write_node("listed", golden::play_listed) && ok;
  ok = write_node("subscribed", golden::play_subscribed) && ok;
  ok = write_node("conversation", golden::play_conversation) && ok;
  ok = write_node("retained", golden::play_retained) && ok;
  ok = write_node("waiting", golden::play_waiting) && ok;

  const auto write_party = [&folder](const char* name, hansa::test::Party& party) {
    hansa::test::WorkQueue queue;
    hansa::storage::SimulatedStore disk(party.disk, queue, 1, golden::kNoFaults);
    return write(folder / name, disk, [&queue] {
      if (!queue.step()) std::abort();
    });
  };
  hansa::test::Federation all(2);
  golden::play_shared(all);
  ok = write_party("hub", all.party(hansa::test::kHub)) && ok;
  ok = write_party("node-a", all.party(all.link('a'))) && ok;
  ok = write_party("node-b", all.party(all.link('b'))) && ok;
  hansa::test::Federation cut(2);
  golden::play_cut_off(cut);
  ok = write_party("cut-off", cut.party(cut.link('b'))) && ok;
  hansa::test::Federation behind(2);
  golden::play_behind(behind);
  ok = write_party("behind", behind.party(behind.link('b'))) && ok;

  hansa::test::Federation anew(2);
  golden::play_begins_anew(anew);
  ok = write_party("begins-anew", anew.party(anew.link('b'))) && ok;
  hansa::test::Federation again(2);
  golden::play_welcomed_again(again);
  ok = write_party("welcomed-again", again.party(again.link('b'))) && ok;
  hansa::test::Federation erased(3);
  golden::play_erased(erased);
  ok = write_party("erased-hub", erased.party(hansa::test::kHub)) && ok;
  ok = write_party("erased", erased.party(erased.link('c'))) && ok;
  hansa::test::Federation lost(2);
  golden::play_lost(lost);
  ok = write_party("lost-hub", lost.party(hansa::test::kHub)) && ok;
  return ok ? 0 : 1;
}
