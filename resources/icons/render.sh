#!/usr/bin/env bash
# Renders the icon at the sizes of the hicolor theme (with rsvg-convert of the package librsvg2-bin). Its pictures
# are checked in: run it after a change of the drawing.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")"

for size in 16 22 24 32 48 64 128 256; do
    folder=hicolor/${size}x$size/apps
    mkdir -p "$folder"
    rsvg-convert --width "$size" --height "$size" --output "$folder/hearth-tray.png" hicolor/scalable/apps/hearth-tray.svg
done
