// What rooms cost that nobody is in: the start with many rooms on the disk, the memory of a loaded
// room that is idle, of a member who is not there, and of an occupant who says nothing. Each is
// measured in a process of its own.
//
//   bench_start [--rooms N]      default 20,000; the aims are for 1,000,000. bench/README.md.
//   bench_start --resident FOLDER N     what it runs itself with mimalloc in the place of malloc

#include <dlfcn.h>
#include <fcntl.h>
#include <malloc.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "base/limits.h"
#include "bench/many_rooms.h"
#include "bench/node_on.h"
#include "modules/rooms/entries.h"
#include "storage/memory_store.h"

namespace hansa::bench {
namespace {

using Clock = std::chrono::steady_clock;

double since(Clock::time_point begun) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begun).count();
}

// Kilobytes of a line of /proc/self/status.
long status_kb(const std::string& name) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(name + ":")) return std::stol(line.substr(name.size() + 1));
  }
  return 0;
}

std::size_t allocated() { return ::mallinfo2().uordblks; }

// What is on the disk, so that a start reads it from there.
void forget_pages(const std::string& folder) {
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    const int descriptor = ::open(file.path().c_str(), O_RDONLY);
    if (descriptor < 0) continue;
    ::fdatasync(descriptor);
    ::posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED);
    ::close(descriptor);
  }
}

std::string description_of(std::size_t room) {
  return "<iq type='get' id='d' from='alice@a.example/1' to='" + room_named(room) +
         "'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>";
}

// The store opened, the engine ready, the first question answered: then it serves.
void cold_start(const std::string& folder, std::size_t rooms) {
  const auto begun = Clock::now();
  Desk desk;
  const auto store = open_store(folder, desk);
  const double opened = since(begun);
  NodeOn node(*store, desk);
  node.start();
  const double ready = since(begun);
  node.take(description_of(rooms / 2));
  while (node.links.written == 0) node.step();
  const double serving = since(begun);
  std::printf(
      "cold start, %zu rooms: store open %.0f ms, engine ready %.0f ms, first answer %.0f "
      "ms; resident %ld MB (%ld MB of its own, %ld MB mapped files)\n",
      rooms, opened, ready, serving, status_kb("VmRSS") / 1024, status_kb("RssAnon") / 1024,
      status_kb("RssFile") / 1024);
}

// Whether mimalloc stands for malloc here: then the C library has nothing to count.
bool is_mimalloc() { return ::dlsym(RTLD_DEFAULT, "mi_version") != nullptr; }

// The store's own cache is filled first, so that it does not count as theirs.
void idle_rooms(const std::string& folder, std::size_t rooms) {
  const std::size_t loaded = std::min<std::size_t>(rooms, 20'000);
  const std::size_t first = loaded / 4;
  Desk desk;
  const auto store = open_store(folder, desk);
  NodeOn node(*store, desk, loaded);
  node.start();
  const auto load = [&](std::size_t from, std::size_t to) {
    for (std::size_t n = from; n < to; ++n) {
      const std::uint64_t heard = node.links.written;
      node.take(description_of(n));
      while (node.links.written == heard) node.step();
    }
    ::malloc_trim(0);
  };
  const auto rest = [&] {  // until what was said last is older than what is looked at for repeats
    for (int i = 0; i < 12; ++i) {
      node.skip(Millis(limits::kRest_ms));
      node.run();
    }
    ::malloc_trim(0);
  };
  load(0, first);
  rest();
  const std::size_t before = allocated();
  const long own_before = status_kb("RssAnon");
  load(first, loaded);
  rest();
  const std::size_t count = loaded - first;
  const double resident = double(status_kb("RssAnon") - own_before) * 1024 / double(count);
  if (is_mimalloc()) {
    std::printf(
        "idle rooms, as the program is shipped, with mimalloc: %zu loaded, resident %.0f "
        "bytes each\n",
        node.engine().rooms_loaded(), resident);
    return;
  }
  std::printf("idle rooms: %zu loaded, %.0f bytes each (resident %.0f)\n",
              node.engine().rooms_loaded(), double(allocated() - before) / double(count), resident);
}

// The same once more in this program with the allocator of the one that is shipped.
void idle_rooms_on_mimalloc(const std::string& folder, std::size_t rooms) {
  ::setenv("LD_PRELOAD", HANSA_MIMALLOC, 1);
  ::execl("/proc/self/exe", "bench_start", "--resident", folder.c_str(),
          std::to_string(rooms).c_str(), nullptr);
  std::abort();
}

// Writes `members` into the list of that room.
void fill_list(leveldb::DB& database, std::size_t room, std::size_t members) {
  const std::string mine = "log" + numbered(room);
  std::string prefix;
  const std::unique_ptr<leveldb::Iterator> at(database.NewIterator({}));
  for (at->Seek("r"); at->Valid() && prefix.empty(); at->Next()) {
    const std::string key = at->key().ToString();
    const std::size_t id = key.find(mine);
    if (id != std::string::npos) prefix = key.substr(0, key.find('\0', id) + 1);
  }
  leveldb::WriteBatch batch;
  for (std::size_t n = 0; n < members; ++n) {
    const std::string bare = "member" + numbered(n) + "@a.example";
    rooms::Member member;
    member.affiliation = rooms::Affiliation::member;
    member.changed = member.since = 2;
    batch.Put(prefix + "m/" + bare, rooms::write_member(bare, member));
  }
  if (!database.Write({}, &batch).ok()) std::abort();
}

void absent_members(std::size_t members) {
  Folder folder;
  make_rooms(folder.path(), 3);
  {
    const auto database = open_bare(folder.path());
    fill_list(*database, 1, members);
    fill_list(*database, 2, members);
  }
  Desk desk;
  const auto store = open_store(folder.path(), desk);
  NodeOn node(*store, desk);
  node.start();
  node.take(description_of(1));
  node.run();
  ::malloc_trim(0);
  const std::size_t before = allocated();
  node.take(description_of(2));
  node.run();
  std::printf("absent members: %zu in one room, %.0f bytes each\n", members,
              double(allocated() - before) / double(members));
}

// A client's presence as clients send it: with capabilities.
std::string presence_of(std::size_t occupant, std::size_t room) {
  const std::string name = "user" + numbered(occupant);
  return "<presence from='" + name + "@a.example/Client.abcdefgh' to='" + room_named(room) + "/" +
         name +
         "'><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='https://client.example'"
         " ver='q07IKJEyjvHSyhy//CH0CxmKi8w='/><x xmlns='http://jabber.org/protocol/muc'>"
         "<history maxstanzas='0'/></x></presence>";
}

// In rooms that are loaded already. They rest, and everything was confirmed.
void idle_occupants(std::size_t rooms, std::size_t each) {
  Folder folder;
  make_rooms(folder.path(), rooms);
  Desk desk;
  const auto store = open_store(folder.path(), desk);
  NodeOn node(*store, desk);
  node.start();
  const auto rest = [&] {
    for (int i = 0; i < 3; ++i) {
      node.skip(Millis(limits::kRest_ms));
      node.run();
    }
    ::malloc_trim(0);
  };
  const auto enter = [&](std::size_t room, std::size_t from, std::size_t to) {
    for (std::size_t n = from; n < to; ++n) {
      node.take(presence_of(n, room));
      node.run();
    }
  };
  // One is in each: what a room with occupants has but once is not theirs.
  for (std::size_t room = 0; room < rooms; ++room) enter(room, 0, 1);
  rest();
  const std::size_t before = allocated();
  for (std::size_t room = 0; room < rooms; ++room) enter(room, 1, each + 1);
  rest();
  std::printf("idle occupants: %zu in each of %zu rooms, %.0f bytes each\n", each, rooms,
              double(allocated() - before) / double(rooms * each));
}

// In a process of its own: what one leaves behind does not count for the next.
template <typename Work>
void apart(Work work) {
  std::fflush(stdout);
  const pid_t child = ::fork();
  if (child == 0) {
    work();
    std::fflush(stdout);
    ::_exit(0);
  }
  int status = 0;
  if (::waitpid(child, &status, 0) != child || status != 0) std::abort();
}

}  // namespace
}  // namespace hansa::bench

int main(int count, char** arguments) {
  using namespace hansa::bench;
  if (count == 4 && std::string(arguments[1]) == "--resident") {
    if (!is_mimalloc()) std::abort();
    idle_rooms(arguments[2], std::stoul(arguments[3]));
    return 0;
  }
  std::size_t rooms = 20'000;
  if (count == 3 && std::string(arguments[1]) == "--rooms") rooms = std::stoul(arguments[2]);
  Folder folder;
  apart([&] {
    const auto begun = Clock::now();
    make_rooms(folder.path(), rooms);
    std::printf("(%zu rooms made in %.0f s)\n", rooms, since(begun) / 1000);
  });
  for (int time = 0; time < 3; ++time) {
    forget_pages(folder.path());
    apart([&] { cold_start(folder.path(), rooms); });
  }
  apart([&] { idle_rooms(folder.path(), rooms); });
  apart([&] { idle_rooms_on_mimalloc(folder.path(), rooms); });
  apart([&] { absent_members(100'000); });
  apart([&] { idle_occupants(20, 100); });
  apart([&] { idle_occupants(200, 10); });
}
