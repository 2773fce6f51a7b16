# shellcheck shell=bash disable=SC2034,SC2154 # container.sh sets `leader`, run_case `scratch`; cases use the keys.
# Hearth at work in a container: keys, a published Llm, requests. Sourced by suite.sh.

readonly server_url=http://127.0.0.1:4327
readonly backend_url=http://127.0.0.1:8000

# reach CURL ARGUMENT…   this machine's curl in the container's network
reach() {
    nsenter --target "$leader" --net curl --silent --show-error --no-buffer --max-time 120 "$@"
}

# ask KEY PATH [CURL ARGUMENT…]
ask() {
    local key=$1 path=$2
    shift 2
    reach --header "Authorization: Bearer $key" --header 'Content-Type: application/json' "$@" "$server_url$path"
}

is_ready() { [ "$(reach --output /dev/null --write-out '%{http_code}' "$server_url/readyz" 2>/dev/null)" = 200 ]; }

has_backend() { reach --fail --output /dev/null "${1:-$backend_url}/v1/models" 2>/dev/null; }

# make_key NAME SCOPE   made as root, as an administrator does; prints the key
make_key() {
    inside hearthd key create --name "$1" --scope "$2" --json | sed -n 's/.*"key": *"\(hk_[^"]*\)".*/\1/p' | grep .
}

# knows_key KEY   an admin's
knows_key() { ask "$1" /api/v1/sessions --fail --output /dev/null 2>/dev/null; }

# make_keys   one of each scope, as `infer_key`, `publish_key` and `admin_key`, known to the running server
make_keys() {
    infer_key=$(make_key alice infer)
    publish_key=$(make_key gpu-box publish)
    admin_key=$(make_key root admin)
    # A running server takes up new keys within a second.
    within 10 'the server knows the keys' knows_key "$admin_key"
}

# is_active KEY LLM
is_active() {
    grep -qE '"status": ?"active"' <(ask "$1" "/api/v1/llms/$2" 2>/dev/null)
}

# chat_body LLM EVENTS
chat_body() {
    printf '{"model":"%s","stream":true,"max_tokens":%d,"messages":[{"role":"user","content":"Hello"}]}' "$1" "$2"
}

# stream KEY LLM EVENTS FILE   a chat completion; what comes is in the file as it comes
stream() { ask "$1" /v1/chat/completions --fail-with-body --data "$(chat_body "$2" "$3")" --output "$4"; }

# is_complete FILE EVENTS   it has that many words and its end, and no error
is_complete() {
    [ "$(grep -c '"content"' "$1")" -ge "$2" ] && grep -qx 'data: \[DONE\]' <(tr -d '\r' <"$1") && ! grep -q '"error"' "$1"
}

# check_stream KEY LLM EVENTS
check_stream() {
    local file=$scratch/answer
    must "a streamed request to $2 is answered" stream "$1" "$2" "$3" "$file"
    must "the stream of $2 is complete" is_complete "$file" "$3"
}

# setup_publisher SERVER_KEY ARGUMENT…   publisher.yaml as root makes it, asked nothing
setup_publisher() {
    local key=$1
    shift
    inside hearth-publisher setup --server "$server_url" --name box --yes "$@" <<<"$key"
}
