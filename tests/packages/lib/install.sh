# shellcheck shell=bash disable=SC2034,SC2154 # suite.sh sets `debs`, container.sh `root`; cases use `unit_records`.
# Installing a package and looking at what it installed. Sourced by suite.sh.

# What systemd's and debhelper's bookkeeping makes for an enabled unit, whoever enables it.
readonly unit_records='
/etc/systemd/system
/etc/systemd/system/multi-user\.target\.wants
/var/lib/systemd
/var/lib/systemd/deb-systemd-helper-enabled/.*
/var/lib/systemd/deb-systemd-user-helper-enabled/.*
'

# inside_path PACKAGE   where its file is for apt in the container
inside_path() { printf '/srv/hearth/%s\n' "$(basename "$(deb_of "$debs" "$1")")"; }

# dependencies_of PACKAGE…   what apt would install beside Hearth's own
dependencies_of() {
    install_debs "$@" --simulate |
        sed -n 's/^Inst \([^ ]*\).*/\1/p' | grep -v '^hearth-'
}

# install_dependencies PACKAGE…   so that what differs afterwards is Hearth's own doing
install_dependencies() {
    local names
    names=$(dependencies_of "$@") || fail "the dependencies of $* cannot be installed."
    # shellcheck disable=SC2086 # These are several.
    apt_get --no-install-recommends install $names
}

# install_debs PACKAGE… [OPTION OF APT…]   from the files, without Recommends
install_debs() {
    local argument arguments=()
    for argument; do
        [[ $argument == -* ]] || argument=$(inside_path "$argument")
        arguments+=("$argument")
    done
    apt_get --no-install-recommends install "${arguments[@]}"
}

# check_help PROGRAM [SUBCOMMAND…]   sentences that fit a terminal
check_help() {
    local text
    text=$(inside "$@" --help) || fail "$* --help fails."
    [ -n "$text" ] || fail "$* --help says nothing."
    ! grep -E '^.{81,}' <<<"$text" || fail "$* --help has lines of more than 80 columns."
}

# check_program PROGRAM PAGE…   it runs, says its version, and has its manual and completions
check_program() {
    local program=$1 version page
    shift
    version=$(inside "$program" --version) || fail "$program --version fails."
    [[ $version =~ [0-9]+\.[0-9]+\.[0-9]+ ]] || fail "$program --version says '$version'."
    check_help "$program"
    must_not "$program takes every option" inside "$program" --no-such-option
    for page; do check_manual "$page"; done
    must "bash completes $program" test -s "$root/usr/share/bash-completion/completions/$program"
    must "bash can read its completion" bash -n "$root/usr/share/bash-completion/completions/$program"
    must "zsh completes $program" test -s "$root/usr/share/zsh/vendor-completions/_$program"
    must "fish completes $program" test -s "$root/usr/share/fish/vendor_completions.d/$program.fish"
}

# check_manual PAGE   such as hearthd.8
check_manual() {
    local file=$root/usr/share/man/man${1##*.}/$1.gz text
    must "$1 is there" test -s "$file"
    text=$(mandoc -T ascii "$file" | col -b)
    grep -qi "^${1%.*}(" <<<"$text" || fail "$1 has no heading."
    ! grep -E '^.{81,}' <<<"$text" || fail "$1 has lines of more than 80 columns."
}

# check_no_gui   neither as packages nor as files
check_no_gui() {
    # shellcheck disable=SC2016 # dpkg-query expands this.
    must_not_find 'packages of X or a GUI are installed' \
        '^lib(x11|xcb|wayland|egl|gl1|gles|glx|glvnd|qt6(gui|widgets|qml|quick))' '^libqt6core6' \
        inside dpkg-query --show --showformat '${Package}\n'
    must_not_find 'libraries of X or a GUI are installed' \
        '^/(usr|lib).*/lib(X11|xcb|wayland|GL|EGL|Qt6(Gui|Widgets|Qml|Quick))' '/libQt6Core\.so' list_files
}

# check_owner PATH OWNER MODE
check_owner() {
    local is
    is=$(inside stat --format '%U:%G %a' "$1") || fail "$1 is not there."
    [ "$is" = "$2 $3" ] || fail "$1 is $is, not $2 $3."
}
