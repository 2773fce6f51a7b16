#!/usr/bin/env bash
# Prints the version of the packages, Debian's and RPM's alike: that of CHANGELOG.md's first heading. While the heading
# says "unreleased", a tilde and the last commit's time follow, so that packages of later commits are upgrades of earlier
# ones, and the release is an upgrade of them all: 0.1.0~202601312359 < 0.1.0~202602010000 < 0.1.0. Commits of one minute,
# and files that are changed and not committed, do not show in it: build-deb.sh --suffix tells such packages apart.
#
# Where there is no Git, as in an unpacked source package, SOURCE_DATE_EPOCH tells the time; where it is set, it rules.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() {
    printf 'version.sh: %s\n' "$1" >&2
    exit 1
}

heading=$(grep -m 1 '^## ' CHANGELOG.md) || fail 'CHANGELOG.md has no heading.'
[[ $heading =~ ^'## '([0-9]+\.[0-9]+\.[0-9]+)( |$) ]] || fail "CHANGELOG.md: '$heading' does not begin with a version such as 1.2.3."
version=${BASH_REMATCH[1]}
if [[ $heading == *unreleased* ]]; then
    built_from=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null)} ||
        fail 'An unreleased version is told by its last commit. There is no Git here: set SOURCE_DATE_EPOCH.'
    version+=~$(date --utc --date="@$built_from" +%Y%m%d%H%M)
fi
printf '%s\n' "$version"
