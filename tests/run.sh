#!/usr/bin/env bash
# Installs what the tests need, builds, and runs every test on SQLite and on a throwaway PostgreSQL.
#
#   tests/run.sh [--preset NAME] [--filter REGEX]
#
#   --preset NAME    release, debug or sanitize (default debug)
#   --filter REGEX   only the tests whose name matches
#
# The last line says how many tests failed.
set -euo pipefail

fail() {
    printf 'tests/run.sh: %s\n' "$*" >&2
    exit 2
}

preset=debug
filter=.
while [ $# -gt 0 ]; do
    case $1 in
    --preset) preset=${2:?--preset wants a name} ;;
    --filter) filter=${2:?--filter wants a regular expression} ;;
    -h | --help)
        sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0"
        exit 0
        ;;
    *) fail "unknown argument '$1'; there are --preset NAME and --filter REGEX" ;;
    esac
    shift 2
done
cd "$(dirname "$0")/.."

# A setting of this shell would be one of every hearthd that a test starts.
for variable in "${!HEARTH_@}"; do unset "$variable"; done

installer/packages.sh install test
cmake --preset "$preset" </dev/null
cmake --build --preset "$preset" </dev/null

# The cluster lives only as long as the tests, and so may lose its data in a power cut.
log=build/$preset/tests.log
status=0
# shellcheck disable=SC2016 # The inner shell expands these: pg_virtualenv sets them.
pg_virtualenv -o fsync=off bash -c '
    export HEARTH_TEST_POSTGRESQL="postgresql://$PGUSER:$PGPASSWORD@$PGHOST:$PGPORT/$PGDATABASE"
    export HEARTH_TEST_REQUIRE_POSTGRESQL=1
    exec ctest "$@"
' ctest --preset "$preset" --tests-regex "$filter" --parallel 2 </dev/null 2>&1 | tee "$log" || status=$?

grep -E '^[0-9]+% tests passed' "$log" | tail -n 1 || printf 'No test has run.\n'
exit "$status"
