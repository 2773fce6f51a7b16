# shellcheck shell=bash disable=SC2034,SC2154 # lib/*.sh and suite.sh use and set what is not set or used here.
# The commands of README.md's section "Install", exactly as they are written there, typed on a terminal by somebody who
# answers what is asked. The first block is the server's, the second one the box's; here, both are the same machine.

# block NUMBER   of the section
block() {
    sed -n '/^## Install/,/^## /p' "$source_root/README.md" |
        awk -v wanted="$1" '/^```/ { if (!inside) block++; inside = !inside; next } inside && block == wanted'
}

# What a person types, by what is asked.
replies=(
    ['[Y/n]']=y
    ['Address of your server']=''
    ['API key, which is not shown']='' # Known once the server's block has run.
    ['Which of them may others use']=all
    ['call this box']=''
)

# What was shown after each line.
declare -A shown

# type_block NUMBER
type_block() {
    local lines line log
    mapfile -t lines < <(block "$1")
    [ ${#lines[@]} -gt 0 ] || fail "README.md has no block $1 in its section Install."
    for line in "${lines[@]}"; do
        start_backend
        log=$(mktemp -p "$scratch")
        type_line "$line" "$log"
        shown[$line]=$(<"$log")
    done
}

# Whoever follows the text has one; here it is the test backend, as soon as that is installed.
start_backend() {
    if [ -x "$root/usr/bin/hearth-testbackend" ] && ! has_backend; then
        inside hearth-testbackend --listen 127.0.0.1:8000 --model tiny &
        within 20 'the backend listens' has_backend
    fi
}

# printed_key SCOPE   by the line that made it
printed_key() {
    local line
    for line in "${!shown[@]}"; do
        if [[ $line == *"--scope $1"* ]]; then grep -o --max-count 1 'hk_[A-Za-z0-9_-]*' <<<"${shown[$line]}"; fi
    done
}

step 'The server'
boot
type_block 1
within 20 'hearthd is ready' is_ready
replies['API key, which is not shown']=$(printed_key publish)
infer_key=$(printed_key infer)

step 'The box'
type_block 2

step 'A stream goes the whole way'
within 20 'the Llm is active' is_active "$infer_key" tiny
check_stream "$infer_key" tiny 50
