# shellcheck shell=bash
# hearth-tray and the publisher that it depends on go, and leave nothing.

step 'Both are installed'
start_plain
install_dependencies hearth-tray hearth-publisher
before=$(snapshot before)
install_debs hearth-tray hearth-publisher

step 'Purged, they leave nothing'
apt_get purge hearth-tray hearth-publisher
check_program_gone hearth-tray
check_user_gone hearth-publisher
check_units_gone
after=$(snapshot after)
check_nothing_left "$before" "$after" ''
