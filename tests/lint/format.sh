#!/usr/bin/env bash
# Fails where clang-format would change a C++ file of the project; with --fix it changes them.
set -euo pipefail
cd "$(dirname "$0")/../.."
command -v clang-format >/dev/null || { echo 'clang-format is missing: installer/packages.sh install test' >&2; exit 1; }
files() { find common server desktop installer tests -name node_modules -prune -o \( -name '*.h' -o -name '*.cpp' \) -print0; }
if [ "${1-}" = --fix ]; then
    files | xargs --null clang-format -i
elif ! findings=$(files | xargs --null clang-format --dry-run -Werror -ferror-limit=1 2>&1); then
    printf 'clang-format would change these; tests/lint/format.sh --fix does it:\n'
    grep ' error: ' <<<"$findings" | sed 's/: error:.*//'
    exit 1
fi
