#pragma once
// Prints a run as usual and keeps the best of each benchmark: what disturbs a run only makes it
// slower. The last lines of a program are ratios of these, and only they can be compared.

#include <benchmark/benchmark.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace hansa::bench {

class Best final : public benchmark::ConsoleReporter {
 public:
  Best() : ConsoleReporter(::isatty(STDOUT_FILENO) != 0 ? OO_Defaults : OO_Tabular) {}
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      if (run.run_type != Run::RT_Iteration || run.error_occurred) continue;
      const std::string argument = run.run_name.args;
      std::pair<double, double> time{run.GetAdjustedCPUTime(), run.GetAdjustedRealTime()};
      const auto [at, fresh] = best_.emplace(std::pair(run.run_name.function_name, argument), time);
      if (fresh) continue;
      at->second.first = std::min(at->second.first, time.first);
      at->second.second = std::min(at->second.second, time.second);
    }
    ConsoleReporter::ReportRuns(runs);
  }
  // Of one round; 0: it was not run.
  [[nodiscard]] double cpu(const std::string& name, const std::string& argument = {}) const {
    const auto at = best_.find({name, argument});
    return at == best_.end() ? 0 : at->second.first;
  }
  [[nodiscard]] double real(const std::string& name, const std::string& argument = {}) const {
    const auto at = best_.find({name, argument});
    return at == best_.end() ? 0 : at->second.second;
  }

 private:
  std::map<std::pair<std::string, std::string>, std::pair<double, double>> best_;
};

// A program's main: `ratios` prints the last lines.
template <typename Ratios>
int run(int count, char** arguments, Ratios ratios) {
  benchmark::Initialize(&count, arguments);
  if (benchmark::ReportUnrecognizedArguments(count, arguments)) return 1;
  Best best;
  benchmark::RunSpecifiedBenchmarks(&best);
  benchmark::Shutdown();
  ratios(best);
  return 0;
}

}  // namespace hansa::bench
