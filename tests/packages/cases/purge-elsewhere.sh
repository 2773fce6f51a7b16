# shellcheck shell=bash disable=SC2154 # container.sh sets `root`.
# Purging where the administrator has put the state on disks of their own and made a link of /etc/hearth.

# is_empty FOLDER
is_empty() { [ -z "$(inside ls -A "$1")" ]; }

step 'They are installed there'
start_plain
for folder in /var/lib/hearth /var/lib/hearth-publisher; do
    inside mkdir "$folder"
    inside mount -t tmpfs tmpfs "$folder"
done
inside mkdir /opt/hearth
inside ln -s /opt/hearth /etc/hearth
install_debs hearth-server hearth-publisher
make_key alice infer
must 'the database is on its disk' inside test -s /var/lib/hearth/hearth.db
must 'the configuration is behind the link' inside test -s /opt/hearth/hearthd.yaml

step 'Purged, they leave those places, empty'
# One after the other, for dpkg takes the link away with the package that brought the folder.
apt_get purge hearth-publisher
apt_get purge hearth-server
for package in hearth-server hearth-publisher; do
    must_not "dpkg still knows $package" inside dpkg-query --show "$package"
done
for folder in /var/lib/hearth /var/lib/hearth-publisher /opt/hearth; do
    must "$folder is empty" is_empty "$folder"
done
check_user_gone hearth
check_user_gone hearth-publisher
