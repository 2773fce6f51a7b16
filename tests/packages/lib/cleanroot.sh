# shellcheck shell=bash disable=SC2154 # suite.sh sets `work` and `debs`.
# The clean Debian 12 roots, plain and with systemd: made once by debootstrap and kept. Sourced by suite.sh, and by
# rpm-contents.sh for the roots alone.
#
# They hold the package lists and every package that Hearth's depend on as a file in apt's cache, so that the containers
# of the cases need no network: apt installs from there as it would from the mirror.

readonly roots=${XDG_CACHE_HOME:-$HOME/.cache}/hearth/packages-test
readonly plain_root=$roots/plain
readonly booted_root=$roots/booted
readonly with_systemd='systemd systemd-sysv libpam-systemd dbus sudo'

# The mirror of this machine where it has one for Debian 12, else the public one.
mirror() {
    local found
    # shellcheck disable=SC2016 # apt expands these.
    found=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' 'Codename: bookworm' |
        head -n 1) || true
    printf '%s\n' "${found:-http://deb.debian.org/debian/}"
}

# in_root ROOT COMMAND…   with the network of this machine, for preparing a root
in_root() {
    local root=$1
    shift
    timeout --kill-after=5 1200 systemd-nspawn --quiet --directory="$root" --register=no --keep-unit --as-pid2 \
        --timezone=off --console=pipe --setenv=DEBIAN_FRONTEND=noninteractive "$@"
}

make_plain_root() {
    debootstrap --variant=minbase bookworm "$1" "$(mirror)" || return
    # Not this machine's: sudo complains about one that cannot be resolved.
    echo box >"$1/etc/hostname"
    echo '127.0.0.1 localhost box' >"$1/etc/hosts"
}

# The timers of apt would hold its lock while a case wants it.
make_booted_root() {
    cp --archive --reflink=auto "$plain_root/." "$1" || return
    # shellcheck disable=SC2086 # These are several.
    in_root "$1" apt-get --quiet --yes --no-install-recommends install $with_systemd || return
    in_root "$1" systemctl mask apt-daily.timer apt-daily-upgrade.timer
}

# make_once ROOT COMMAND   a root that is there is whole: it gets its name last, and none where anything has failed, even
# if the caller asks for the status, which turns `set -e` off in here.
make_once() {
    local new
    [ ! -d "$1" ] || return 0
    new=$(mktemp -d "$roots/new.XXXXXX")
    chmod 755 "$new"
    "$2" "$new" || return
    mv "$new" "$1"
}

# Fills apt's cache for what the packages under test will pull in. The cases install the tray without Recommends.
fetch_dependencies() {
    local root=$1
    mkdir -p "$root/srv/hearth"
    mount --bind "$work/roots/packages" "$root/srv/hearth"
    in_root "$root" apt-get --quiet update
    in_root "$root" sh -ec '
        fetch() { apt-get --quiet --yes --download-only install "$@"; }
        fetch /srv/hearth/hearth-server_*.deb /srv/hearth/hearth-publisher_*.deb
        fetch --no-install-recommends /srv/hearth/*.deb postgresql'
    umount "$root/srv/hearth"
}

# take_clean_roots SECONDS   and no longer waits for another run. Every case of a run stands on the same roots, which
# another one would change under its feet.
take_clean_roots() {
    mkdir -p "$roots"
    exec 9>"$roots/lock"
    flock --timeout "$1" 9
}

make_clean_roots() {
    # Of a run that was cut short.
    rm -rf "$roots"/new.*
    make_once "$plain_root" make_plain_root || return
    make_once "$booted_root" make_booted_root
}

prepare_clean_roots() {
    mkdir -p "$work/roots/packages" /run/systemd/nspawn
    # nspawn leaves its own traces there.
    mount -t tmpfs tmpfs /run/systemd/nspawn
    make_clean_roots
    copy_packages "$debs" "$work/roots/packages" hearth-server hearth-publisher hearth-tray
    fetch_dependencies "$plain_root"
    fetch_dependencies "$booted_root"
}
