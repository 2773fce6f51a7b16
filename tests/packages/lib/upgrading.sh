# shellcheck shell=bash disable=SC2154 # container.sh sets `root`, run_case `scratch`.
# Upgrading a service in the middle of a stream, which is $scratch/stream. Sourced by suite.sh.

# install_older COMMAND   what previous_packages or lowered_packages makes, of both services
install_older() {
    local files
    "$1" "$root/var/cache/previous"
    files=("$root"/var/cache/previous/*.deb)
    apt_get --no-install-recommends install "${files[@]#"$root"}"
}

main_pid() { inside systemctl show --value --property MainPID "$1"; }

has_begun() { grep -qs '"content"' "$scratch/stream"; }

# check_new_program UNIT OLD_PID   it is another process, of the program that lies on the disk now
check_new_program() {
    local process
    process=$(main_pid "$1")
    must "$1 has been restarted" test "$process" != "$2"
    must_not_find "$1 runs the old program" deleted '^/usr/bin/' inside readlink "/proc/$process/exe"
}

# was_told_before_the_end UNIT PATTERN   whether the service logged that it was told to stop while the stream was running.
# If not, the upgrade has proven nothing.
was_told_before_the_end() {
    local told
    told=$(inside journalctl --quiet --unit "$1" --output short-unix --grep "$2" | tail -n 1 | cut -d ' ' -f 1)
    awk -v told="$told" -v ended="$(stat --format %.Y "$scratch/stream")" 'BEGIN { exit !(told && told < ended) }'
}
