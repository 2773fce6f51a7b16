#!/usr/bin/env bash
# Writes pictures of wizard, window, settings, tray icons and menu, for people to look at.
#
#   tests/shots.sh [--preset NAME] FOLDER
#
#   --preset NAME   release, debug or sanitize (default debug)
#
# FOLDER gets a folder for each look: light, dark, german, and sharp for dense screens.
set -euo pipefail

preset=debug
folder=
while [ $# -gt 0 ]; do
    case $1 in
    --preset)
        preset=${2:?--preset wants a name}
        shift
        ;;
    -*)
        sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2
        exit 2
        ;;
    *) folder=$1 ;;
    esac
    shift
done
[ -n "$folder" ] || {
    printf 'tests/shots.sh: into which folder?\n' >&2
    exit 2
}
HEARTH_SHOTS=$(realpath -m "$folder")
export HEARTH_SHOTS
cd "$(dirname "$0")/.."

cmake --preset "$preset" >/dev/null
cmake --build --preset "$preset" --target tst_shots hearthd hearth-publisher hearth-testbackend
tests/support/desktop/run.sh --screen 1600x1200 "build/$preset/tests/tst_shots"
