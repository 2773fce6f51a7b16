#!/usr/bin/env bash
# Builds the RPM packages hearth-server, hearth-publisher and hearth-tray from this checkout.
#
#   installer/build-rpm.sh OUTDIR
#
# Packages of other versions go from OUTDIR, so that hearth-server-*.rpm is one file.
#
# A package is for the system that it was built on: rpmbuild makes it require the sonames of its libraries and the
# versions of their symbols, and no two distributions agree on all of them. Those from Debian 12 show that contents and
# scripts are right, which tests/packages/rpm-contents.sh checks, but dnf would refuse them: Fedora has no
# libsimdjson.so.14, for example, and its libcurl.so.4 has no CURL_OPENSSL_4. For Fedora or openSUSE, run this there.
#
# The build folder is build/rpm. It keeps the programs with their symbols, for there are no debuginfo packages.
set -euo pipefail
export LC_ALL=C.UTF-8

fail() {
    printf 'build-rpm.sh: %s\n' "$1" >&2
    if [ -s "${2-}" ]; then
        printf 'The last lines of %s:\n' "$2" >&2
        tail -n 30 "$2" | sed 's/^/    /' >&2
    fi
    exit 1
}

# step WHAT COMMAND…   quietly, unless it fails
step() {
    local what=$1 log=$build/packages.log
    shift
    printf '  %s\n' "$what"
    "$@" >"$log" 2>&1 </dev/null || fail "$what: failed." "$log"
}

configure() {
    # The compiler's own flags are the project's. The linker's harden as distributions do, and no path of this machine
    # gets into the programs.
    cmake --preset release -B "$build" -DHEARTH_TESTS=OFF -DCMAKE_INSTALL_PREFIX=/usr \
        -DCMAKE_POSITION_INDEPENDENT_CODE=ON -DCMAKE_CXX_FLAGS="-ffile-prefix-map=$PWD=." \
        -DCMAKE_EXE_LINKER_FLAGS='-pie -Wl,-z,relro,-z,now'
}

case ${1-} in
-h | --help)
    sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0"
    exit 0
    ;;
'' | -*) fail 'usage: build-rpm.sh OUTDIR' ;;
esac
mkdir -p "$1" || fail "Cannot write to $1."
out=$(realpath "$1")
cd "$(dirname "$0")/.."
readonly out build=build/rpm
mkdir -p "$build"

SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null)} ||
    fail 'There is no Git here to tell the time of the last commit: set SOURCE_DATE_EPOCH.'
export SOURCE_DATE_EPOCH
version=$(installer/version.sh)
! command -v apt-get >/dev/null || installer/packages.sh install build package
[ -z "$(git status --porcelain 2>/dev/null)" ] || printf 'The packages will hold changes that are not committed.\n'

printf 'Hearth %s as RPM packages; the log is %s\n' "$version" "$PWD/$build/packages.log"
step "configure $build" configure
step 'build (the first time takes some minutes)' cmake --build "$build"
rm -rf "$build/packages"
step 'package' cpack -G RPM -R "$version" --config "$build/CPackConfig.cmake" -B "$build/packages"
for name in hearth-server hearth-publisher hearth-tray; do
    # CPack goes on when rpmbuild has failed, and calls that a success.
    packages=("$build/packages/$name-$version"-*.rpm)
    [ -f "${packages[0]}" ] || fail "rpmbuild has not made $name." "$build/packages.log"
    rm -f "$out/$name"-[0-9]*.rpm
    install -m 644 -t "$out" "${packages[@]}"
    printf '  %s\n' "$out/${packages[0]##*/}"
done
