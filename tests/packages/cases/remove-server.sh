# shellcheck shell=bash disable=SC2154 # container.sh sets `root`.
# hearth-server goes: removed, it leaves configuration and data behind, and purged it leaves nothing.

step 'It is installed and used'
boot
install_dependencies hearth-server
before=$(snapshot before)
install_debs hearth-server
key=$(make_key alice infer)
within 20 'hearthd is ready' is_ready
printf '# A note of the administrator.\n' >>"$root/etc/hearth/hearthd.yaml"

step 'Removed, it stops and leaves what people made'
apt_get remove hearth-server
check_program_gone hearthd
must 'the configuration is left' grep -q 'note of the administrator' "$root/etc/hearth/hearthd.yaml"
must 'the database is left' test -s "$root/var/lib/hearth/hearth.db"

step 'Installed again, it goes on with them'
install_debs hearth-server
within 20 'hearthd is ready' is_ready
must 'the key still works' ask "$key" /v1/models --fail --output /dev/null
must 'the note is still there' grep -q 'note of the administrator' "$root/etc/hearth/hearthd.yaml"

step 'Purged, it leaves nothing'
apt_get purge hearth-server
check_program_gone hearthd
check_user_gone hearth
check_units_gone
after=$(snapshot after)
check_nothing_left "$before" "$after" ''
