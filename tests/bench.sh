#!/bin/sh
# bench.sh BUILD_DIRECTORY: the benchmark still runs, on a row that needs no network.
set -eu
command -v python3 >/dev/null || { echo "skipped: python3 is not installed"; exit 77; }
bench=$(dirname "$0")/bench/bench.py
python3 -B "$bench" --build "$1" --list | grep -q '^lookups-10000: '
output=$(python3 -B "$bench" --build "$1" --quick --only version)
echo "$output"
echo "$output" | grep -q '^  wall .* ≤ 0.25'
