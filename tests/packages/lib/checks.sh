# shellcheck shell=bash
# What every case says and waits with. Sourced by suite.sh and rpm-contents.sh.

# fail TEXT…   ends the case
fail() {
    printf '!! %s\n' "$*" >&2
    exit 1
}

# step TEXT   a heading in the log of the case
step() { printf '== %s\n' "$*"; }

# must WHAT COMMAND…   the case ends unless the command succeeds
must() {
    local what=$1
    shift
    "$@" || fail "$what (status $?: $*)"
}

# must_not WHAT COMMAND…   the case ends if the command succeeds
must_not() {
    local what=$1
    shift
    ! "$@" || fail "$what ($*)"
}

# must_not_find WHAT PATTERN KNOWN COMMAND…   the case ends if a line that the command prints has the pattern. It also
# ends if the command fails, or prints no line with KNOWN: then nothing could have been found.
must_not_find() {
    local what=$1 pattern=$2 known=$3 output
    shift 3
    output=$("$@") || fail "cannot tell whether $what (status $?: $*)"
    grep -qE -- "$known" <<<"$output" || fail "cannot tell whether $what: there is no '$known' ($*)"
    ! grep -E -- "$pattern" <<<"$output" || fail "$what ($*)"
}

# within SECONDS WHAT COMMAND…   tries the command until it succeeds
within() {
    local limit=$((SECONDS + $1)) what=$2
    shift 2
    until "$@"; do
        [ $SECONDS -lt "$limit" ] || fail "waited in vain until $what ($*)"
        sleep 0.1
    done
}
