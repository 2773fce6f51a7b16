# shellcheck shell=bash disable=SC2154 # container.sh sets `root`, run_case `scratch`.
# An upgrade over a mistake in hearthd.yaml, which the old server has not read: the new one will not start, and dpkg has no
# word for that, so the installation says it.

step 'The configuration of an older version has a mistake'
start_plain
install_older lowered_packages
printf 'logLevel: loud\n' >>"$root/etc/hearth/hearthd.yaml"

step 'The upgrade names it'
install_debs hearth-server --option=Dpkg::Options::=--force-confold >"$scratch/apt" 2>&1
cat "$scratch/apt"
must 'the line is named' grep -qE 'hearthd\.yaml:[0-9]+: logLevel' "$scratch/apt"
must 'it says what that means' grep -qF 'hearthd will not start until this is mended.' "$scratch/apt"
must 'it is installed' test "$(installed_version hearth-server)" != 0~previous

step 'Without a mistake, it says nothing of that'
sed -i '/^logLevel: loud$/d' "$root/etc/hearth/hearthd.yaml"
install_debs hearth-server --reinstall >"$scratch/apt" 2>&1
cat "$scratch/apt"
must_not 'it complains of a sound configuration' grep 'mended' "$scratch/apt"
