#include "tests/sim/regressions.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace hansa::sim {

std::vector<Regression> read_regressions() {
  constexpr const char* kFile = "tests/sim/regressions.txt";
  std::ifstream in(kFile);
  if (!in) {
    std::fprintf(stderr, "hansa_sim: cannot read %s: run it in the folder of the project\n", kFile);
    std::exit(2);
  }
  std::vector<Regression> out;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream words(line);
    Regression one;
    words >> one.world >> one.seed;
    std::getline(words >> std::ws, one.why);
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace hansa::sim
