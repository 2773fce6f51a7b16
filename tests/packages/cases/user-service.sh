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

# short_limit DEB   the package, whose scripts wait for each user's service manager for 5 seconds
short_limit() {
    local folder script
    folder=$(mktemp -d -p "$scratch")
    dpkg-deb --raw-extract "$1" "$folder"
    for script in postinst prerm; do
        must "$script has a limit" grep -qx 'readonly limit=60' "$folder/DEBIAN/$script"
        sed -i 's/^readonly limit=60$/readonly limit=5/' "$folder/DEBIAN/$script"
    done
    dpkg-deb --root-owner-group --build "$folder" "$root/var/cache/short-limit.deb"
}

# As Mallory: takes connections to the socket for a service manager, never answers, and writes down, a line each, what
# can be found out about whoever connects: the environment, the open files, and whether the session is a new one without
# a terminal.
# shellcheck disable=SC2016 # Perl expands these.
readonly silent_manager='
use IO::Socket::UNIX;
my ($runtime) = @ARGV;
mkdir "$runtime/systemd";
my $socket = IO::Socket::UNIX->new(Listen => 5, Local => "$runtime/systemd/private") or die;
while (my $connection = $socket->accept) {
    push @connections, $connection;
    my $process = unpack "l", getsockopt($connection, SOL_SOCKET, SO_PEERCRED);
    open my $seen, ">>", "$runtime/seen" or die;
    open my $environment, "<", "/proc/$process/environ" or die;
    print $seen map { "environment $_\n" } split /\0/, <$environment>;
    print $seen map { "file " . readlink($_) . "\n" } glob "/proc/$process/fd/*";
    open my $status, "<", "/proc/$process/stat" or die;
    my @fields = split / /, <$status> =~ s/.*\) //r;
    print $seen $fields[3] == $process && $fields[4] == 0 ? "session of its own\n" : "session of root\n";
    close $seen;
}'

# What Mallory may see.
readonly no_secrets='
environment PATH=/usr/bin:/bin
environment XDG_RUNTIME_DIR=/run/user/1000
file (/dev/null|socket:.*|anon_inode:.*)
session of its own
'

has_new_process() { [ "$(her_process)" != "$1" ] && has_her_publisher; }

step 'The server and the publisher are installed'
boot
install_debs hearth-server hearth-publisher
within 20 'hearthd is ready' is_ready
make_keys
# The scripts come by the first of them first.
inside useradd --uid 1000 mallory
inside useradd --uid 1001 --create-home alice
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

step 'Somebody whose service manager never answers holds up neither the installation nor her, and learns nothing of root'
inside install --directory --owner mallory --group mallory --mode 700 /run/user/1000
inside setpriv --reuid mallory --regid mallory --clear-groups perl -e "$silent_manager" /run/user/1000 &
within 20 'the socket is there' inside test -S /run/user/1000/systemd/private
short_limit "$(deb_of "$debs" hearth-publisher)"
process=$(her_process)
started=$SECONDS
inside env SECRET=known-to-root \
    apt-get -qq --option Dpkg::Use-Pty=0 --reinstall install /var/cache/short-limit.deb
must 'the installation has ended in time' test $((SECONDS - started)) -lt 60
within 20 'her publisher has been restarted' has_new_process "$process"
inside cat /run/user/1000/seen | tee "$scratch/seen"
must 'Mallory has been asked, and looked' grep -qxF 'environment XDG_RUNTIME_DIR=/run/user/1000' "$scratch/seen"
beyond=$(without "$no_secrets" <"$scratch/seen")
[ -z "$beyond" ] || fail "Mallory has seen this of root: $beyond"

step 'Once the package is removed, it publishes no more'
apt_get remove hearth-publisher
check_program_gone hearth-publisher
