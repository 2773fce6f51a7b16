#!/usr/bin/env bash
# Shows Hearth at work on this machine: builds it, starts a server and a publisher for a model found here (or for the
# test backend), asks the model something through the relay, and keeps serving until Ctrl-C.
#
#   installer/try.sh [--once] [--bin DIR]
#
#   --once      leave after the answer
#   --bin DIR   use the programs in DIR instead of building them
#
# Database, keys and logs live in $HEARTH_TRY_DIR (default $XDG_STATE_HOME/hearth-try) and serve the next run again.
set -euo pipefail
export LC_ALL=C.UTF-8

readonly preferred_port=4327
readonly backend_ports='11434 8000 8080 1234'
readonly question='Greet whoever sits by the hearth, in one sentence.'
readonly home=${HEARTH_TRY_DIR:-${XDG_STATE_HOME:-$HOME/.local/state}/hearth-try}
# To the programs, each HEARTH_… variable would be a setting.
for variable in "${!HEARTH_@}"; do export -n "${variable?}"; done

bin=
once=false
pids=()
names=()
interrupt_status=130

say() { printf '  %-10s %s\n' "$1" "$2"; }

# fail MESSAGE [LOG]
fail() {
    printf '\n%s\n' "$1" >&2
    if [ -s "${2-}" ]; then
        printf 'The last lines of %s:\n' "$2" >&2
        tail -n 15 "$2" | sed 's/^/    /' >&2
    fi
    exit 1
}

is_running() { kill -0 "$1" 2>/dev/null; }

# The publisher goes first, so that the server sees it leave; a second Ctrl-C does not wait.
stop_everything() {
    local status=$? pid tenths
    trap - EXIT
    trap 'kill -KILL "${pids[@]}" 2>/dev/null; exit 130' INT TERM
    for ((index = ${#pids[@]} - 1; index >= 0; --index)); do
        pid=${pids[index]}
        kill -TERM "$pid" 2>/dev/null || continue
        for ((tenths = 0; tenths < 350; ++tenths)); do
            is_running "$pid" || break
            sleep 0.1
        done
        kill -KILL "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    exit "$status"
}

# start NAME COMMAND…   runs it beyond the reach of the terminal's Ctrl-C, which would hurry it
start() {
    local name=$1
    shift
    : >"$home/$name.log"
    setsid "$@" </dev/null >>"$home/$name.log" 2>&1 &
    pids+=($!)
    names+=("$name")
    printf '%s\n' "${pids[@]}" >"$home/pids"
}

# wait_until SECONDS WHAT COMMAND…   for the program that was started last
wait_until() {
    local limit=$1 what=$2 name=${names[-1]} tenths
    shift 2
    for ((tenths = 0; tenths < limit * 10; ++tenths)); do
        if "$@"; then return; fi
        is_running "${pids[-1]}" || fail "$name ended before $what." "$home/$name.log"
        sleep 0.1
    done
    fail "Waited $limit seconds in vain until $what." "$home/$name.log"
}

is_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

listening_url() { sed -n 's|.*listening on \(http://[^ ]*\).*|\1|p' "$home/$1.log" | head -n 1; }

is_listening() { [ -n "$(listening_url "$1")" ]; }

# A text as a YAML scalar.
yaml() { printf "'%s'" "${1//\'/\'\'}"; }

# ask KEY PATH [CURL OPTION…]   the key stays out of the process list
ask() {
    local key=$1 path=$2
    shift 2
    curl --silent --header @<(printf 'Authorization: Bearer %s\n' "$key") "$@" "$url$path"
}

parse_arguments() {
    while [ $# -gt 0 ]; do
        case $1 in
        --once) once=true ;;
        --bin)
            [ -d "${2-}" ] || fail '--bin wants a folder.'
            bin=$(realpath "$2")
            shift
            ;;
        -h | --help)
            sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0"
            exit 0
            ;;
        *) fail "Unknown argument '$1'; there are --once and --bin DIR." ;;
        esac
        shift
    done
}

take_data_directory() {
    (umask 077 && mkdir --parents "$home") || fail "Cannot write to $home; HEARTH_TRY_DIR names another place."
    # The programs hold the lock too, so that nothing left behind by a killed run is ever joined by a second one.
    exec 9>"$home/lock"
    flock --nonblock 9 || fail "Another run uses $home (processes $(paste -sd ' ' "$home/pids" 2>/dev/null)); HEARTH_TRY_DIR names another place."
}

build() {
    local log=$home/build.log
    installer/packages.sh install build run || fail 'Hearth needs these packages.'
    say packages installed
    say build 'build/release (the first time takes some minutes)'
    if ! cmake --preset release >"$log" 2>&1 </dev/null ||
        ! cmake --build --preset release --target hearthd hearth-publisher hearth-testbackend 2>&1 </dev/null |
        tee -a "$log" | show_progress; then
        fail 'The build failed.' "$log"
    fi
    bin=build/release/bin
}

# Ninja's steps on one line that is written over and over; nothing where nobody looks.
show_progress() {
    local line
    while read -r line; do
        [ ! -t 1 ] || [[ $line != '['*']'* ]] || printf '\r  %-10s %s\033[K' '' "${line%%]*}]"
    done
    [ ! -t 1 ] || printf '\r\033[K'
}

# make_key NAME SCOPE   creates it and keeps it in NAME.key, which nobody else can read
make_key() {
    local answer key
    "$bin/hearthd" key revoke "try-$1" --config "$home/hearthd.yaml" >/dev/null 2>&1 </dev/null || true
    answer=$("$bin/hearthd" key create --name "try-$1" --scope "$2" --json --config "$home/hearthd.yaml" \
        2>"$home/keys.log" </dev/null) || fail "Cannot create the key 'try-$1'." "$home/keys.log"
    key=$(sed -n 's/.*"key": *"\(hk_[^"]*\)".*/\1/p' <<<"$answer")
    [ -n "$key" ] || fail "hearthd printed no key."
    printf '%s\n' "$key" >"$home/$1.key"
}

make_keys() {
    make_key client infer
    make_key publisher publish
}

client_status() { ask "$(<"$home/client.key")" /v1/models --output /dev/null --write-out '%{http_code}' || true; }

client_is_known() { [ "$(client_status)" = 200 ]; }

start_server() {
    local port=$preferred_port
    printf 'database: %s\n' "$(yaml "sqlite:$home/hearth.db")" >"$home/hearthd.yaml"
    if [ ! -s "$home/hearth.db" ] || [ ! -s "$home/client.key" ] || [ ! -s "$home/publisher.key" ]; then make_keys; fi
    ! is_taken "$port" || port=0
    start hearthd "$bin/hearthd" --config "$home/hearthd.yaml" --listen "127.0.0.1:$port"
    wait_until 30 'the server listened' is_listening hearthd
    url=$(listening_url hearthd)
    # Keys of an earlier database; a running server takes up new ones within a second.
    [ "$(client_status)" != 401 ] || make_keys
    wait_until 5 'the server accepted the key' client_is_known
    say server "$url, data in $home"
}

# The first model of the first backend that answers, as `backend` and `model`.
find_backend() {
    local port
    for port in $backend_ports; do
        model=$(curl --silent --fail --max-time 2 "http://127.0.0.1:$port/v1/models" | tr -d '\n' |
            grep -o '"id" *: *"[^"\\]*"' | sed 's/.*: *"//; s/"$//' | grep -viE 'embed|rerank|whisper' | head -n 1) || true
        if [ -n "$model" ]; then
            backend=http://127.0.0.1:$port
            say backend "$backend serves $model"
            return
        fi
    done
    model=test-model
    start testbackend "$bin/hearth-testbackend" --listen 127.0.0.1:0 --model "$model"
    wait_until 10 'the test backend listened' is_listening testbackend
    backend=$(listening_url testbackend)
    say backend "hearth-testbackend (no model found on the ports ${backend_ports// /, })"
}

llm_is_active() {
    ask "$(<"$home/client.key")" /api/v1/llms | sed 's/},{/},\n{/g' | grep -F "\"name\":\"$llm\"" | grep -qF '"status":"active"'
}

start_publisher() {
    # Names are letters, digits and ._:/@-, at most 128 of them.
    llm=$(printf %s "$model" | tr -c 'A-Za-z0-9._:/@-' - | sed 's/^[^A-Za-z0-9]*//' | cut -c 1-128)
    cat >"$home/publisher.yaml" <<END
server: $url
keyFile: $(yaml "$home/publisher.key")
stateFile: $(yaml "$home/publisher.json")
name: $(yaml "$(uname -n)")
llms:
  - name: $(yaml "$llm")
    model: $(yaml "$model")
    url: $backend/v1
    publish: true
END
    start publisher "$bin/hearth-publisher" --config "$home/publisher.yaml"
    wait_until 20 'the model was published' llm_is_active
    say publisher "publishes $llm"
}

# Prints the text of a streamed chat completion as it comes; fails unless it is complete.
print_text() {
    perl -CS -e '
        my %plain = (n => "\n", t => "\t", r => "", b => "", f => "");
        sub text {
            my $t = shift;
            $t =~ s{\\u(d[89ab]..)\\u(d[c-f]..)|\\u(....)|\\(.)}
                   { defined $1 ? chr(0x10000 + ((hex($1) - 0xd800) << 10) + hex($2) - 0xdc00)
                   : defined $3 ? chr(hex $3) : $plain{$4} // $4 }gie;
            $t =~ s/[^\P{Cc}\n\t]//g;
            return $t;
        }
        my ($done, $other) = (0, "");
        $| = 1;
        while (<STDIN>) {
            if (/^data: *\[DONE\]/) { $done = 1 }
            elsif (/^data: *\{ *"error"/) { $other .= $_ }
            elsif (/^data:/) { print text($1) while /"(?:reasoning_)?content" *: *"((?:[^"\\]|\\.)*)"/g }
            elsif (!/^:/) { $other .= $_ if /\S/ }
        }
        print "\n";
        print STDERR $other;
        exit($done ? 0 : 1);'
}

show_one_answer() {
    local body="{\"model\":\"$llm\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"$question\"}]}"
    printf '\nyou> %s\n%s> ' "$question" "$llm"
    ask "$(<"$home/client.key")" /v1/chat/completions --no-buffer --max-time 300 \
        --header 'Content-Type: application/json' --data "$body" | print_text ||
        fail 'No complete answer came through the relay.' "$home/hearthd.log"
}

show_how_to_go_on() {
    local key
    key=$(<"$home/client.key")
    cat <<END

  URL        $url/v1
  key        $key
  curl -N $url/v1/chat/completions -H 'Authorization: Bearer $key' \\
    -H 'Content-Type: application/json' \\
    -d '{"model":"$llm","stream":true,"messages":[{"role":"user","content":"Hello"}]}'

END
}

serve() {
    interrupt_status=0
    printf 'Serving until Ctrl-C; the logs are in %s.\n' "$home"
    wait -n "${pids[@]}" 2>/dev/null || true
    local index
    for index in "${!pids[@]}"; do
        is_running "${pids[index]}" || fail "${names[index]} has ended." "$home/${names[index]}.log"
    done
}

parse_arguments "$@"
cd "$(dirname "$0")/.."
printf 'Hearth: your model behind one URL\n'
take_data_directory
[ -n "$bin" ] || build
umask 077
trap stop_everything EXIT
trap 'exit $interrupt_status' INT TERM
start_server
find_backend
start_publisher
show_one_answer
show_how_to_go_on
$once || serve
