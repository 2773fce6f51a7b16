# shellcheck shell=bash disable=SC2154 # suite.sh sets `debs`, container.sh `root`, run_case `scratch`.
# hearth-tray in a clean root without a desktop: what it brings, where it lies, and that it runs.

readonly expected_files='
/usr/bin/hearth-tray
/usr/share/applications/hearth-tray.desktop
/usr/share/metainfo/*.metainfo.xml
/usr/share/icons/hicolor/*/apps/hearth-tray.png
/usr/share/icons/hicolor/scalable/apps/hearth-tray.svg
/usr/share/man/man1/hearth-tray.1.gz
/usr/share/bash-completion/completions/hearth-tray
/usr/share/zsh/vendor-completions/_hearth-tray
/usr/share/fish/vendor_completions.d/hearth-tray.fish
/usr/share/doc/hearth-tray/changelog.gz
/usr/share/doc/hearth-tray/copyright
'

step 'It has the files that it should have'
check_contents "$(deb_of "$debs" hearth-tray)" "$expected_files"

step 'apt installs it, and every new file has an owner'
start_plain
install_dependencies hearth-tray hearth-publisher
install_debs hearth-publisher
before=$(snapshot before)
install_debs hearth-tray
after=$(snapshot after)
check_owned "$before" "$after" ''
must_not 'it starts with the desktop, unasked' test -e "$root/etc/xdg/autostart/hearth-tray.desktop"

step 'It runs'
check_program hearth-tray hearth-tray.1
program=$(sed -n 's/^Exec=\([^ ]*\).*/\1/p' "$root/usr/share/applications/hearth-tray.desktop" | head -n 1)
must 'the program of its menu entry is there' test -x "$root/usr/bin/$(basename "$program")"
