#!/usr/bin/env bash
# Shows a room that speaks: installs what is needed, builds, starts two Prosody domains and a node
# on free ports, and plays it. Stays up until Ctrl-C; with --once it ends by itself, with status 0
# only if every step was seen to happen.
set -euo pipefail
cd "$(dirname "$0")"

tools/install-deps
echo "demo: building hansa (a first build takes some minutes, a later one seconds)"
start=$SECONDS
cmake --preset release >/dev/null
cmake --build --preset release --target hansa
echo "demo: built in $((SECONDS - start)) s"
# exec: Ctrl-C goes to the one that ends all it has started.
exec /usr/bin/python3 tests/interop/demo.py "$@"
