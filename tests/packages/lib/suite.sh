# shellcheck shell=bash
# The first process inside the namespaces that run.sh makes: prepares the clean roots and runs the cases that are named
# by its arguments, each in a subshell of its own.
#
# A case is a script of checks that ends with the first one that fails. It sees what lib/*.sh offers; nothing of what it
# does outlives it but its log.
set -euo pipefail

lib=$(dirname "${BASH_SOURCE[0]}")
readonly lib cases=$lib/../cases
# shellcheck disable=SC2034 # Cases use it.
readonly source_root=${HEARTH_PACKAGES_SOURCE:?run.sh sets it}
readonly work=${HEARTH_PACKAGES_WORK:?run.sh sets it}
readonly debs=${HEARTH_PACKAGES_DEBS:?run.sh sets it}
readonly previous=${HEARTH_PACKAGES_PREVIOUS-}
readonly cgroups=${HEARTH_PACKAGES_CGROUPS-}
readonly logs=$work/logs

# shellcheck source=tests/packages/lib/checks.sh
. "$lib/checks.sh"
# shellcheck source=tests/packages/lib/packages.sh
. "$lib/packages.sh"
# shellcheck source=tests/packages/lib/cleanroot.sh
. "$lib/cleanroot.sh"
# shellcheck source=tests/packages/lib/container.sh
. "$lib/container.sh"
# shellcheck source=tests/packages/lib/filelist.sh
. "$lib/filelist.sh"
# shellcheck source=tests/packages/lib/install.sh
. "$lib/install.sh"
# shellcheck source=tests/packages/lib/removal.sh
. "$lib/removal.sh"
# shellcheck source=tests/packages/lib/relay.sh
. "$lib/relay.sh"
# shellcheck source=tests/packages/lib/upgrading.sh
. "$lib/upgrading.sh"
# shellcheck source=tests/packages/lib/terminal.sh
. "$lib/terminal.sh"

# No setting of the caller's shell is one of the programs.
for variable in "${!HEARTH_@}"; do unset "$variable"; done

enter_own_cgroups() {
    local cgroup
    for cgroup in $cgroups; do echo $$ >"$cgroup/cgroup.procs"; done
}

# apart LOG COMMAND…   runs it in a subshell and leaves its status in `status`. Never part of a condition: there, `set -e`
# would not hold inside the command.
apart() {
    local log=$1
    shift
    status=0
    ("$@") >"$log" 2>&1 &
    wait $! || status=$?
}

# run_case NAME
run_case() {
    case_name=$1
    scratch=$work/roots/$1
    mkdir "$scratch"
    trap show_journal EXIT
    # shellcheck source=/dev/null
    . "$cases/$case_name.sh"
}

passed=0
failed=0

# report NAME SECONDS
report() {
    if [ "$status" = 0 ]; then
        passed=$((passed + 1))
        printf 'ok     %s (%d s)\n' "$1" "$2"
    else
        failed=$((failed + 1))
        printf 'FAILED %s (%d s); the end of its log:\n' "$1" "$2"
        tail -n 40 "$logs/$1.log" | sed 's/^/    /'
    fi
}

enter_own_cgroups
if ! take_clean_roots 0; then
    printf 'Another run uses the clean roots in %s.\n' "$roots" >&2
    exit 1
fi
apart "$logs/clean-roots.log" prepare_clean_roots
if [ "$status" != 0 ]; then
    tail -n 20 "$logs/clean-roots.log" >&2
    printf 'The clean roots cannot be made.\n' >&2
    exit 1
fi
for name; do
    started=$SECONDS
    apart "$logs/$name.log" run_case "$name"
    stop_containers "$name"
    report "$name" $((SECONDS - started))
done
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
