# shellcheck shell=bash disable=SC2154 # suite.sh sets `debs`, container.sh `root`, run_case `scratch`.
# hearth-server in a clean root without systemd: what it brings, where it lies, and that it runs.

readonly expected_files='
/usr/bin/hearthd
/lib/systemd/system/hearthd.service
/etc/hearth/hearthd.yaml
/usr/share/man/man8/hearthd.8.gz
/usr/share/man/man5/hearthd.yaml.5.gz
/usr/share/bash-completion/completions/hearthd
/usr/share/zsh/vendor-completions/_hearthd
/usr/share/fish/vendor_completions.d/hearthd.fish
/usr/share/doc/hearth-server/changelog.gz
/usr/share/doc/hearth-server/copyright
'
readonly expected_state="
/var/lib/hearth
/etc/systemd/system/multi-user\.target\.wants/hearthd\.service
$unit_records"

step 'It has the files that it should have'
check_contents "$(deb_of "$debs" hearth-server)" "$expected_files"

step 'apt installs it, and every new file has an owner'
start_plain
install_dependencies hearth-server
before=$(snapshot before)
install_debs hearth-server >"$scratch/apt"
cat "$scratch/apt"
after=$(snapshot after)
check_owned "$before" "$after" "$expected_state"
check_owner /etc/hearth root:root 755
check_owner /etc/hearth/hearthd.yaml root:hearth 640
check_owner /var/lib/hearth hearth:hearth 750
check_no_gui

step 'It has said how to go on, and does not claim to run where nothing starts it'
must_not_find 'it claims to listen' 'server listens' 'server is set to listen' cat "$scratch/apt"
for hint in 'hearthd key create' 'postgresql://' 'listen:'; do
    must "the installation mentions $hint" grep -qF -- "$hint" "$scratch/apt"
done

step 'It runs'
check_program hearthd hearthd.8 hearthd.yaml.5
check_help hearthd key create
must 'the configuration is in order' inside hearthd config check
must 'root makes a key' make_key first infer
must_not_find "root has left files in hearthd's folder" '^root ' '^hearth .*/hearth\.db$' \
    inside find /var/lib/hearth -printf '%u %p\n'
