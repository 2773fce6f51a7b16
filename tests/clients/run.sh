#!/usr/bin/env bash
# Starts the npm tests; ctest calls it.
#
#   run.sh install              installs what package-lock.json names, unless it is there already
#   run.sh SUITE BIN_DIR        runs SUITE.test.mjs against the programs in BIN_DIR
set -euo pipefail
[ $# -lt 2 ] || bin=$(realpath "$2")
cd "$(dirname "$0")"
for command in node npm; do
    command -v "$command" >/dev/null || { echo "$command is missing: installer/packages.sh install test" >&2; exit 1; }
done
if [ "$1" = install ]; then
    # npm keeps a copy of the lock of what it has installed; the stamp says that this was all of it.
    cmp --silent package-lock.json node_modules/.installed && exit 0
    npm ci --no-audit --no-fund --ignore-scripts </dev/null
    cp package-lock.json node_modules/.installed
else
    HEARTH_TEST_BIN_DIR=$bin exec node --test --test-reporter spec "$1.test.mjs" </dev/null
fi
