# shellcheck shell=bash disable=SC2154 # suite.sh sets `work` and `logs`, run_case `case_name` and `scratch`.
# A container for a case: a clean root under an overlay that goes with it, and a network of its own that is nothing but
# a loopback, so that Hearth's ports are free. Sourced by suite.sh.
#
# A case starts one by `boot` or `start_plain`; from then on `inside` runs commands in it, `root` is its file system seen
# from outside, and `ask` in relay.sh reaches its ports. The packages lie in /srv/hearth.

# The first process in the container, by its number out here.
leader=
root=

# make_root LOWER   leaves a writable copy in `root`
make_root() {
    local layers
    layers=$(mktemp -d "$scratch/layers.XXXXXX")
    mkdir "$layers/upper" "$layers/work" "$layers/root"
    mount -t overlay overlay -o "lowerdir=$1,upperdir=$layers/upper,workdir=$layers/work" "$layers/root"
    root=$layers/root
}

# start_container COMMAND OF NSPAWN…
start_container() {
    local nspawn
    systemd-nspawn --quiet --directory="$root" --machine="hearth-$case_name" --register=no --keep-unit \
        --private-network --resolv-conf=off --timezone=off --link-journal=no --console=pipe \
        --bind-ro="$work/roots/packages:/srv/hearth" "$@" >>"$logs/$case_name-console.log" 2>&1 </dev/null &
    nspawn=$!
    printf '%s\n' "$nspawn" >>"$scratch/containers"
    within 20 'the container started' has_leader "$nspawn"
}

# has_leader NSPAWN   sets `leader`. The first child of nspawn only prepares; it still has the namespaces of this script.
has_leader() {
    leader=$(cat "/proc/$1/task/$1/children" 2>/dev/null) || return
    leader=${leader%% *}
    [ -n "$leader" ] && [ "$(readlink "/proc/$leader/ns/pid")" != "$(readlink /proc/self/ns/pid)" ] &&
        inside true 2>/dev/null
}

# A container in which nothing runs but what the case starts.
start_plain() {
    make_root "$plain_root"
    start_container --as-pid2 sleep infinity
}

# A container with systemd.
boot() {
    make_root "$booted_root"
    start_container --boot
    within 60 'systemd has booted' has_booted
}

has_booted() { [ "$(inside systemctl is-system-running 2>/dev/null)" = running ]; }

# inside COMMAND…   in the container, as root
inside() {
    timeout --kill-after=5 300 nsenter --target "$leader" --all --wdns=/srv/hearth \
        env --ignore-environment PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
        LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"
}

# apt_get ARGUMENT…
apt_get() { inside apt-get -qq --option Dpkg::Use-Pty=0 "$@"; }

# installed_version PACKAGE   nothing where it is not installed
installed_version() {
    # shellcheck disable=SC2016 # dpkg-query expands these.
    inside dpkg-query --show --showformat '${db:Status-Status} ${Version}\n' "$1" 2>/dev/null | sed -n 's/^installed //p'
}

# Once a case has failed: what the services have said last.
show_journal() {
    if [ $? != 0 ] && [ -n "$leader" ] && inside test -d /run/systemd/system; then
        printf '== The last lines of the journal\n'
        inside journalctl --quiet --lines 15 --output short --unit 'hearth*'
    fi
}

# stop_containers CASE   what the case has started
stop_containers() {
    local scratch=$work/roots/$1 list=$work/roots/$1/containers nspawn
    [ -f "$list" ] || return 0
    while read -r nspawn; do
        kill -KILL "$nspawn" 2>/dev/null || true
        timeout 10 tail --pid="$nspawn" --follow /dev/null || true
    done <"$list"
    umount --lazy "$scratch"/layers.*/root
    rm -rf "$scratch"
}
