#!/usr/bin/env bash
# Runs a command on a desktop of its own: an X server on a free display, a session bus, a tray.
#
#   tests/support/desktop/run.sh [--no-tray] [--screen WIDTHxHEIGHT] COMMAND [ARGUMENT…]
#
# All of it ends with the command, whose exit status is handed on.
set -euo pipefail

tray=true
screen=1280x1000
while [ $# -gt 0 ]; do
    case $1 in
    --no-tray) tray=false ;;
    --screen)
        screen=${2:?--screen wants WIDTHxHEIGHT}
        shift
        ;;
    *) break ;;
    esac
    shift
done
[ $# -gt 0 ] || {
    sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2
    exit 2
}

folder=$(mktemp -d)
pids=()
stop() {
    local status=$?
    [ ${#pids[@]} = 0 ] || kill "${pids[@]}" 2>/dev/null || true
    wait 2>/dev/null || true
    rm -rf "$folder"
    exit "$status"
}
trap stop EXIT

# Waits until FILE has a line, which the program with this PID writes.
await() {
    local tenths
    for ((tenths = 0; tenths < 200; ++tenths)); do
        [ ! -s "$1" ] || return 0
        kill -0 "$2" 2>/dev/null || break
        sleep 0.1
    done
    printf 'run.sh: %s did not start\n' "$3" >&2
    exit 1
}

# Neither of the two may inherit a descriptor on which somebody waits for the end of the command.
Xvfb -displayfd 3 -screen 0 "${screen}x24" -nolisten tcp -noreset 3>"$folder/display" >"$folder/xvfb.log" 2>&1 </dev/null &
pids+=($!)
await "$folder/display" $! Xvfb
DISPLAY=:$(head -n 1 "$folder/display")
export DISPLAY
unset WAYLAND_DISPLAY XDG_SESSION_TYPE XDG_CURRENT_DESKTOP

dbus-daemon --session --nofork --print-address=3 3>"$folder/bus" >"$folder/bus.log" 2>&1 </dev/null &
pids+=($!)
await "$folder/bus" $! dbus-daemon
DBUS_SESSION_BUS_ADDRESS=$(head -n 1 "$folder/bus")
export DBUS_SESSION_BUS_ADDRESS

if $tray; then
    trayer --edge top --align right --widthtype request --height 24 --transparent false >"$folder/trayer.log" 2>&1 </dev/null &
    pids+=($!)
fi
export QT_QPA_PLATFORM=xcb QT_ACCESSIBILITY=0
# libxkbcommon-x11 copies counted strings with strndup(), which the strict checks of a sanitizer take for an overflow.
export ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}strict_string_checks=0

"$@"
