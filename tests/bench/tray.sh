#!/usr/bin/env bash
# Compares the CPU of hearth-tray with that of hearth-publisher while each carries the same stream, in turns on this
# machine.
#
#   tests/bench/tray.sh [--rounds N] [--seconds N] [--rate N] [--bin DIR]
#
#   --rounds N    how often each party gets its turn; the table shows the medians (default 5)
#   --seconds N   length of a turn (default 10)
#   --rate N      events per second of the stream (default 200)
#   --bin DIR     use the programs in DIR instead of building the preset release
#
# Starts every party itself on free ports of the loopback, the tray app on a desktop of its own, once with its window
# closed and once with it open, and prints a Markdown table.
set -euo pipefail

rounds=5
seconds=10
rate=200
bin=
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/bench/parts.sh
. "$here/parts.sh"

while [ $# -gt 0 ]; do
    case $1 in
    --rounds) rounds=${2:?--rounds wants a number} ;;
    --seconds) seconds=${2:?--seconds wants a number} ;;
    --rate) rate=${2:?--rate wants a number} ;;
    --bin) bin=$(realpath "${2:?--bin wants a folder}") ;;
    -h | --help)
        sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0"
        exit 0
        ;;
    *) fail "unknown argument '$1'" ;;
    esac
    shift 2
done
cd "$here/../.."

installer/packages.sh install build run test >&2
if [ -z "$bin" ]; then
    cmake --preset release >&2
    cmake --build --preset release --target hearthd hearth-publisher hearth-tray hearth-testbackend >&2
    bin=$PWD/build/release/bin
fi

# Nobody's own files and desktop.
export HOME=$dir XDG_CONFIG_HOME=$dir/config XDG_STATE_HOME=$dir/state XDG_RUNTIME_DIR=$dir/run
mkdir -m 700 "$XDG_RUNTIME_DIR"

# port_of LOG   on which a program says that it listens
port_of() { sed -n 's|.*listening on http://127\.0\.0\.1:\([0-9]*\).*|\1|p' "$1" | head -n 1; }
is_listening() { [ -n "$(port_of "$1")" ]; }

# write_configuration PARTY
write_configuration() {
    cat >"$dir/$1.yaml" <<END
server: http://127.0.0.1:$server_port
keyFile: $dir/publish.key
stateFile: $dir/$1.json
name: $1
llms:
  - {name: bench-$1, model: bench, url: "http://127.0.0.1:$backend_port/v1", publish: true}
END
}

# start_tray PARTY [FLAG]   leaves its process in `process`
start_tray() {
    local party=$1
    shift
    tests/support/desktop/run.sh sh -c 'echo $$ >"$1"; shift; exec "$@"' sh "$dir/$party.pid" \
        "$bin/hearth-tray" --config "$dir/$party.yaml" "$@" 2>"$dir/$party.log" &
    pids+=($!)
    wait_for "hearth-tray ($party) to start" test -s "$dir/$party.pid"
    process=$(<"$dir/$party.pid")
}

# stream PARTY SECONDS
stream() {
    curl --silent --no-buffer --header "Authorization: Bearer $(<"$dir/infer.key")" \
        --header 'Content-Type: application/json' \
        --data "{\"model\":\"bench-$1\",\"stream\":true,\"max_tokens\":$((rate * $2)),\"messages\":[]}" \
        "http://127.0.0.1:$server_port/v1/chat/completions"
}
answers() { [ "$(stream "$1" 1 | grep --count '^data: ')" -ge "$rate" ]; }

# Nanoseconds of CPU that all threads of a process have used.
cpu() { cat "/proc/$1/task/"*/schedstat | awk '{ sum += $1 } END { printf "%.0f", sum }'; }

# turn PARTY PROCESS SECONDS   appends the milliseconds of CPU a second
turn() {
    local before after events
    before=$(cpu "$2")
    events=$(stream "$1" "$3" | grep --count '^data: ')
    after=$(cpu "$2")
    [ "$events" -ge $((rate * $3)) ] || fail "$1: only $events events came"
    awk -v cpu=$((after - before)) -v seconds="$3" 'BEGIN { print cpu / 1e6 / seconds }' >>"$dir/$1.results"
}

median() {
    sort --general-numeric-sort "$dir/$1.results" |
        awk '{ value[NR] = $1 } END { m = int((NR + 1) / 2); print (value[m] + value[NR + 1 - m]) / 2 }'
}

create_key infer
create_key publish
"$bin/hearth-testbackend" --listen 127.0.0.1:0 --model bench --rate "$rate" 2>"$dir/backend.log" >&2 &
pids+=($!)
wait_for 'the backend to listen' is_listening "$dir/backend.log"
backend_port=$(port_of "$dir/backend.log")
"$bin/hearthd" --listen 127.0.0.1:0 --database "sqlite:$dir/hearth.db" 2>"$dir/hearthd.log" &
pids+=($!)
wait_for 'hearthd to listen' is_listening "$dir/hearthd.log"
server_port=$(port_of "$dir/hearthd.log")

for party in headless closed open; do write_configuration "$party"; done
"$bin/hearth-publisher" --config "$dir/headless.yaml" 2>"$dir/headless.log" &
headless=$!
pids+=("$headless")
start_tray closed --hidden
closed=$process
start_tray open
open=$process
for party in headless closed open; do wait_for "an answer of $party" answers "$party"; done

for ((round = 1; round <= rounds; ++round)); do
    printf 'round %d of %d\n' "$round" "$rounds" >&2
    for party in headless closed open; do turn "$party" "${!party}" "$seconds"; done
done

printf '| publisher, one stream of %d events/s | CPU ms/s | to headless |\n|---|---|---|\n' "$rate"
base=$(median headless)
for party in headless closed open; do
    case $party in
    headless) label='hearth-publisher' ;;
    closed) label='hearth-tray, window closed' ;;
    open) label='hearth-tray, window open' ;;
    esac
    awk -v label="$label" -v cpu="$(median "$party")" -v base="$base" \
        'BEGIN { printf "| %s | %.1f | %.2f× |\n", label, cpu, cpu / base }'
done
