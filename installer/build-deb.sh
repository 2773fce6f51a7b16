#!/usr/bin/env bash
# Builds the Debian packages hearth-server, hearth-publisher and hearth-tray from this checkout, and has lintian check them.
#
#   installer/build-deb.sh [--suffix TEXT] [--no-lintian] OUTDIR
#
#   --suffix TEXT   append TEXT to the version, such as +local1
#   --no-lintian    do not check the packages
#
# They are built from the last commit, in a temporary folder, or from the files as they are where some are changed; what
# Git ignores never gets into them. OUTDIR receives the packages, their debug symbols (hearth-…-dbgsym_….deb), .changes and
# .buildinfo, and the build's log (.build). Those of other versions go from there: ./hearth-server_*.deb is one file.
set -euo pipefail
export LC_ALL=C.UTF-8
umask 022

suffix=
check=true
out=

# fail MESSAGE [LOG]
fail() {
    printf 'build-deb.sh: %s\n' "$1" >&2
    if [ -s "${2-}" ]; then
        printf 'The last lines of %s:\n' "$2" >&2
        tail -n 30 "$2" | sed 's/^/    /' >&2
    fi
    exit 1
}

say() { printf '  %-10s %s\n' "$1" "$2"; }

parse_arguments() {
    while [ $# -gt 0 ]; do
        case $1 in
        --suffix)
            [[ ${2-} =~ ^[+~][A-Za-z0-9.+~]+$ ]] || fail '--suffix wants a text that begins with + or ~, and then letters, digits, dots, + and ~.'
            suffix=$2
            shift
            ;;
        --no-lintian) check=false ;;
        -h | --help)
            sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0"
            exit 0
            ;;
        -*) fail "Unknown option '$1'; there are --suffix TEXT and --no-lintian." ;;
        *)
            [ -z "$out" ] || fail 'There is one OUTDIR.'
            out=$1
            ;;
        esac
        shift
    done
    [ -n "$out" ] || fail 'usage: build-deb.sh [--suffix TEXT] [--no-lintian] OUTDIR'
    mkdir -p "$out" || fail "Cannot write to $out."
    out=$(realpath "$out")
}

# Git's list has files that were deleted and not committed, too.
present_files() {
    comm -z -23 <(git ls-files -z --cached --others --exclude-standard | sort -z) <(git ls-files -z --deleted | sort -z)
}

export_sources() {
    local changes
    changes=$(git status --porcelain) || fail 'Packages are built from a Git checkout.'
    mkdir "$source"
    if [ -z "$changes" ]; then
        git archive HEAD | tar --extract --directory "$source"
        say sources "commit $(git rev-parse --short HEAD)"
    else
        present_files | tar --create --null --files-from=- | tar --extract --directory "$source"
        say sources "commit $(git rev-parse --short HEAD) with $(wc -l <<<"$changes") files changed"
    fi
}

# The first section of CHANGELOG.md as the only entry of debian/changelog.
changelog() {
    printf 'hearth (%s) bookworm; urgency=medium\n\n' "$version"
    perl -CSD -MText::Wrap=wrap -ne '
        BEGIN { $Text::Wrap::columns = 80 }
        $sections++ if /^## /;
        next unless $sections == 1;
        if (s/^- //) { push @items, $_ } elsif (/^  \S/ && @items) { $items[-1] .= $_ }
        END { for (@items) { s/\s+/ /g; s/ $//; print wrap("  * ", "    ", $_), "\n" } }' CHANGELOG.md
    printf '\n -- %s  %s\n' "$(sed -n 's/^Maintainer: //p' "$source/debian/control")" \
        "$(date --utc --rfc-email --date="@$SOURCE_DATE_EPOCH")"
}

# What depends on the moment of the build: the version, and the list of packages, which has one place.
prepare_sources() {
    local packages
    packages=$(installer/packages.sh list build | paste -sd , | sed 's/,/, /g')
    cp -r "$source/installer/debian" "$source/debian"
    sed -i "s/@BUILD_PACKAGES@/$packages/" "$source/debian/control"
    changelog >"$source/debian/changelog"
}

build() {
    local log=$out/hearth_$version.build
    # debhelper hides the home folder, and each build has another folder: without these, ccache would never find anything.
    CCACHE_DIR=${CCACHE_DIR:-$(ccache --get-config cache_dir)}
    export CCACHE_DIR CCACHE_BASEDIR=$source CCACHE_NOHASHDIR=1
    say build "$log (the first time takes a quarter of an hour)"
    (cd "$source" && dpkg-buildpackage --build=binary --unsigned-source --unsigned-changes --jobs="$(nproc)") \
        >"$log" 2>&1 </dev/null || fail 'The build failed.' "$log"
}

lint() {
    say lintian 'checking'
    # As root, lintian warns about being root.
    lintian --allow-root --fail-on error,warning --tag-display-limit 0 "$work"/hearth_*.changes ||
        fail 'lintian has found errors or warnings.'
}

# Not before the new ones are made.
remove_others() {
    local name
    for name in hearth-{server,publisher,tray}{,-dbgsym}; do rm -f "$out/$name"_[0-9]*.deb; done
    rm -f "$out"/hearth_[0-9]*.{changes,buildinfo}
    find "$out" -maxdepth 1 -type f -name 'hearth_[0-9]*.build' ! -name "hearth_$version.build" -delete
}

deliver() {
    local file
    for file in "$work"/hearth*.{deb,changes,buildinfo}; do
        cp "$file" "$out"
        case $file in
        *-dbgsym_*) ;;
        *.deb) say package "$out/${file##*/}" ;;
        esac
    done
    say symbols "$out/hearth-…-dbgsym_${version}_….deb"
}

parse_arguments "$@"
cd "$(dirname "$0")/.."
work=$(mktemp --directory --tmpdir hearth-build-deb.XXXXXX)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
readonly source=$work/hearth
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)} || fail 'Packages are built from a Git checkout.'
export SOURCE_DATE_EPOCH
version=$(installer/version.sh)$suffix
printf 'Hearth %s as Debian packages\n' "$version"
installer/packages.sh install package || fail 'Building needs these packages.'
export_sources
prepare_sources
build
! $check || lint
remove_others
deliver
