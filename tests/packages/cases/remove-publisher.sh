# shellcheck shell=bash disable=SC2154 # container.sh sets `root`.
# hearth-publisher goes: removed, it leaves configuration and key behind, and purged it leaves nothing.

step 'It is installed and used'
boot
install_dependencies hearth-publisher
before=$(snapshot before)
install_debs hearth-publisher
inside hearth-testbackend --listen 127.0.0.1:8000 --model tiny &
within 20 'the backend listens' has_backend
# There is no server; the publisher keeps trying.
printf 'hk_%043d\n' 0 >"$root/etc/hearth/publisher.key"
printf 'As setup leaves it for --ca-file.\n' >"$root/etc/hearth/publisher-ca.pem"
cat >"$root/etc/hearth/publisher.yaml" <<'END'
server: http://127.0.0.1:4327
keyFile: /etc/hearth/publisher.key
llms: [{name: tiny, url: "http://127.0.0.1:8000/v1", publish: true}]
END
inside chgrp hearth-publisher /etc/hearth/publisher.key /etc/hearth/publisher.yaml
inside chmod 640 /etc/hearth/publisher.key /etc/hearth/publisher.yaml
inside systemctl enable --now hearth-publisher
must 'hearth-publisher is active' is_active_unit hearth-publisher

step 'Removed, it stops and leaves what people made'
apt_get remove hearth-publisher
check_program_gone hearth-publisher
must 'the configuration is left' test -s "$root/etc/hearth/publisher.yaml"
must 'the key is left' test -s "$root/etc/hearth/publisher.key"

step 'Purged, it leaves nothing'
apt_get purge hearth-publisher
check_user_gone hearth-publisher
check_units_gone
after=$(snapshot after)
check_nothing_left "$before" "$after" ''
