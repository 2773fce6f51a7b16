# shellcheck shell=bash disable=SC2154 # suite.sh sets `previous`, container.sh `root`, run_case `scratch`.
# An upgrade of both with data and under load: rows, keys and edits of the configuration stay, a running stream is drained and
# not cut, and both services run on the new version afterwards.

# make_data   a thread with an answer, as `thread`
make_data() {
    ask "$admin_key" /api/v1/agents --fail-with-body \
        --output /dev/null \
        --data '{"name":"tutor","llm":"tiny","systemPrompt":"You are patient."}'
    ask "$infer_key" /api/v1/agents/tutor/chat --fail-with-body --data '{"message":"Hello"}' >"$scratch/chat"
    thread=$(sed -n 's/.*"threadId": *"\([^"]*\)".*/\1/p' "$scratch/chat")
    [ -n "$thread" ] || fail "there is no thread: $(<"$scratch/chat")"
}

check_data() {
    must 'the Llm is there' ask "$infer_key" /api/v1/llms/tiny --fail --output /dev/null
    must 'the agent is there' ask "$infer_key" /api/v1/agents/tutor --fail --output /dev/null
    must 'the thread is there, with its messages' grep -q Hello \
        <(ask "$infer_key" "/api/v1/threads/$thread/messages" --fail)
}

step 'The previous version is installed and has data'
boot
publish_older previous_packages
old_version=$(installed_version hearth-server)
make_data
printf '# A note of the administrator.\nlogLevel: debug\n' >>"$root/etc/hearth/hearthd.yaml"

step 'It is upgraded in the middle of a stream'
begin_stream
# As an unattended upgrade does it: nobody is there to be asked about an edited configuration file.
install_debs hearth-server hearth-publisher --option=Dpkg::Options::=--force-confold
must 'the version has changed' test "$(installed_version hearth-server)" != "$old_version"

step 'The stream has ended completely, and the server has waited for it'
check_stream_has_ended
must 'the server was stopped while the stream ran' was_told_before_the_end hearthd 'stopping: running answers'

step 'Both services run on the new version'
within 20 'hearthd is ready' is_ready
check_new_program hearthd "$server_process"
check_new_program hearth-publisher "$publisher_process"
within 30 'the publisher has come back by itself' is_active "$infer_key" tiny
check_stream "$infer_key" tiny 50

step 'Data and edits are there'
check_data
must 'the edit is kept' grep -q 'note of the administrator' "$root/etc/hearth/hearthd.yaml"
# dpkg leaves the new edition beside a file that it would have asked about. Packages of --previous may have the same.
[ -n "$previous" ] || must 'dpkg has seen a new edition' test -s "$root/etc/hearth/hearthd.yaml.dpkg-dist"
