# shellcheck shell=bash disable=SC2034,SC2154 # container.sh sets `root`, run_case `scratch`; cases use what is set here.
# Upgrading a service in the middle of a stream, which is $scratch/stream. Sourced by suite.sh.

readonly events_per_second=50
# Longer than dpkg needs to unpack, and shorter than a service drains.
readonly stream_events=500

# install_older COMMAND   what previous_packages or lowered_packages makes, of both services
install_older() {
    local files
    "$1" "$root/var/cache/previous"
    files=("$root"/var/cache/previous/*.deb)
    apt_get --no-install-recommends install "${files[@]#"$root"}"
}

# publish_older COMMAND   the same, with a server and a publisher that run and publish `tiny`
publish_older() {
    install_older "$1"
    within 20 'hearthd is ready' is_ready
    make_keys
    inside hearth-testbackend --listen 127.0.0.1:8000 --model tiny --rate "$events_per_second" &
    within 20 'the backend listens' has_backend
    setup_publisher "$publish_key" --publish tiny
    inside systemctl enable --now hearth-publisher
    within 20 'the Llm is active' is_active "$infer_key" tiny
}

# begin_stream   remembers the processes that run meanwhile, as `server_process` and `publisher_process`
begin_stream() {
    server_process=$(main_pid hearthd)
    publisher_process=$(main_pid hearth-publisher)
    stream "$infer_key" tiny "$stream_events" "$scratch/stream" &
    streaming=$!
    within 20 'the stream has begun' has_begun
}

check_stream_has_ended() {
    must 'the request has succeeded' wait "$streaming"
    must 'the stream is complete' is_complete "$scratch/stream" "$stream_events"
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
