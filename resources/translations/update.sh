#!/usr/bin/env bash
# Brings the catalogues up to date with the texts in the code. Translate what is new in hearth_de.ts by hand or with Qt
# Linguist; lint_translations finds what is missing. hearth_en.ts has nothing but the plural forms. With a folder as an
# argument, copies there are brought up to date instead.
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=${1-resources/translations}
lupdate=$(command -v lupdate6 || command -v lupdate || echo /usr/lib/qt6/bin/lupdate)
# Without line numbers, so that a catalogue changes only when a text does.
"$lupdate" -locations none -no-obsolete desktop -ts "$folder/hearth_de.ts"
"$lupdate" -locations none -no-obsolete -pluralonly desktop -ts "$folder/hearth_en.ts"
