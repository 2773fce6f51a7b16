# shellcheck shell=bash disable=SC2154 # relay.sh sets the URL and the keys, run_case `scratch`.
# hearth-publisher as a service of somebody who is not root, by the lines that `hearth-publisher setup` prints for her. The
# box has no polkitd, as one without a desktop has none.

# as_alice COMMAND…   in her session
as_alice() {
    inside setpriv --reuid alice --regid alice --init-groups \
        env HOME=/home/alice USER=alice XDG_RUNTIME_DIR="/run/user/$(inside id --user alice)" "$@"
}

has_her_publisher() { as_alice systemctl --user --quiet is-active hearth-publisher; }

her_process() { as_alice systemctl --user show --value --property MainPID hearth-publisher; }

has_new_process() { [ "$(her_process)" != "$1" ] && has_her_publisher; }

step 'The server and the publisher are installed'
boot
install_debs hearth-server hearth-publisher
within 20 'hearthd is ready' is_ready
make_keys
inside useradd --create-home alice
inside sh -c 'umask 227 && echo "alice ALL=(ALL) NOPASSWD: ALL" >/etc/sudoers.d/alice'
as_alice hearth-testbackend --listen 127.0.0.1:8000 --model tiny &
within 20 'the backend listens' has_backend
# As her login does.
her_manager=user@$(inside id --user alice).service
inside systemctl start "$her_manager"
within 20 'her service manager runs' as_alice systemctl --user is-system-running

step 'She sets it up'
as_alice hearth-publisher setup --server "$server_url" --publish tiny --yes <<<"$publish_key" >"$scratch/setup"
cat "$scratch/setup"
must 'only she can read the key' test "$(inside stat --format '%U %a' /home/alice/.config/hearth/publisher.key)" = 'alice 600'

step 'She types what she is told, and it publishes'
mapfile -t lines < <(sed -n 's/^    //p' "$scratch/setup" | grep ctl)
[ ${#lines[@]} = 2 ] || fail "setup has not printed two lines to type: ${lines[*]}"
for line in "${lines[@]}"; do
    printf '$ %s\n' "$line"
    as_alice bash -c "$line"
done
must 'it is active' has_her_publisher
within 20 'the Llm is active' is_active "$infer_key" tiny
check_stream "$infer_key" tiny 50
must_not "the system's publisher runs too" is_active_unit hearth-publisher
must 'her services run while she is not logged in' test "$(inside loginctl show-user --value --property Linger alice)" = yes

step 'After an upgrade it runs on the new version'
process=$(her_process)
install_debs hearth-publisher --reinstall
within 20 'it has been restarted' has_new_process "$process"
within 20 'the Llm is active again' is_active "$infer_key" tiny

step 'Once the package is removed, it publishes no more'
apt_get remove hearth-publisher
check_program_gone hearth-publisher
