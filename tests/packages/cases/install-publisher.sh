# shellcheck shell=bash disable=SC2154 # suite.sh sets `debs`, container.sh `root`, run_case `scratch`.
# hearth-publisher in a clean root without systemd, with what it recommends: what it brings, where it lies, that it runs,
# and that no X or GUI library comes with it.

readonly expected_files='
/usr/bin/hearth-publisher
/usr/bin/hearth-testbackend
/lib/systemd/system/hearth-publisher.service
/usr/lib/systemd/user/hearth-publisher.service
/usr/share/man/man1/hearth-publisher.1.gz
/usr/share/man/man1/hearth-testbackend.1.gz
/usr/share/man/man5/publisher.yaml.5.gz
/usr/share/bash-completion/completions/hearth-publisher
/usr/share/bash-completion/completions/hearth-testbackend
/usr/share/zsh/vendor-completions/_hearth-publisher
/usr/share/zsh/vendor-completions/_hearth-testbackend
/usr/share/fish/vendor_completions.d/hearth-publisher.fish
/usr/share/fish/vendor_completions.d/hearth-testbackend.fish
/usr/share/doc/hearth-publisher/changelog.gz
/usr/share/doc/hearth-publisher/copyright
/usr/share/doc/hearth-publisher/examples/publisher.yaml
'
readonly expected_state="
/etc/hearth
/etc/hearth/\.publisher\.yaml\.lock
/var/lib/hearth-publisher
$unit_records"

step 'It has the files that it should have'
check_contents "$(deb_of "$debs" hearth-publisher)" "$expected_files"

step 'apt installs it, and every new file has an owner'
start_plain
install_dependencies hearth-publisher
before=$(snapshot before)
install_debs hearth-publisher >"$scratch/apt"
cat "$scratch/apt"
after=$(snapshot after)
check_owned "$before" "$after" "$expected_state"
check_owner /var/lib/hearth-publisher hearth-publisher:hearth-publisher 750
check_owner /etc/hearth/.publisher.yaml.lock root:hearth-publisher 660
must 'the installation tells the next step' grep -q 'hearth-publisher setup' "$scratch/apt"
must_not 'something is published by accident' test -e "$root/etc/hearth/publisher.yaml"

step 'It runs'
check_program hearth-publisher hearth-publisher.1 publisher.yaml.5
check_program hearth-testbackend hearth-testbackend.1
check_help hearth-publisher setup

step 'Without a configuration it says in words what to do'
status=0
words=$(inside hearth-publisher --check 2>&1) || status=$?
printf '%s\n' "$words"
must 'it fails as it should' test "$status" = 1 -o "$status" = 2
must 'it says why' grep -qE 'publisher\.yaml|setup' <<<"$words"

step 'No X or GUI library comes with it'
check_no_gui
start_plain
apt_get install "$(inside_path hearth-publisher)"
must 'the recommended certificates are there' test -n "$(installed_version ca-certificates)"
check_no_gui
