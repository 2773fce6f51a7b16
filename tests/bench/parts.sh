# shellcheck shell=bash disable=SC2154 # Who sources it sets `bin`.
# What the comparisons have in common: a folder that goes with them, waiting, keys. Sourced by relay.sh and tray.sh, which
# set `bin` before they make keys and add what they start to `pids`.

pids=()
dir=$(mktemp -d)
# Each HEARTH_… variable of this shell would be a setting of every program.
for variable in "${!HEARTH_@}"; do unset "$variable"; done

fail() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

# shellcheck disable=SC2317 # The trap calls it.
clean_up() {
    kill "${pids[@]}" 2>/dev/null || true
    wait 2>/dev/null || true
    rm -rf "$dir"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

# wait_for WHAT COMMAND…   for at most 20 s
wait_for() {
    local what=$1 tenths
    shift
    for ((tenths = 0; tenths < 200; ++tenths)); do
        if "$@"; then return; fi
        sleep 0.1
    done
    tail -n 5 "$dir"/*.log >&2
    fail "waited in vain for $what"
}

# create_key SCOPE   into $dir/SCOPE.key
create_key() {
    "$bin/hearthd" key create --name "$1" --scope "$1" --json --database "sqlite:$dir/hearth.db" 2>>"$dir/keys.log" |
        sed -n 's/.*"key": *"\(hk_[^"]*\)".*/\1/p' >"$dir/$1.key"
    [ -s "$dir/$1.key" ] || fail "no key of scope $1"
}
