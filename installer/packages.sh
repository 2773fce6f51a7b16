#!/usr/bin/env bash
# The Debian 12 packages that Hearth needs: the only list there is. try.sh, build-deb.sh, build-rpm.sh, tests/run.sh
# and the scripts in tests/packages and tests/bench install from it.
#
#   packages.sh list PURPOSE…       prints the names, one a line
#   packages.sh missing PURPOSE…    prints those that are not installed
#   packages.sh install PURPOSE…    installs those that are not installed (with sudo where you are not root)
#
# Purposes: build, run, test (with what building and running takes), bench (likewise), tidy (with what building takes),
# package (likewise), package-test (with what packaging takes).
set -euo pipefail

readonly build=(
    g++ cmake ninja-build pkg-config ccache mold
    qt6-base-dev qt6-websockets-dev qt6-tools-dev qt6-l10n-tools qtkeychain-qt6-dev libxcb1-dev
    libboost1.81-dev libcurl4-openssl-dev libssl-dev libsimdjson-dev libsodium-dev libyaml-cpp-dev
    libcli11-dev prometheus-cpp-dev libsystemd-dev
)
readonly run=(libqt6sql6-sqlite libqt6sql6-psql libsecret-1-0 qt6-translations-l10n curl)
# After the slash: a command that will do as well, wherever it came from. NodeSource's nodejs brings npm along.
readonly test=(
    postgresql postgresql-common openssl python3 clang-format ca-certificates nodejs/node npm/npm
    xvfb/Xvfb trayer dbus-daemon gnome-keyring fonts-dejavu-core
    mandoc groff-base/groff zsh fish systemd/systemd-analyze
)
readonly bench=(nginx wrk)
readonly tidy=(clang-tidy python3)
readonly package=(debhelper dpkg-dev lintian rpm)
readonly package_test=(curl debootstrap mandoc rpmlint shellcheck systemd-container)

fail() {
    printf 'packages.sh: %s\n' "$*" >&2
    exit 1
}

# The entries of the purposes as they stand above.
entries() {
    local purpose
    for purpose; do
        case $purpose in
        build) printf '%s\n' "${build[@]}" ;;
        run) printf '%s\n' "${run[@]}" ;;
        test) printf '%s\n' "${build[@]}" "${run[@]}" "${test[@]}" ;;
        bench) printf '%s\n' "${build[@]}" "${run[@]}" "${bench[@]}" ;;
        tidy) printf '%s\n' "${build[@]}" "${tidy[@]}" ;;
        package) printf '%s\n' "${build[@]}" "${package[@]}" ;;
        package-test) printf '%s\n' "${build[@]}" "${package[@]}" "${package_test[@]}" ;;
        *) fail "unknown purpose '$purpose'; there are build, run, test, bench, tidy, package and package-test" ;;
        esac
    done | awk '!seen[$0]++'
}

installed() {
    [ "$(dpkg-query --show --showformat '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

missing() {
    local entry
    for entry in $(entries "$@"); do
        case $entry in
        */*) command -v "${entry#*/}" >/dev/null || installed "${entry%/*}" || echo "${entry%/*}" ;;
        *) installed "$entry" || echo "$entry" ;;
        esac
    done
}

install() {
    local log sudo=() wanted=()
    mapfile -t wanted < <(missing "$@")
    [ ${#wanted[@]} -gt 0 ] || return 0
    command -v apt-get >/dev/null || fail "these Debian packages are missing, and there is no apt-get here: ${wanted[*]}"
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null || fail "you are not root and there is no sudo; as root, run: apt-get install ${wanted[*]}"
        sudo=(sudo --preserve-env=DEBIAN_FRONTEND)
    fi
    printf 'Installing %s\n' "${wanted[*]}"
    export DEBIAN_FRONTEND=noninteractive
    log=$(mktemp)
    if ! {
        "${sudo[@]}" apt-get -qq update &&
            "${sudo[@]}" apt-get -qq --yes --no-install-recommends install "${wanted[@]}"
    } >"$log" 2>&1 </dev/null; then
        tail -n 20 "$log" >&2
        rm -f "$log"
        fail "apt-get could not install: ${wanted[*]}"
    fi
    rm -f "$log"
}

[ $# -ge 2 ] || fail 'usage: packages.sh list|missing|install PURPOSE…'
action=$1
shift
# entries() runs in subshells below, where its failure would go unnoticed.
entries "$@" >/dev/null
case $action in
list) entries "$@" | sed 's|/.*||' ;;
missing) missing "$@" ;;
install) install "$@" ;;
*) fail "unknown action '$action'; there are list, missing and install" ;;
esac
