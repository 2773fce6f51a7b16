#!/usr/bin/env bash
# Compares Hearth with nginx in front of nginx, the same number of hops to the same backend, in turns on this machine.
#
#   tests/bench/relay.sh [--rounds N] [--seconds N] [--bin DIR]
#
#   --rounds N    how often each party gets its turn; the table shows the medians (default 5)
#   --seconds N   length of a turn (default 3)
#   --bin DIR     use the programs in DIR instead of building the preset release
#
# Starts every party itself on free ports of the loopback and prints a Markdown table. Takes under two minutes by default.
set -euo pipefail

rounds=5
seconds=3
bin=
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/bench/parts.sh
. "$here/parts.sh"

while [ $# -gt 0 ]; do
    case $1 in
    --rounds) rounds=${2:?--rounds wants a number} ;;
    --seconds) seconds=${2:?--seconds wants a number} ;;
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

installer/packages.sh install bench >&2
if [ -z "$bin" ]; then
    cmake --preset release >&2
    cmake --build --preset release --target hearthd hearth-publisher >&2
    bin=$PWD/build/release/bin
fi

is_open() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Two calls need not differ, so each port is used before the next is taken. Below the range of outgoing connections.
free_port() {
    local port
    while port=$((20000 + RANDOM % 10000)); is_open "$port"; do :; done
    printf '%s' "$port"
}

has_worker() {
    worker=$(awk '{ print $1 }' "/proc/$1/task/$1/children")
    [ -n "$worker" ]
}

# start_nginx NAME TEMPLATE NEXT-PORT   leaves `port`, and the worker's process in `worker`
start_nginx() {
    local name=$1 template=$2 next=$3 master
    port=$(free_port)
    sed "s|@DIR@|$dir|; s|@NAME@|$name|; s|@PORT@|$port|; s|@NEXT@|$next|" "$here/nginx/$template" >"$dir/$name.conf"
    nginx -p "$dir" -e "$dir/$name.log" -c "$dir/$name.conf" -g 'daemon off;' &
    master=$!
    pids+=("$master")
    wait_for "nginx ($name) to listen" is_open "$port"
    wait_for "the worker of nginx ($name)" has_worker "$master"
}

hearth_port() { sed -n 's|.*listening on http://127\.0\.0\.1:\([0-9]*\).*|\1|p' "$dir/hearthd.log"; }
hearth_is_listening() { [ -n "$(hearth_port)" ]; }

post() {
    curl --silent --output /dev/null --write-out '%{http_code}' --header "Authorization: Bearer $(<"$dir/infer.key")" \
        --header 'Content-Type: application/json' --data '{"model":"bench-llm","messages":[]}' \
        "http://127.0.0.1:$1/v1/chat/completions"
}
answers() { [ "$(post "$1")" = 200 ]; }

start_hearth() {
    create_key infer
    create_key publish
    "$bin/hearthd" --listen 127.0.0.1:0 --database "sqlite:$dir/hearth.db" 2>"$dir/hearthd.log" &
    hearthd=$!
    pids+=("$hearthd")
    wait_for 'hearthd to listen' hearth_is_listening
    cat >"$dir/publisher.yaml" <<END
server: http://127.0.0.1:$(hearth_port)
keyFile: $dir/publish.key
stateFile: $dir/publisher.json
llms:
  - {name: bench-llm, model: bench, url: "http://127.0.0.1:$backend_port/v1", maxConcurrency: 256, publish: true}
END
    "$bin/hearth-publisher" --config "$dir/publisher.yaml" 2>"$dir/publisher.log" &
    publisher=$!
    pids+=("$publisher")
}

# Microseconds of CPU that a process has used.
cpu() {
    local fields
    read -r -a fields <"/proc/$1/stat"
    printf '%s' $(((fields[13] + fields[14]) * 1000000 / ticks))
}

# turn PARTY CONNECTIONS SECONDS PORT PROCESS   appends `requests/s p50 p99 cpu-per-request` to the party's results
turn() {
    local party=$1 connections=$2 length=$3 port=$4 process=$5 before after result
    before=$(cpu "$process")
    result=$(wrk --threads 1 --connections "$connections" --duration "${length}s" --timeout 5s --latency \
        --script "$here/chat.lua" "http://127.0.0.1:$port/v1/chat/completions" -- bench-llm "$dir/infer.key" |
        sed -n 's/^RESULT //p')
    after=$(cpu "$process")
    awk -v cpu=$((after - before)) '{ if ($5 > 0 || $1 == 0) exit 1; print $1 / $2 * 1e6, $3, $4, cpu / $1 }' <<<"$result" \
        >>"$dir/$party-$connections.results" || fail "$party: requests failed (requests, µs, p50, p99, failures: $result)"
}

# median PARTY CONNECTIONS COLUMN
median() {
    sort --general-numeric-sort --key "$3,$3" "$dir/$1-$2.results" |
        awk -v column="$3" '{ value[NR] = $column } END { m = int((NR + 1) / 2); print (value[m] + value[NR + 1 - m]) / 2 }'
}

print_table() {
    local connections party label rps p50 p99 cpu base
    printf '| path | connections | requests/s | p50 µs | p99 µs | CPU µs/request | requests/s to nginx | p50 to nginx | CPU to nginx |\n'
    printf '|---|---|---|---|---|---|---|---|---|\n'
    for connections in 1 64; do
        base="$(median nginx "$connections" 1) $(median nginx "$connections" 2) $(median nginx "$connections" 4)"
        for party in direct nginx hearth; do
            case $party in
            direct) label='backend, direct' ;;
            nginx) label='nginx → nginx → backend' ;;
            hearth) label='hearthd → hearth-publisher → backend' ;;
            esac
            rps=$(median $party "$connections" 1)
            p50=$(median $party "$connections" 2)
            p99=$(median $party "$connections" 3)
            cpu=$(median $party "$connections" 4)
            awk -v label="$label" -v n="$connections" -v rps="$rps" -v p50="$p50" -v p99="$p99" -v cpu="$cpu" -v base="$base" 'BEGIN {
                split(base, nginx, " ")
                printf "| %s | %d | %.0f | %.0f | %.0f | %.1f | %.2f× | %.2f× | %.2f× |\n",
                    label, n, rps, p50, p99, cpu, rps / nginx[1], p50 / nginx[2], cpu / nginx[3] }'
        done
    done
}

ticks=$(getconf CLK_TCK)
start_nginx backend backend.conf.in 0
backend_port=$port backend_worker=$worker
start_nginx box proxy.conf.in "$backend_port"
start_nginx edge proxy.conf.in "$port"
edge_port=$port edge_worker=$worker
start_hearth
hearth_port=$(hearth_port)
wait_for 'nginx to answer' answers "$edge_port"
wait_for 'Hearth to answer' answers "$hearth_port"

# one_round SECONDS
one_round() {
    local connections
    for connections in 1 64; do
        turn direct "$connections" "$1" "$backend_port" "$backend_worker"
        turn nginx "$connections" "$1" "$edge_port" "$edge_worker"
        turn hearth "$connections" "$1" "$hearth_port" "$hearthd"
    done
}

printf 'warming up\n' >&2
one_round 1
rm "$dir"/*.results
for ((round = 1; round <= rounds; ++round)); do
    printf 'round %d of %d\n' "$round" "$rounds" >&2
    one_round "$seconds"
done

print_table
printf '\nMedians of %d turns of %d s, one after the other on %d cores; CPU is that of the process that the client talks to.\n' \
    "$rounds" "$seconds" "$(nproc)"
