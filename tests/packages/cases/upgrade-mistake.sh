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

step 'So it does for files that root can read and the server cannot'
sed -i '/^logLevel: loud$/d' "$root/etc/hearth/hearthd.yaml"
cp "$root/etc/hearth/hearthd.yaml" "$scratch/sound.yaml"
openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=box -days 2 \
    -keyout "$root/etc/hearth/tls.key" -out "$root/etc/hearth/tls.pem" 2>/dev/null
chmod 600 "$root/etc/hearth/tls.key"
# Beside SQLite, root's hearthd would become the owner of the database.
cat >"$root/etc/hearth/hearthd.yaml" <<'END'
database: postgresql://hearth:secret@127.0.0.1:5432/hearth
tls: {certificateFile: /etc/hearth/tls.pem, keyFile: /etc/hearth/tls.key}
END
install_debs hearth-server --reinstall >"$scratch/apt" 2>&1
cat "$scratch/apt"
must 'the file is named' grep -qF /etc/hearth/tls.key "$scratch/apt"
must 'it says what that means' grep -qF 'hearthd will not start until this is mended.' "$scratch/apt"

step 'Without a mistake, it says nothing of that'
cat "$scratch/sound.yaml" >"$root/etc/hearth/hearthd.yaml"
install_debs hearth-server --reinstall >"$scratch/apt" 2>&1
cat "$scratch/apt"
must_not 'it complains of a sound configuration' grep 'mended' "$scratch/apt"
