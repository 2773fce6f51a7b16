#!/usr/bin/env python3
"""Checks the catalogues of the tray app.

    translations.py [ROOT]

Prints one line per finding and fails if there are any. What it enforces:
- no entry is without a translation, in any of its plural forms;
- a translation has the placeholders of its source, as many mnemonics, and ends as it does: with a colon, an ellipsis, a
  sentence or neither;
- the catalogues have every text of the code and no other, each in the class that asks for it (needs lupdate; exit code
  77, "skipped", where that is missing).
"""

import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Iterator

FOLDER = Path("resources/translations")
CATALOGUES = ("hearth_de.ts", "hearth_en.ts")
SKIPPED = 77
_PLACEHOLDER = re.compile(r"%(?:L?\d{1,2}|[nvm])")
# Not the one of an escaped ampersand, and not one that stands by itself.
_MNEMONIC = re.compile(r"(?<!&)&(?=[^&\s])")
# What lupdate says about a text whose class it could not tell: it would not be found at run time.
_LOST_CLASS = re.compile(r"^.*lacks Q_OBJECT macro$", re.MULTILINE)


def messages(file: Path) -> Iterator[tuple[tuple[str, str, str], ElementTree.Element]]:
    """The entries of a catalogue, each by class, source text and comment."""
    for context in ElementTree.parse(file).getroot().iter("context"):
        for message in context.iter("message"):
            yield (
                context.findtext("name", ""),
                message.findtext("source", ""),
                message.findtext("comment", ""),
            ), message


def ending(text: str) -> str:
    text = text.rstrip()
    return next((mark for mark in ("…", ":", ".", "?") if text.endswith(mark)), "")


def texts(message: ElementTree.Element) -> list[str]:
    translation = message.find("translation")
    if translation is None or translation.get("type") == "unfinished":
        return []
    forms = [form.text or "" for form in translation.iter("numerusform")]
    return forms or [translation.text or ""]


def findings_in(file: Path) -> Iterator[str]:
    for (context, source, _), message in messages(file):
        place = f"{file.name}: {context}: {source!r}"
        forms = texts(message)
        if not forms or not all(forms):
            yield f"{place} is not translated"
            continue
        for form in forms:
            if sorted(_PLACEHOLDER.findall(form)) != sorted(_PLACEHOLDER.findall(source)):
                yield f"{place} has other placeholders in {form!r}"
            if len(_MNEMONIC.findall(form)) != len(_MNEMONIC.findall(source)):
                yield f"{place} has not as many mnemonics in {form!r}"
            if ending(form) != ending(source):
                yield f"{place} ends differently in {form!r}"


def findings_of_lupdate(root: Path) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        for catalogue in CATALOGUES:
            shutil.copy(root / FOLDER / catalogue, folder)
        update = subprocess.run(
            [root / FOLDER / "update.sh", folder], check=True, capture_output=True, text=True, errors="replace"
        )
        yield from _LOST_CLASS.findall(update.stdout + update.stderr)
        for catalogue in CATALOGUES:
            present = {key for key, _ in messages(root / FOLDER / catalogue)}
            wanted = {key for key, _ in messages(Path(folder) / catalogue)}
            for context, source, _ in sorted(wanted - present):
                yield f"{catalogue}: {context}: {source!r} is missing; run {FOLDER}/update.sh"
            for context, source, _ in sorted(present - wanted):
                yield f"{catalogue}: {context}: {source!r} is not in the code any more; run {FOLDER}/update.sh"


def has_lupdate() -> bool:
    return any(shutil.which(name) for name in ("lupdate6", "lupdate", "/usr/lib/qt6/bin/lupdate"))


def main() -> int:
    root = Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    found = [finding for catalogue in CATALOGUES for finding in findings_in(root / FOLDER / catalogue)]
    if has_lupdate():
        found += findings_of_lupdate(root)
    for finding in found:
        print(finding)
    if found:
        return 1
    return 0 if has_lupdate() else SKIPPED


if __name__ == "__main__":
    sys.exit(main())
