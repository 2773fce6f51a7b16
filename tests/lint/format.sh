#!/usr/bin/env bash
# Fails where clang-format would change a C++ file of the project; with --fix it changes them.
set -euo pipefail
cd "$(dirname "$0")/../.."
command -v clang-format >/dev/null || { echo 'clang-format is missing: installer/packages.sh install test' >&2; exit 1; }
mode=(--dry-run -Werror)
[ "${1-}" != --fix ] || mode=(-i)
find common server desktop tests -name node_modules -prune -o \( -name '*.h' -o -name '*.cpp' \) -print0 |
    xargs --null --no-run-if-empty --max-procs 2 --max-args 40 clang-format "${mode[@]}"
