// A fuzz target as a unit test, without libFuzzer: runs every file of a corpus, then mutations of
// them by seed. The input that ends the process is kept as a file, and its name printed.
//
//   fuzz_<target> FILE            one input
//   fuzz_<target> FOLDER [N]      all files of the folder, then N mutations (default 10,000)

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "base/random.h"
#include "tests/fuzz/target.h"

// GCC's sanitizers end the process without SIGABRT.
extern "C" void __sanitizer_set_death_callback(void (*callback)()) __attribute__((weak));

namespace {

namespace fs = std::filesystem;

const char* program = "fuzz";
std::string input;

void keep_input() {
  const std::string name = (fs::temp_directory_path() / fs::path(program).filename()).string() +
                           "-" + std::to_string(input.size()) + ".crash";
  std::ofstream(name, std::ios::binary) << input;
  std::fprintf(stderr, "the input is in %s\n", name.c_str());
}

void on_abort(int) { keep_input(); }

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void try_out(std::string bytes) {
  input = std::move(bytes);
  hansa::fuzz::run(input);
}

// Bytes on which readers of lengths, numbers, text and XML trip.
constexpr std::string_view kWords[] = {
    "<",    ">",    "&",    "'",    "\"",       "\xFF", "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01",
    "\x7F", "\x80", "]]>",  "<!--", "\xC3\xA4", "@",    "\xEF\xBF\xBF",
    "/",    ".",    "\r\n", "=",    "[",        "]",    "\xF0\x9F\x8D\x8B"};

std::string mutated(std::string bytes, const std::vector<std::string>& corpus,
                    hansa::SeededRandom& random) {
  for (std::uint64_t left = random.below(4) + 1; left > 0; --left) {
    const std::size_t at = random.below(bytes.size() + 1);
    const std::size_t length = random.below(16);
    const std::string& other = corpus[random.below(corpus.size())];
    switch (random.below(7)) {
      case 0: bytes.insert(at, 1, static_cast<char>(random.next())); break;
      case 1: bytes.erase(at, length); break;
      case 2: bytes.insert(at, kWords[random.below(std::size(kWords))]); break;
      case 3: bytes.insert(at, other.substr(random.below(other.size() + 1), 4 * length)); break;
      case 4: bytes.resize(at); break;
      default:
        if (at < bytes.size()) bytes[at] = static_cast<char>(bytes[at] ^ 1 << random.below(8));
    }
  }
  return bytes;
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) return 2;
  program = arguments[0];
  std::signal(SIGABRT, on_abort);
  if (__sanitizer_set_death_callback != nullptr) __sanitizer_set_death_callback(keep_input);
  const fs::path path = arguments[1];
  if (fs::is_regular_file(path)) {
    try_out(read(path));
    return 0;
  }
  std::vector<fs::path> files;
  for (const auto& file : fs::directory_iterator(path)) files.push_back(file.path());
  std::ranges::sort(files);  // the same order everywhere: a seed is a run
  std::vector<std::string> corpus;
  for (const fs::path& file : files) {
    corpus.push_back(read(file));
    try_out(corpus.back());
  }
  if (corpus.empty()) return 2;
  const unsigned long rounds = count > 2 ? std::stoul(arguments[2]) : 10'000;
  hansa::SeededRandom random(1);
  for (unsigned long round = 0; round < rounds; ++round) {
    try_out(mutated(corpus[random.below(corpus.size())], corpus, random));
  }
  std::printf("%zu files and %lu mutations\n", corpus.size(), rounds);
}
