# shellcheck shell=bash disable=SC2034,SC2154 # lib/*.sh and suite.sh use and set what is not set or used here.
# From SQLite to PostgreSQL by the two steps of README.md's section "Install", as they are written there.

readonly password=sesame

# quoted NUMBER   the code in the item about PostgreSQL
quoted() {
    # shellcheck disable=SC2016 # These are Markdown's.
    sed -n '/^- \*\*PostgreSQL\*\*/,/^- \*\*Reload/p' "$source_root/README.md" |
        grep -o '`[^`]*`' | tr -d '`' | sed -n "$1p"
}

# query SQL   in the server's database
query() { inside runuser --user postgres -- psql --dbname hearth --tuples-only --no-align --command "$1"; }

step 'The server and PostgreSQL are installed'
boot
install_debs hearth-server hearth-publisher
apt_get --no-install-recommends install postgresql
within 30 'PostgreSQL runs' inside runuser --user postgres -- pg_isready --quiet

step 'A role and a database are made'
replies=(['Enter password for new role']=$password ['Enter it again']=$password)
line=$(quoted 1)
must 'README.md has the line' test -n "$line"
type_line "$line" "$scratch/createuser"

step 'The configuration names them'
line=$(quoted 2)
[[ $line == database:*:PASSWORD@* ]] || fail "README.md's line is '$line'."
sed -i "s|^database:.*|${line/PASSWORD/$password}|" "$root/etc/hearth/hearthd.yaml"
inside systemctl restart hearthd
within 20 'hearthd is ready' is_ready

step 'A stream goes the whole way'
make_keys
inside hearth-testbackend --listen 127.0.0.1:8000 --model tiny &
within 20 'the backend listens' has_backend
setup_publisher "$publish_key" --publish tiny
inside systemctl enable --now hearth-publisher
within 20 'the Llm is active' is_active "$infer_key" tiny
check_stream "$infer_key" tiny 50
must 'the keys are in PostgreSQL' test "$(query 'SELECT count(*) FROM api_keys')" = 3
