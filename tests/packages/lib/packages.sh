# shellcheck shell=bash disable=SC2154 # suite.sh sets `debs` and `previous`.
# The packages under test. Sourced by suite.sh.

# deb_of FOLDER PACKAGE   the file of the package in the folder
deb_of() {
    local file
    for file in "$1/$2"_*.deb; do
        [ -f "$file" ] || fail "there is no $2_*.deb in $1."
        printf '%s\n' "$file"
    done | sort --version-sort | tail -n 1
}

deb_version() { dpkg-deb --field "$1" Version; }

# files_of DEB   its files and links, without folders
files_of() { dpkg-deb --fsys-tarfile "$1" | tar --list --verbose | awk '!/^d/ { print $6 }' | sed 's|^\./|/|'; }

# copy_packages FOLDER TARGET PACKAGE…   one file of each
copy_packages() {
    local package file folder=$1 target=$2
    shift 2
    mkdir -p "$target"
    for package; do
        file=$(deb_of "$folder" "$package")
        cp "$file" "$target"
    done
}

# lower_version DEB TARGET   the package with a version below every real one and one comment more in its configuration
# file, so that dpkg sees a new edition of that file in the upgrade.
lower_version() {
    local folder conffile
    folder=$(mktemp -d -p "$work/roots")
    dpkg-deb --raw-extract "$1" "$folder"
    # Dependencies on the own version follow.
    sed -i "s/$(deb_version "$1" | sed 's/[.+~]/\\&/g')/0~previous/" "$folder/DEBIAN/control"
    while read -r conffile; do
        sed -i '1i # The previous edition.' "$folder$conffile"
    done < <(grep '^/etc/hearth/' "$folder/DEBIAN/conffiles" 2>/dev/null || true)
    dpkg-deb --root-owner-group --build "$folder" "$2" >&2
    rm -rf "$folder"
}

# previous_packages TARGET   what an upgrade starts from
previous_packages() {
    if [ -n "$previous" ]; then
        copy_packages "$previous" "$1" hearth-server hearth-publisher
    else
        lowered_packages "$1"
    fi
}

# lowered_packages TARGET   those under test, as if they were older
lowered_packages() {
    local package file
    mkdir -p "$1"
    for package in hearth-server hearth-publisher; do
        file=$(deb_of "$debs" "$package")
        lower_version "$file" "$1/${package}_0~previous.deb"
    done
}
