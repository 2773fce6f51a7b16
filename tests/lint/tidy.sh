#!/usr/bin/env bash
# Runs clang-tidy over what a preset has configured and built. Takes half an hour on two cores, so
# it is not one of the tests.
#
#   tidy.sh [--preset NAME] [PATH]      default: debug, every file; PATH is a file, a folder or a pattern
set -euo pipefail
cd "$(dirname "$0")/../.."
preset=debug
if [ "${1-}" = --preset ]; then
    preset=$2
    shift 2
fi
command -v run-clang-tidy >/dev/null || { echo 'clang-tidy is missing: installer/packages.sh install tidy' >&2; exit 1; }
[ -f "build/$preset/compile_commands.json" ] || { echo "First configure and build: cmake --preset $preset" >&2; exit 1; }
# GCC's own warning options mean nothing to clang. What moc has made is not ours to tidy.
run-clang-tidy -quiet -p "build/$preset" -extra-arg=-Wno-unknown-warning-option \
    "^$PWD/${1-(common|server|desktop|tests)/}"
