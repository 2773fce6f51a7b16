# shellcheck shell=bash disable=SC2154 # container.sh sets `root`, run_case `scratch`.
# An upgrade of hearth-publisher alone in the middle of a stream: the publisher drains, and the server stays as it is. What
# is drained is the older one's doing, so that one is of the version under test, too.

readonly events_per_second=50
# Longer than dpkg needs to unpack, and shorter than the publisher drains.
readonly stream_events=500

step 'An older version publishes'
boot
install_older lowered_packages
within 20 'hearthd is ready' is_ready
make_keys
inside hearth-testbackend --listen 127.0.0.1:8000 --model tiny --rate "$events_per_second" &
within 20 'the backend listens' has_backend
setup_publisher "$publish_key" --publish tiny
inside systemctl enable --now hearth-publisher
within 20 'the Llm is active' is_active "$infer_key" tiny

step 'It is upgraded in the middle of a stream'
server_process=$(main_pid hearthd)
publisher_process=$(main_pid hearth-publisher)
stream "$infer_key" tiny "$stream_events" "$scratch/stream" &
streaming=$!
within 20 'the stream has begun' has_begun
install_debs hearth-publisher
must 'the version has changed' test "$(installed_version hearth-publisher)" != 0~previous

step 'The stream has ended completely, and the publisher has waited for it'
must 'the request has succeeded' wait "$streaming"
must 'the stream is complete' is_complete "$scratch/stream" "$stream_events"
must 'the publisher was stopped while the stream ran' \
    was_told_before_the_end hearth-publisher 'stopping: what runs may finish'

step 'The new version publishes, and the server has not been touched'
check_new_program hearth-publisher "$publisher_process"
must 'the server is the same process' test "$(main_pid hearthd)" = "$server_process"
within 30 'the Llm is active again' is_active "$infer_key" tiny
check_stream "$infer_key" tiny 50
