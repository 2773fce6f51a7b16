#!/usr/bin/env bash
# Tests the RPM packages: what is in them, what they require, what their scriptlets do, and that a clean root is as it
# was once they are gone. Wants root. The root is a Debian's, for none of RPM's distributions can be had everywhere; so
# dependencies are looked at and not resolved, and the programs are not started.
#
#   tests/packages/rpm-contents.sh [--rpms DIR]
#
#   --rpms DIR   the packages to test (default: builds them with installer/build-rpm.sh)
#
# The last line says how many checks passed and failed. The clean root is kept in ${XDG_CACHE_HOME:-~/.cache}.
set -euo pipefail
export LC_ALL=C.UTF-8

here=$(cd "$(dirname "$0")" && pwd)
source=$(realpath "$here/../..")
readonly here source
work=$(mktemp -d "${TMPDIR:-/var/tmp}/hearth-rpm.XXXXXX")
readonly work root=$work/root
rpms=$work/rpms
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# shellcheck source=tests/packages/lib/checks.sh
. "$here/lib/checks.sh"
# shellcheck source=tests/packages/lib/cleanroot.sh
. "$here/lib/cleanroot.sh"

readonly packages='server publisher tray'
readonly graphical='libQt6(Gui|Widgets)|libX|libxcb|libxkb|libwayland|libGL|libEGL'
# The folders that Fedora's `filesystem` and `hicolor-icon-theme` own, which a Debian without shells and icons lacks.
readonly folders_of_others=(
    usr/share/{applications,licenses,metainfo} usr/share/man/man{1,5,8}
    usr/share/{bash-completion/completions,fish/vendor_completions.d,zsh/site-functions}
    usr/share/icons/hicolor/{scalable,{16,22,24,32,48,64,128,256}x{16,22,24,32,48,64,128,256}}/apps
)

# equal WHAT FOUND EXPECTED
equal() { [ "$2" = "$3" ] || fail "$1: "$'\n'"$(diff <(printf '%s\n' "$3") <(printf '%s\n' "$2"))"; }

# rpm_of PACKAGE   its file
rpm_of() {
    local files=("$rpms/hearth-$1"-[0-9]*.rpm)
    if [ ${#files[@]} != 1 ] || [ ! -f "${files[0]}" ]; then
        fail "there is not exactly one hearth-$1-*.rpm in $rpms"
    fi
    printf '%s\n' "${files[0]}"
}

# query PACKAGE FORMAT
query() { rpm --query --queryformat "$2" --package "$(rpm_of "$1")"; }

# files_of PACKAGE   `PATH MODE OWNER:GROUP` of each, folders included
files_of() { query "$1" '[%{FILENAMES} %{FILEMODES:perms} %{FILEUSERNAME}:%{FILEGROUPNAME}\n]'; }

requirements_of() { rpm --query --requires --package "$(rpm_of "$1")"; }

# --- what is in them

# of_program NAME SECTION
of_program() {
    cat <<PATHS
/usr/bin/$1
/usr/share/bash-completion/completions/$1
/usr/share/fish/vendor_completions.d/$1.fish
/usr/share/man/man$2/$1.$2.gz
/usr/share/zsh/site-functions/_$1
PATHS
}

# expected_paths PACKAGE
expected_paths() {
    local doc=/usr/share/doc/hearth-$1 licenses=/usr/share/licenses/hearth-$1
    printf '%s\n' "$doc" "$doc/CHANGELOG.md" "$licenses" "$licenses/copyright"
    case $1 in
    server)
        of_program hearthd 8
        printf '%s\n' /etc/hearth /etc/hearth/hearthd.yaml /var/lib/hearth "$doc/README" \
            /usr/lib/systemd/system/hearthd.service /usr/share/man/man5/hearthd.yaml.5.gz
        ;;
    publisher)
        of_program hearth-publisher 1
        of_program hearth-testbackend 1
        printf '%s\n' /etc/hearth /etc/hearth/.publisher.yaml.lock /var/lib/hearth-publisher \
            "$doc/README" "$doc/examples" "$doc/examples/publisher.yaml" \
            /usr/lib/systemd/{system,user}/hearth-publisher.service /usr/share/man/man5/publisher.yaml.5.gz
        ;;
    tray)
        of_program hearth-tray 1
        printf '%s\n' /usr/share/applications/hearth-tray.desktop /usr/share/metainfo/local.hearth.tray.metainfo.xml
        find "$source/resources/icons/hicolor" -type f -printf '/usr/share/icons/hicolor/%P\n'
        ;;
    esac
}

check_they_have_one_version() {
    local package version
    version=$(query server '%{VERSION}-%{RELEASE}')
    [[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+(~[0-9]{12})?-[0-9] ]] || fail "the version is $version"
    for package in $packages; do equal "hearth-$package" "$(query "$package" '%{VERSION}-%{RELEASE}')" "$version"; done
}

check_every_file_is_expected() {
    local package
    for package in $packages; do
        equal "hearth-$package" "$(files_of "$package" | cut -d ' ' -f 1 | sort)" "$(expected_paths "$package" | sort)"
    done
}

# Everything is root's and for all to read, and programs are for all to run, but these.
check_owners_and_modes() {
    local package odd
    odd=$(for package in $packages; do files_of "$package"; done |
        grep -vE '^/usr/bin/\S+ -rwxr-xr-x root:root$|^\S+ drwxr-xr-x root:root$' |
        grep -vE '^(/usr/lib|/usr/share)/\S+ -rw-r--r-- root:root$' | sort)
    equal 'the exceptions' "$odd" "\
/etc/hearth/.publisher.yaml.lock -rw-rw---- root:hearth-publisher
/etc/hearth/hearthd.yaml -rw-r----- root:hearth
/var/lib/hearth drwxr-x--- hearth:hearth
/var/lib/hearth-publisher drwxr-x--- hearth-publisher:hearth-publisher"
}

check_only_hearthd_yaml_is_configuration() {
    local flags
    flags=$(for package in $packages; do query "$package" '[%{FILENAMES} %{FILEFLAGS:fflags}\n]'; done | grep ' .*c')
    equal 'configuration files, n for noreplace' "$flags" '/etc/hearth/hearthd.yaml cn'
}

# --- what they require

check_no_graphical_library_without_the_tray() {
    local package
    for package in server publisher; do
        must_not_find "hearth-$package requires a graphical library" "$graphical" libQt6Core requirements_of "$package"
    done
    must 'the tray requires none, so this check is blind' grep -qE "$graphical" <<<"$(requirements_of tray)"
}

check_what_is_loaded_at_run_time() {
    must 'SQLite' grep -qFx '(qt6-qtbase or qt6-sql-sqlite)' <<<"$(requirements_of server)"
    must 'PostgreSQL' grep -qFx '(qt6-qtbase-postgresql or qt6-sql-postgresql)' <<<"$(requirements_of server)"
    must 'the key ring' grep -qF 'libsecret-1.so.0' <<<"$(requirements_of tray)"
}

check_the_tray_wants_its_publisher() {
    must 'the same version' grep -qE "^hearth-publisher\S* = $(query tray '%{VERSION}')$" <<<"$(requirements_of tray)"
}

# --- what their scriptlets do

# scriptlet PACKAGE TAG   nothing where there is none
scriptlet() { query "$1" "%|$2?{%{$2}}|"; }

check_scriptlets_are_sound() {
    local package tag
    for package in $packages; do
        for tag in PREIN POSTIN PREUN POSTUN PRETRANS POSTTRANS; do
            scriptlet "$package" "$tag" >"$work/scriptlet"
            must "hearth-$package $tag" sh -n "$work/scriptlet"
            ! command -v shellcheck >/dev/null || must "hearth-$package $tag" shellcheck --shell=sh "$work/scriptlet"
        done
    done
}

# run_scriptlet PACKAGE TAG COUNT   in the root, as if systemd ran there; COUNT is how many versions there will be
run_scriptlet() {
    local script status=0
    script=$(scriptlet "$1" "$2")
    mkdir -p "$root/run/systemd/system"
    chroot "$root" env PATH=/fakes:/usr/sbin:/usr/bin sh -c "$script" scriptlet "$3" || status=$?
    rm -r "$root/run/systemd/system"
    return $status
}

# fake PROGRAM   stands before the real one, notes its arguments and fails
fake() {
    mkdir -p "$root/fakes"
    printf '#!/bin/sh\nprintf "%%s\\n" "$*" >>/fakes/calls\nexit 1\n' >"$root/fakes/$1"
    chmod 755 "$root/fakes/$1"
}

# calls PACKAGE TAG COUNT   what the scriptlet says to systemctl
calls() {
    : >"$root/fakes/calls"
    run_scriptlet "$@" || fail "hearth-$1 $2 fails with its unit"
    cat "$root/fakes/calls"
}

check_units_follow_the_package() {
    fake systemctl
    equal 'server, first installation' "$(calls server POSTIN 1)" '--no-reload preset hearthd.service'
    equal 'server, upgrade' "$(calls server POSTIN 2)" ''
    equal 'server, before the old version goes' "$(calls server PREUN 1)" ''
    equal 'server, old version gone' "$(calls server POSTUN 1)" $'daemon-reload\ntry-restart hearthd.service'
    equal 'server, before the removal' "$(calls server PREUN 0)" '--no-reload disable --now hearthd.service'
    equal 'server, removed' "$(calls server POSTUN 0)" 'daemon-reload'

    equal 'publisher, first installation' "$(calls publisher POSTIN 1)" ''
    equal 'publisher, before the old version goes' "$(calls publisher PREUN 1)" ''
    equal 'publisher, old version gone' "$(calls publisher POSTUN 1)" \
        $'daemon-reload\ntry-restart hearth-publisher.service'
    equal 'publisher, before the removal' "$(calls publisher PREUN 0)" \
        $'--no-reload disable --now hearth-publisher.service\n--global disable hearth-publisher.service'
}

check_no_package_without_its_user() {
    local package
    fake groupadd
    fake useradd
    for package in server publisher; do
        must_not "hearth-$package goes on without its user" run_scriptlet "$package" PREIN 1
    done
}

# --- what they do to a clean root

# rpm_there ARGUMENT…   in the root. Debian's rpm warns that it is not for installing.
rpm_there() { rpm --root "$root" --define '_dbpath /var/lib/rpm' --nodeps "$@"; }

install_all() { rpm_there --install "$(rpm_of server)" "$(rpm_of publisher)" "$(rpm_of tray)"; }

remove_all() { rpm_there --erase hearth-server hearth-publisher hearth-tray; }

# RPM's own records, and those of users, which stay: whoever had their files must not get them by a number used again.
list_files() {
    find "$root" -xdev -mindepth 1 -printf '/%P %y %m %u:%g\n' |
        grep -vE '^/(var/lib/rpm|etc/(passwd|group|shadow|gshadow|subuid|subgid)-?( |$)|(tmp|var/tmp|run)/)' | sort
}

# user_there NAME   home and shell
user_there() { chroot "$root" getent passwd "$1" | cut -d : -f 6,7; }

# names_this_folder FILE…   false only where all of them could be read
names_this_folder() {
    local status=0
    grep -lF "$source/" "$@" || status=$?
    [ "$status" != 1 ]
}

check_install_and_remove() {
    local before
    before=$(list_files)
    must 'install' install_all
    must 'verify' rpm_there --verify hearth-server hearth-publisher hearth-tray
    equal 'the user of the server' "$(user_there hearth)" /var/lib/hearth:/usr/sbin/nologin
    equal 'the user of the publisher' "$(user_there hearth-publisher)" /var/lib/hearth-publisher:/usr/sbin/nologin
    # Without a distribution's preset, systemd's own is to enable.
    must 'the preset is applied' test -L "$root/etc/systemd/system/multi-user.target.wants/hearthd.service"
    must_not_find 'the publisher is enabled' hearth-publisher hearthd.service find "$root/etc/systemd" -type l
    must_not 'a program names the folder it was built in' names_this_folder "$root"/usr/bin/hearth*
    must 'remove' remove_all
    equal 'what is left' "$(list_files)" "$before"
}

check_edits_and_data_stay() {
    must 'install' install_all
    printf '# Mine.\n' >>"$root/etc/hearth/hearthd.yaml"
    printf 'rows' >"$root/var/lib/hearth/hearth.db"
    printf 'hk_' >"$root/etc/hearth/publisher.key"
    must 'install again' rpm_there --upgrade --replacepkgs "$(rpm_of server)"
    must 'the edit stays' grep -qx '# Mine.' "$root/etc/hearth/hearthd.yaml"
    must 'remove' remove_all
    must 'the edit stays aside' grep -qx '# Mine.' "$root/etc/hearth/hearthd.yaml.rpmsave"
    must 'the database stays' test -f "$root/var/lib/hearth/hearth.db"
    must 'the key stays' test -f "$root/etc/hearth/publisher.key"
}

check_rpmlint() {
    local verdict
    verdict=$(rpmlint --config "$source/installer/rpm/rpmlint.toml" "$rpms"/*.rpm) || true
    printf '%s\n' "$verdict"
    must 'clean' grep -qF ' 0 errors, 0 warnings' <<<"$verdict"
}

# --- the run

parse_arguments() {
    [ $# -gt 0 ] || return 0
    case $1 in
    --rpms)
        [ -d "${2-}" ] || fail '--rpms wants a folder of .rpm files.'
        rpms=$(realpath "$2")
        ;;
    -h | --help)
        sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0"
        exit 0
        ;;
    *) fail "unknown argument '$1'; there is --rpms DIR" ;;
    esac
}

# The lock is held until the copy is made: another run may change the clean root.
make_root() {
    take_clean_roots 600
    make_clean_roots
    cp --archive --reflink=auto "$booted_root" "$root"
    exec 9>&-
    (cd "$root" && mkdir -p "${folders_of_others[@]}")
}

parse_arguments "$@"
[ "$(id -u)" = 0 ] || fail 'run this as root: it makes a root file system and installs there.'
"$source/installer/packages.sh" install package-test
[ "$rpms" != "$work/rpms" ] || "$source/installer/build-rpm.sh" "$rpms"
# Not part of a condition here and below, where `set -e` would not hold inside the function.
status=0
(make_root) >"$work/root.log" 2>&1 </dev/null &
wait $! || status=$?
if [ "$status" != 0 ]; then
    tail -n 20 "$work/root.log" >&2
    fail 'the clean root cannot be made.'
fi

passed=0
failed=0
# In the order in which they stand here.
mapfile -t checks < <(sed -n 's/^\(check_[a-z_]*\)() {$/\1/p' "$0")
for check in "${checks[@]}"; do
    status=0
    ("$check") >"$work/log" 2>&1 </dev/null &
    wait $! || status=$?
    name=${check#check_}
    if [ "$status" = 0 ]; then
        passed=$((passed + 1))
        printf 'ok     %s\n' "${name//_/ }"
    else
        failed=$((failed + 1))
        printf 'FAILED %s\n' "${name//_/ }"
        tail -n 40 "$work/log" | sed 's/^/    /'
    fi
done
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
