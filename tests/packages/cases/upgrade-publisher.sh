# shellcheck shell=bash disable=SC2154 # container.sh sets `root`, run_case `scratch`.
# An upgrade of hearth-publisher alone in the middle of a stream: the publisher drains, and the server stays as it is. What
# is drained is the older one's doing, so that one is of the version under test, too.

step 'An older version publishes'
boot
publish_older lowered_packages

step 'It is upgraded in the middle of a stream'
begin_stream
install_debs hearth-publisher
must 'the version has changed' test "$(installed_version hearth-publisher)" != 0~previous

step 'The stream has ended completely, and the publisher has waited for it'
check_stream_has_ended
must 'the publisher was stopped while the stream ran' \
    was_told_before_the_end hearth-publisher 'stopping: what runs may finish'

step 'The new version publishes, and the server has not been touched'
check_new_program hearth-publisher "$publisher_process"
must 'the server is the same process' test "$(main_pid hearthd)" = "$server_process"
within 30 'the Llm is active again' is_active "$infer_key" tiny
check_stream "$infer_key" tiny 50
