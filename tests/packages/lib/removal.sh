# shellcheck shell=bash disable=SC2154 # container.sh sets `root`.
# Removing and purging a package. Sourced by suite.sh.

# is_active_unit UNIT
is_active_unit() { [ "$(inside systemctl is-active "$1" 2>/dev/null)" = active ]; }

# check_program_gone PROGRAM   removed, and no process of it left
check_program_gone() {
    must_not "$1 is still installed" test -e "$root/usr/bin/$1"
    # Kernel threads, as those of the machine outside, have no program.
    must_not_find "$1 still runs" "^/usr/bin/$1\>" '^/usr/' inside sh -c 'readlink /proc/[0-9]*/exe || true'
}

# check_user_gone NAME   user and group
check_user_gone() {
    local file
    for file in passwd shadow group gshadow; do
        must_not_find "$1 is left in /etc/$file" "^$1:" ^root: cat "$root/etc/$file"
    done
}

# check_units_gone   of Hearth, and the links that enabled them
check_units_gone() {
    local links
    links=$(find "$root/etc/systemd" "$root/var/lib/systemd" "$root/usr/lib/systemd" -name '*hearth*')
    [ -z "$links" ] || fail "these units are left: $links"
    # Until its next reload, systemd remembers the name of a unit that has gone; that is no trace.
    ! inside test -d /run/systemd/system || must_not_find 'systemd still has a unit' ^hearth '^dbus\.service' \
        inside systemctl list-units --all --state=loaded,failed --plain --no-legend 'hearth*' dbus.service
}
