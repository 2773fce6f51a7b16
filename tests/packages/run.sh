#!/usr/bin/env bash
# Tests the Debian packages in clean Debian 12 roots: installs them with apt, runs what they install, with and without
# systemd, upgrades, removes and purges. Wants root; takes some minutes, and some more the first time.
#
#   tests/packages/run.sh [--debs DIR] [--previous DIR] [--keep] [NAME…]
#
#   --debs DIR       the packages to test (default: builds them with installer/build-deb.sh)
#   --previous DIR   the packages that the upgrade starts from (default: those of --debs, with a lower version)
#   --keep           leaves the logs behind and says where
#   NAME             only these cases; each is a file in tests/packages/cases
#
# The last line says how many cases passed and failed. The clean root is kept in ${XDG_CACHE_HOME:-~/.cache}.
#
# Everything runs in a PID and a mount namespace of its own (lib/suite.sh is its first process): when that process
# ends, for whatever reason, no container and no mount is left, and this script removes the files.
set -euo pipefail
export LC_ALL=C.UTF-8

here=$(cd "$(dirname "$0")" && pwd)
readonly here
source=$(realpath "$here/../..")
readonly source

debs=
previous=
keep=false
names=()
work=
suite=

fail() {
    printf 'tests/packages/run.sh: %s\n' "$*" >&2
    exit 2
}

parse_arguments() {
    while [ $# -gt 0 ]; do
        case $1 in
        --debs | --previous)
            [ -d "${2-}" ] || fail "$1 wants a folder of .deb files."
            [ "$1" = --debs ] && debs=$(realpath "$2") || previous=$(realpath "$2")
            shift
            ;;
        --keep) keep=true ;;
        -h | --help)
            sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0"
            exit 0
            ;;
        -*) fail "unknown argument '$1'; there are --debs DIR, --previous DIR and --keep" ;;
        *)
            [ -f "$here/cases/$1.sh" ] || fail "there is no case '$1'; there are: $(all_cases | paste -sd ' ')"
            names+=("$1")
            ;;
        esac
        shift
    done
    [ ${#names[@]} -gt 0 ] || mapfile -t names < <(all_cases)
}

all_cases() {
    local file
    for file in "$here"/cases/*.sh; do basename "$file" .sh; done
}

# nspawn puts a container below the cgroup of its caller. Where that is the root, two containers would share it, and
# the systemd of one would end the services of the other.
cgroups() {
    local mount
    while read -r mount; do
        printf '%s/hearth-packages-%d\n' "$mount" $$
    done < <(findmnt --noheadings --output TARGET --types cgroup2 && true
        findmnt --noheadings --output TARGET --types cgroup --options name=systemd && true)
}

# shellcheck disable=SC2317 # The trap calls it.
remove_leftovers() {
    local cgroup
    for cgroup in $(cgroups); do
        [ ! -d "$cgroup" ] || find "$cgroup" -depth -type d -exec rmdir {} +
        # Not empty while the last processes end.
        [ ! -d "$cgroup" ] || return
    done
    rm -rf "$work/roots" || return
    $keep || rm -rf "$work"
}

# shellcheck disable=SC2317 # The trap calls it.
clean_up() {
    local status=$? tenths
    trap - EXIT INT TERM
    # The suite goes with its parent, and every container with the suite; it may take a moment.
    [ -z "$suite" ] || kill -KILL "$suite" 2>/dev/null || true
    wait 2>/dev/null || true
    for ((tenths = 0; tenths < 100; ++tenths)); do
        ! remove_leftovers 2>/dev/null || break
        sleep 0.1
    done
    ! $keep || printf 'The logs are in %s.\n' "$work/logs" >&2
    exit "$status"
}

build() {
    printf 'Building the packages; the log is %s.\n' "$work/logs/build.log"
    debs=$work/debs
    "$source/installer/build-deb.sh" "$debs" >"$work/logs/build.log" 2>&1 </dev/null || {
        tail -n 30 "$work/logs/build.log" >&2
        fail 'the packages cannot be built.'
    }
}

parse_arguments "$@"
[ "$(id -u)" = 0 ] || fail 'run this as root: it makes root file systems and boots containers.'
"$source/installer/packages.sh" install package-test
# On a disk: the roots of the tests can be larger than a temporary file system.
work=$(mktemp -d "${TMPDIR:-/var/tmp}/hearth-packages.XXXXXX")
mkdir "$work/logs" "$work/roots"
trap clean_up EXIT
trap 'exit 130' INT TERM
[ -n "$debs" ] || build
for cgroup in $(cgroups); do mkdir "$cgroup"; done

# In the background, so that a signal ends the wait at once.
HEARTH_PACKAGES_SOURCE=$source HEARTH_PACKAGES_WORK=$work HEARTH_PACKAGES_CGROUPS=$(cgroups) \
    HEARTH_PACKAGES_DEBS=$debs HEARTH_PACKAGES_PREVIOUS=$previous \
    unshare --mount --propagation private --pid --fork --kill-child --mount-proc \
    bash "$here/lib/suite.sh" "${names[@]}" </dev/null &
suite=$!
status=0
wait "$suite" || status=$?
suite=
exit "$status"
