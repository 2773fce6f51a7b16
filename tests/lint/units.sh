#!/usr/bin/env bash
# Checks the systemd units as far as that is possible without starting them: systemd understands every line, the two
# units of the publisher agree, and hearthd.service exposes as little as promised.
set -euo pipefail
cd "$(dirname "$0")/../../installer/systemd"

# What "systemd-analyze security" may find at most, in tenths.
readonly exposure=20

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# The manager of a user wants one; there is none where nobody is logged in.
export XDG_RUNTIME_DIR=$scratch
failed=0

complain() {
    printf '%s: %s\n' "$1" "$2" >&2
    failed=1
}

# The programs are not installed where this runs, so another one stands in for them. What systemd only warns of, such
# as a key that it does not know, is a failure here.
verify() {
    local unit=$1 copy said
    copy=$scratch/$(basename "$unit" .in)
    shift
    sed 's|^\(Exec[A-Za-z]*=\)@CMAKE_INSTALL_FULL_BINDIR@/hearth[a-z-]*|\1/bin/true|' "$unit" >"$copy"
    said=$(systemd-analyze verify --man=no --recursive-errors=no "$@" "$copy" 2>&1) || said=${said:-it cannot be used}
    [ -z "$said" ] || complain "$unit" "$said"
}

command -v systemd-analyze >/dev/null || {
    echo 'tests/lint/units.sh: there is no systemd-analyze here; install the package systemd' >&2
    exit 1
}
# What the service of a user says, that of the system says too.
agree() {
    local missing
    missing=$(sed -n '/^\[Service\]/,/^\[Install\]/{/^[A-Z]/p}' "$2" | grep --fixed-strings --line-regexp --invert-match --file="$1") ||
        return 0
    complain "$2" "$1 does not have: $missing"
}

verify hearthd.service.in
verify hearth-publisher.service.in
verify user/hearth-publisher.service.in --user
agree hearth-publisher.service.in user/hearth-publisher.service.in

report=$(systemd-analyze security --offline=true --threshold="$exposure" --no-pager "$scratch/hearthd.service" 2>&1) ||
    complain hearthd.service.in "$(tail -n 1 <<<"$report") It may be $((exposure / 10)).$((exposure % 10)) at most."
exit "$failed"
