# shellcheck shell=bash disable=SC2154 # suite.sh sets `logs`, run_case `case_name`.
# A streamed request through hearthd and hearth-publisher where no systemd runs: both are started by hand as the users
# that their packages have made.

# start_as USER NAME COMMAND…   leaves its output in NAME.log
start_as() {
    local user=$1 log=$logs/$case_name-$2.log
    shift 2
    inside setpriv --reuid "$user" --regid "$user" --init-groups "$@" >"$log" 2>&1 &
}

step 'apt installs both'
start_plain
install_debs hearth-server hearth-publisher

step 'The server starts as hearth'
start_as hearth hearthd hearthd
within 20 'hearthd is ready' is_ready
make_keys

step 'setup finds the backend and writes a configuration that the service can read'
start_as hearth-publisher backend hearth-testbackend --listen 127.0.0.1:8000 --model tiny
within 20 'the backend listens' has_backend
setup_publisher "$publish_key" --publish tiny
check_owner /etc/hearth/publisher.yaml root:hearth-publisher 640
check_owner /etc/hearth/publisher.key root:hearth-publisher 640

step 'The publisher publishes what was chosen, and a stream goes the whole way'
start_as hearth-publisher publisher hearth-publisher --config /etc/hearth/publisher.yaml
within 20 'the Llm is active' is_active "$infer_key" tiny
check_stream "$infer_key" tiny 200
