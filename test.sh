#!/usr/bin/env bash
# Builds hansa and runs its tests. From a fresh Debian 12 on: no other step is needed.
#   ./test.sh [--long] [unit|sim|interop|tidy]...      default: unit, sim and interop
# --long: also the thread sanitizer, the fuzzers, the benchmarks once, and longer simulator and
# kill -9 runs. What its parts are, and how to set their time: docs/testing.md.
set -euo pipefail
cd "$(dirname "$0")"

long= parts=()
for argument in "$@"; do
  case $argument in
    --long) long=1 ;;
    unit | sim | interop | tidy) parts+=("$argument") ;;
    *) sed -n '2,5s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
  esac
done
[[ ${#parts[@]} -gt 0 ]] || parts=(unit sim interop)
[[ -z $long ]] || export HANSA_LONG=1
wants() { [[ " ${parts[*]} " == *" $1 "* ]]; }

jobs=$(nproc)
results=$(mktemp -d)
broken=

# The last line is the sum, whatever happened before it.
finish() {
  local status=$?
  shopt -s nullglob
  /usr/bin/python3 tools/sum-results "$results"/*.xml || status=1
  rm -rf "$results"
  [[ -z $broken ]] || status=1
  exit "$status"
}
trap finish EXIT

# phase <name> <budget in minutes> <command...>: says how long it took; a failure is kept for the
# end, so that the phases after it still report.
phase() {
  local name=$1 budget=$2 start=$SECONDS status=0
  shift 2
  echo "== $name (budget $budget min)"
  "$@" || { status=$?; broken=1; }
  local took=$((SECONDS - start)) note=
  ((took <= budget * 60)) || note=", OVER BUDGET"
  ((status == 0)) || note+=", FAILED"
  echo "== $name: $((took / 60)) min $((took % 60)) s of $budget min$note"
  return "$status"
}

# build <preset> <target...>; no target: configure only.
build() {
  local preset=$1
  shift
  cmake --preset "$preset" >"$results/configure.log" || { cat "$results/configure.log"; return 1; }
  [[ $# -eq 0 ]] || cmake --build --preset "$preset" -j "$jobs" --target "$@"
}

build_all() {
  if wants sim || wants interop || [[ -n $long ]]; then
    local targets=(sim interop)
    [[ -z $long ]] || targets+=(bench)
    build release "${targets[@]}" || return 1
  fi
  if wants unit; then
    build dev unit_tests || return 1
    [[ -z $long ]] || build tsan unit_tests || return 1
    [[ -z $long ]] || build fuzz fuzz || return 1
  elif wants tidy; then
    build dev || return 1
  fi
}

# run <preset> <label>: its results go to a file that the sum reads. A label without tests fails.
run() {
  UBSAN_OPTIONS=print_stacktrace=1 ctest --preset "$1" -L "^$2\$" -j "$jobs" --no-tests=error \
    --output-junit "$results/$1-$2.xml"
}

# The thread sanitizer of GCC 12 needs the old layout of addresses where the kernel has a newer one.
run_tsan() {
  local plain=()
  ! setarch -R true 2>/dev/null || plain=(setarch -R)
  "${plain[@]}" ctest --preset tsan -L '^unit$' -LE tidy -j "$jobs" \
    --output-junit "$results/tsan-unit.xml"
}

# Every fuzz target for fuzz_seconds. What it learns is kept in build/fuzz/corpus for the next time;
# a finding is a file in build/fuzz/findings, named after its target.
fuzz_seconds=${HANSA_FUZZ_SECONDS:-600}
fuzz_targets() {
  local program
  for program in build/fuzz/fuzz_*; do
    [[ ! -x $program || -d $program ]] || echo "${program##*/fuzz_}"
  done
}
run_fuzz() { fuzz_targets | xargs -P "$jobs" -I {} tools/fuzz {} "$fuzz_seconds"; }

# Each once; those whose aims are for a million of something with a million.
run_bench() {
  local program arguments
  for program in build/release/bench_*; do
    [[ -x $program ]] || continue
    case ${program##*/} in
      bench_start) arguments=(--rooms 1000000) ;;
      bench_link) arguments=(--most 1000000) ;;
      *) arguments=() ;;
    esac
    "$program" "${arguments[@]}" || return 1
  done
}

tools/install-deps ${long:+--long}
phase build "$((long ? 40 : 12))" build_all || exit 1
if wants unit; then phase unit 3 run dev unit || true; fi
if wants tidy && ! wants unit; then phase tidy 1 run dev tidy || true; fi
if wants sim; then phase simulator "$((long ? 240 : 1))" run release sim || true; fi
if wants interop; then phase interop "$((long ? 60 : 15))" run release interop || true; fi
if [[ -n $long ]]; then
  if wants unit; then
    phase "thread sanitizer" 10 run_tsan || true
    phase fuzz "$((10 * fuzz_seconds / 60 / jobs + 5))" run_fuzz || true
  fi
  phase bench 20 run_bench || true
fi
