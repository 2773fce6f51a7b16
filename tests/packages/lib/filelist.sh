# shellcheck shell=bash disable=SC2154 # container.sh sets `root`, run_case `scratch`.
# What a package adds to a root and leaves behind. Sourced by suite.sh.

# A list has a line for each file: its path, and behind a tab its type, mode and owner.

# What belongs to dpkg, apt and the C library, whatever they install: their records, logs, caches and backups.
readonly kept_by_the_system='
/etc/ld\.so\.cache
/etc/(passwd|group|shadow|gshadow|subuid|subgid)-?
/etc/\.pwd\.lock
/var/cache/(apt|debconf|ldconfig|man|fontconfig)(/.*)?
/var/lib/(apt|dpkg)(/.*)?
/var/lib/systemd/(deb-systemd-helper-enabled|deb-systemd-user-helper-enabled|deb-systemd-helper-masked)
/var/log/(apt|alternatives\.log|dpkg\.log)(/.*)?
'

# list_files   of the container, sorted; nothing that only lives in memory
list_files() {
    find "$root" -xdev -mindepth 1 -printf '/%P\t%y %m %U:%G\n' |
        grep -vP '^/(proc|sys|dev|run|tmp)[/\t]' | LC_ALL=C sort
}

# new_files BEFORE AFTER   the paths that are only in the second list
new_files() { LC_ALL=C comm -13 <(cut -f 1 "$1") <(cut -f 1 "$2"); }

# without PATTERNS   lines of stdin that none of the patterns, one a line, matches as a whole
without() { grep -vxEf <(printf '%s\n' "$1" | sed '/^$/d') || true; }

# Paths of stdin as they really are: /bin, /lib and /sbin lead to /usr.
real_paths() { sed -E 's,^/(bin|sbin|lib|lib32|lib64|libx32)/,/usr/\1/,'; }

# Every path that an installed package owns.
owned_paths() { cat "$root"/var/lib/dpkg/info/*.list | real_paths | LC_ALL=C sort -u; }

# check_owned BEFORE AFTER PATTERNS   every new file belongs to a package, to the system, or is expected
check_owned() {
    local stray
    stray=$(new_files "$1" "$2" | LC_ALL=C comm -23 - <(owned_paths) | without "$kept_by_the_system$3")
    [ -z "$stray" ] || fail "nobody owns these new files: $stray"
}

# check_nothing_left BEFORE AFTER PATTERNS   nothing is new, gone or changed but what the system keeps and the patterns
check_nothing_left() {
    local left
    left=$(LC_ALL=C comm -3 "$1" "$2" | sed 's/^\t//' | cut -f 1 | sort -u | without "$kept_by_the_system$3")
    [ -z "$left" ] || fail "these files are new, gone or changed: $left"
}

# check_contents DEB GLOBS   the package has exactly the files that the globs, one a line, name, and each names one
check_contents() {
    local file glob matched found
    local -A used=()
    while read -r file; do
        # Written for lintian and nobody else.
        [[ $file != /usr/share/lintian/overrides/hearth-* ]] || continue
        matched=
        while read -r glob; do
            # shellcheck disable=SC2053 # A glob is meant.
            if [[ -n $glob && $file == $glob ]]; then
                matched=1
                used[$glob]=1
            fi
        done <<<"$2"
        [ -n "$matched" ] || fail "$(basename "$1") has $file, which is not expected."
    done < <(files_of "$1")
    while read -r found; do
        [ -z "$found" ] || [ -n "${used[$found]-}" ] || fail "$(basename "$1") lacks $found."
    done <<<"$2"
}

# snapshot NAME   keeps a list of the files under that name and prints where
snapshot() {
    list_files >"$scratch/$1.files"
    printf '%s\n' "$scratch/$1.files"
}
