# shellcheck shell=bash disable=SC2154 # container.sh sets `root`.
# Both services under a real systemd: the server runs as soon as it is installed, reloads, and is restarted when it
# hangs; the publisher is enabled by hand, and a backend that it woke outlives it.

# unit_value UNIT PROPERTY
unit_value() { inside systemctl show --value --property "$2" "$1"; }

has_other_pid() { [ "$(unit_value "$1" MainPID)" != "$2" ] && is_active_unit "$1"; }

# logged UNIT PATTERN   in its journal
logged() { grep -qE -- "$2" <(inside journalctl --quiet --unit "$1" --output cat); }

# publish_sleeper   an Llm whose backend only runs once the publisher has woken it
publish_sleeper() {
    inside tee /etc/hearth/publisher.yaml <<'END'
server: http://127.0.0.1:4327
keyFile: /etc/hearth/publisher.key
name: box
llms:
  - name: sleeper
    url: http://127.0.0.1:8001/v1
    publish: true
    wake:
      type: command
      command: /usr/bin/hearth-testbackend
      args: [--listen, "127.0.0.1:8001", --model, sleeper]
      maxWaitSeconds: 30
END
}

step 'The server runs right after its installation, and whenever the machine starts'
boot
install_debs hearth-server hearth-publisher
must 'hearthd is active' is_active_unit hearthd
must 'hearthd is enabled' inside systemctl is-enabled hearthd
must 'systemd waits until it is ready' test "$(unit_value hearthd Type)" = notify
must 'it answers at once' is_ready
must 'nothing has failed' has_booted
must_not 'the publisher runs unasked' is_active_unit hearth-publisher
must_not 'the publisher is enabled unasked' inside systemctl is-enabled hearth-publisher
make_keys

step 'A reload applies what it can and names what it cannot'
process=$(unit_value hearthd MainPID)
printf 'logLevel: debug\nlisten: 127.0.0.1:4328\n' >>"$root/etc/hearth/hearthd.yaml"
inside systemctl reload hearthd
within 10 'the reload has been told' logged hearthd 'reloaded: .*logLevel'
must 'it says that listen needs a restart' logged hearthd 'reloaded: .*restart.*listen'
must 'it is still the same process' test "$(unit_value hearthd MainPID)" = "$process"
must 'it still answers' is_ready
sed -i '/^listen: /d; /^logLevel: /d' "$root/etc/hearth/hearthd.yaml"
inside systemctl reload hearthd

step 'A reload with a mistake fails, and nothing else does'
printf 'logLevel: loud\n' >>"$root/etc/hearth/hearthd.yaml"
must_not 'a mistake is taken for a success' inside systemctl reload hearthd
must 'the log names the line' logged hearthd 'hearthd.yaml:[0-9]+: logLevel'
must 'it is still the same process' test "$(unit_value hearthd MainPID)" = "$process"
must 'it still answers' is_ready
sed -i '/^logLevel: /d' "$root/etc/hearth/hearthd.yaml"
inside systemctl reload hearthd

step 'A hung server is restarted by the watchdog'
must 'the unit has a watchdog' test "$(unit_value hearthd WatchdogUSec)" != 0
mkdir "$root/etc/systemd/system/hearthd.service.d"
printf '[Service]\nWatchdogSec=2\n' >"$root/etc/systemd/system/hearthd.service.d/short.conf"
inside systemctl daemon-reload
inside systemctl restart hearthd
process=$(unit_value hearthd MainPID)
inside kill -STOP "$process"
within 30 'the watchdog has restarted it' has_other_pid hearthd "$process"
must 'it was the watchdog' logged hearthd 'Watchdog timeout'
within 20 'it answers again' is_ready

step 'The publisher runs once it is enabled'
inside hearth-testbackend --listen 127.0.0.1:8000 --model tiny &
within 20 'the backend listens' has_backend
setup_publisher "$publish_key" --publish tiny
inside systemctl enable --now hearth-publisher
must 'hearth-publisher is active' is_active_unit hearth-publisher
within 20 'the Llm is active' is_active "$infer_key" tiny
check_stream "$infer_key" tiny 200

step 'Nobody else publishes with its configuration meanwhile'
check_owner /etc/hearth/.publisher.yaml.lock root:hearth-publisher 660
status=0
words=$(inside timeout 20 hearth-publisher 2>&1) || status=$?
printf '%s\n' "$words"
must 'a second one ends' test "$status" = 1
must 'it says who publishes' grep -q "process $(unit_value hearth-publisher MainPID)) already publishes" <<<"$words"

step 'A backend that a wake recipe started outlives the publisher'
publish_sleeper
inside systemctl reload hearth-publisher
within 20 'the publisher has taken over the sleeper' ask "$infer_key" /api/v1/llms/sleeper --fail --output /dev/null
must_not 'the backend runs unasked' has_backend http://127.0.0.1:8001
check_stream "$infer_key" sleeper 50
inside systemctl stop hearth-publisher
must_not 'the publisher still runs' is_active_unit hearth-publisher
must 'the backend still answers' has_backend http://127.0.0.1:8001
inside systemctl start hearth-publisher
within 20 'the Llm is active again' is_active "$infer_key" sleeper
check_stream "$infer_key" sleeper 50
