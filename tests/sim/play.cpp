#include "tests/sim/play.h"

#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <new>
#include <set>
#include <utility>
#include <vector>

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

namespace hansa::sim {
namespace {

std::array<char, 200> playing;

void on_abort(int signal) {
  static_cast<void>(
      !write(STDERR_FILENO, playing.data(), std::char_traits<char>::length(playing.data())));
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

void tell(const Arena& arena, std::uint64_t seed, const Outcome& outcome) {
  std::string text;
  for (const std::string& line : outcome.tail) text += "  " + line + "\n";
  text += "FAILED --world " + std::string(arena.name) + " --seed " + std::to_string(seed) + ": " +
          outcome.violation->invariant + ": " + outcome.violation->detail + "\n";
  std::fputs(text.c_str(), stdout);
  std::fflush(stdout);
}

Sum sum_of(const Outcome& outcome) {
  Sum sum;
  ++(outcome.violation ? sum.failed : sum.passed);
  sum.checked = outcome.checked;
  sum.covered = outcome.covered;
  return sum;
}

using Start = std::chrono::steady_clock::time_point;

double seconds_since(Start start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

bool time_is_over(const Order& order, Start start) {
  return order.seconds > 0 && seconds_since(start) > order.seconds;
}

Sum play_each(const Arena& arena, const Order& order) {
  const Start start = std::chrono::steady_clock::now();
  Sum sum;
  for (std::uint64_t i = 0; i < order.histories && !time_is_over(order, start); ++i) {
    sum.add(play_one(arena, order.first + i, order.verbose));
  }
  return sum;
}

// What all processes of a run see.
struct Board {
  std::atomic<std::uint64_t> next{0};
  std::atomic<std::uint64_t> failed{0};
  std::atomic<bool> over{false};  // no new one is begun
};

Board& new_board() {
  void* place =
      mmap(nullptr, sizeof(Board), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (place == MAP_FAILED) std::abort();
  return *new (place) Board;
}

volatile std::sig_atomic_t enough = 0;

// The first process is told to end: what was played is summed up. wait() is to come back, hence no
// SA_RESTART.
void stop_on_signal() {
  struct sigaction action {};
  action.sa_handler = [](int) { enough = 1; };
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

// A worker's sum on its way to the first process: lines of a letter, a number and a name. It is
// written every now and then, and added up there: an assertion that fails takes little with it.
void write_sum(std::FILE* out, const Sum& sum) {
  const auto line = [out](char kind, std::uint64_t number, const std::string& name) {
    std::fprintf(out, "%c %llu %s\n", kind, static_cast<unsigned long long>(number), name.c_str());
  };
  line('p', sum.passed, "");
  line('f', sum.failed, "");
  for (const std::uint64_t seed : sum.seeds) line('s', seed, "");
  for (const auto& [name, times] : sum.checked) line('i', times, name);
  for (const auto& [name, times] : sum.covered) line('c', times, name);
  std::fflush(out);
}

Sum read_sum(std::FILE* in) {
  Sum sum;
  std::array<char, 512> line;
  while (std::fgets(line.data(), line.size(), in) != nullptr) {
    char* end = nullptr;
    const std::uint64_t number = std::strtoull(line.data() + 2, &end, 10);
    std::string name(end + 1);
    name.pop_back();
    switch (line[0]) {
      case 'p': sum.passed += number; break;
      case 'f': sum.failed += number; break;
      case 's': sum.seeds.push_back(number); break;
      case 'i': sum.checked[name] += number; break;
      default: sum.covered[name] += number;
    }
  }
  return sum;
}

void play_share(const Arena& arena, const Order& order, Board& board, Start start, std::FILE* out) {
  constexpr std::uint64_t kTogether = 50;
  constexpr std::uint64_t kTold = 1000;
  Sum sum;
  for (std::uint64_t i = board.next++; i < order.histories && !board.over; i = board.next++) {
    if (time_is_over(order, start)) break;
    const Sum one = play_one(arena, order.first + i, order.verbose);
    board.failed += one.failed;
    sum.add(one);
    if (sum.passed + sum.failed >= kTogether) write_sum(out, std::exchange(sum, {}));
    if ((i + 1) % kTold > 0) continue;
    std::printf("%llu begun of %s, %llu failed, %.0f s\n", static_cast<unsigned long long>(i + 1),
                arena.name.data(), static_cast<unsigned long long>(board.failed),
                seconds_since(start));
    std::fflush(stdout);
  }
  write_sum(out, sum);
}

}  // namespace

void Sum::add(const Sum& other) {
  passed += other.passed;
  failed += other.failed;
  seeds.insert(seeds.end(), other.seeds.begin(), other.seeds.end());
  for (const auto& [name, times] : other.checked) checked[name] += times;
  for (const auto& [name, times] : other.covered) covered[name] += times;
}

void say_which_on_abort() {
  std::signal(SIGABRT, on_abort);
  std::signal(SIGSEGV, on_abort);
}

void now_playing(const Arena& arena, std::uint64_t seed, std::string_view planted) {
  std::snprintf(playing.data(), playing.size(), "\nFAILED --world %s --seed %llu: aborted (%s)\n",
                arena.name.data(), static_cast<unsigned long long>(seed),
                planted.empty() ? "nothing planted" : planted.data());
}

Sum play_one(const Arena& arena, std::uint64_t seed, bool verbose) {
  now_playing(arena, seed, {});
  const Outcome outcome = arena.play(seed, verbose, {});
  Sum sum = sum_of(outcome);
  if (!outcome.violation) return sum;
  tell(arena, seed, outcome);
  sum.seeds.push_back(seed);
  return sum;
}

Sum play_twice(const Arena& arena, std::uint64_t seed) {
  now_playing(arena, seed, {});
  const Outcome first = arena.play(seed, false, {});
  const Outcome second = arena.play(seed, false, {});
  if (first.violation) tell(arena, seed, first);
  Sum sum = sum_of(first);
  if (second.hash == first.hash && second.steps == first.steps) return sum;
  std::printf("FAILED --world %s --seed %llu: played twice it is not the same\n", arena.name.data(),
              static_cast<unsigned long long>(seed));
  ++sum.failed;
  return sum;
}

Sum play_many(const Arena& arena, const Order& order) {
  constexpr std::uint64_t kMany = 1000;
  if (order.jobs <= 1 && order.histories < kMany) return play_each(arena, order);
  const Start start = std::chrono::steady_clock::now();
  Board& board = new_board();
  std::map<pid_t, std::FILE*> workers;
  Sum sum;
  const auto begin = [&] {
    std::FILE* out = std::tmpfile();
    std::fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
      std::signal(SIGINT, SIG_IGN);  // the first process says when it is enough
      std::signal(SIGTERM, SIG_IGN);
      play_share(arena, order, board, start, out);
      std::fflush(stdout);
      _exit(0);
    }
    workers.emplace(child, out);
  };
  stop_on_signal();
  for (std::uint64_t i = 0; i < order.jobs; ++i) begin();
  while (!workers.empty()) {
    int status = 0;
    const auto done = workers.extract(wait(&status));
    if (enough != 0) board.over = true;
    if (done.empty()) continue;
    std::rewind(done.mapped());
    sum.add(read_sum(done.mapped()));
    std::fclose(done.mapped());
    if (status == 0) continue;
    ++sum.failed;  // on_abort said which history it was
    begin();
  }
  munmap(&board, sizeof(Board));
  return sum;
}

void print(const Arena& arena, const Sum& sum) {
  std::printf("world %s: %llu histories\n", arena.name.data(),
              static_cast<unsigned long long>(sum.passed + sum.failed));
  for (const std::uint64_t seed : sum.seeds) {
    std::printf("failed: seed %llu\n", static_cast<unsigned long long>(seed));
  }
  for (const auto& [invariant, times] : sum.checked) {
    std::printf("%10llu × %s\n", static_cast<unsigned long long>(times), invariant.c_str());
  }
  if (sum.covered.empty()) return;
  // Rows are faults, columns what they hit: «fault × what».
  std::set<std::string> rows;
  std::set<std::string> columns;
  const auto cut = [](const std::string& name) { return name.find(" × "); };
  for (const auto& [name, times] : sum.covered) {
    rows.insert(name.substr(0, cut(name)));
    columns.insert(name.substr(cut(name) + 4));
  }
  std::printf("%28s", "");
  for (const std::string& column : columns) std::printf(" %12s", column.c_str());
  std::printf("\n");
  for (const std::string& row : rows) {
    std::printf("%28s", row.c_str());
    for (const std::string& column : columns) {
      const auto found = sum.covered.find(row + " × " + column);
      const std::uint64_t times = found == sum.covered.end() ? 0 : found->second;
      std::printf(" %12llu", static_cast<unsigned long long>(times));
    }
    std::printf("\n");
  }
}

}  // namespace hansa::sim
