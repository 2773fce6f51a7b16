# shellcheck shell=bash disable=SC2154 # run_case sets `scratch`.
# Commands typed on a terminal by somebody who answers what is asked. Sourced by suite.sh.

# What a person types, by what is asked.
declare -A replies=()

# reply LOG   once to each question in it
reply() {
    local question
    for question in "${!replies[@]}"; do
        if [ -z "${replied[$question]-}" ] && grep -qF "$question" "$1"; then
            replied[$question]=1
            printf '%s\n' "${replies[$question]}" >&7
        fi
    done
}

# type_line LINE LOG
type_line() {
    local line=$1 log=$2 limit=$((SECONDS + 200)) terminal
    local -A replied=()
    printf '$ %s\n' "$line"
    rm -f "$scratch/typed"
    mkfifo "$scratch/typed"
    # Open for both directions, so that nobody waits for the other end.
    exec 7<>"$scratch/typed"
    inside script --quiet --return --flush --command "$line" /dev/null <"$scratch/typed" >"$log" 2>&1 &
    terminal=$!
    while kill -0 "$terminal" 2>/dev/null; do
        [ $SECONDS -lt "$limit" ] || fail "this has not ended: $(<"$log")"
        reply "$log"
        sleep 0.1
    done
    exec 7>&-
    wait "$terminal" || fail "this has failed: $(<"$log")"
    cat "$log"
}
