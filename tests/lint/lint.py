#!/usr/bin/env python3
"""Checks what the compiler does not: the direction of the rooms and the ceilings of the house.

    lint.py [ROOT]

Prints one line per finding, `path:line: what is wrong`, and fails if there are any. What it enforces:
- a header is included by its bare name in quotes, and its name is unique over the project;
- it belongs to the same room or to one on the link line of the room;
- a room links only rooms that the root CMakeLists.txt adds before it, server and desktop meet only in common, and only
  tests link tests;
- a file has at most 400 lines and a function at most 60, unless the first comment of the file says why in a sentence
  that begins with "Ceiling:"; the `_data()` functions of Qt Test are tables and may be as long as they need.
"""

import sys
from collections import defaultdict
from pathlib import Path
from typing import Iterator

from cmakerooms import Rooms, Target
from cppsource import CppSource, Include

AREAS = ("common", "server", "desktop", "installer", "tests")
MAY_LINK = {
    "common": {"common"},
    "server": {"server", "common"},
    "desktop": {"desktop", "common"},
    # The manual is made from all programs, the test backend among them.
    "installer": {"installer", "tests", "server", "desktop", "common"},
    "tests": {"tests", "installer", "server", "desktop", "common"},
}
FILE_CEILING = 400
FUNCTION_CEILING = 60
# Dependencies of the npm tests.
NOT_OURS = {"node_modules"}


class Lint:
    def __init__(self, root: Path):
        self.root = root.resolve()
        self.rooms = Rooms(self.root)
        self.files = sorted(
            file
            for area in AREAS
            for file in (self.root / area).rglob("*")
            if file.suffix in (".h", ".cpp") and not NOT_OURS & set(file.parts)
        )
        self.headers: dict[str, list[Path]] = defaultdict(list)
        for file in self.files:
            if file.suffix == ".h":
                self.headers[file.name].append(file)

    def findings(self) -> list[str]:
        found = [*self._header_names(), *self._links()]
        for file in self.files:
            source = CppSource(file)
            found += self._ceilings(source)
            for include in source.includes():
                found += self._include(file, include)
        return found

    def _at(self, file: Path, line: int, text: str) -> str:
        return f"{file.relative_to(self.root)}:{line}: {text}"

    def _area(self, path: Path) -> str:
        return path.relative_to(self.root).parts[0]

    def _header_names(self) -> Iterator[str]:
        for name, files in self.headers.items():
            for file in files[1:]:
                yield self._at(file, 1, f"the header name {name} is taken by {files[0].relative_to(self.root)}")

    def _links(self) -> Iterator[str]:
        for target in self.rooms.targets.values():
            file = target.folder / "CMakeLists.txt"
            for name in sorted(target.links | target.private_links):
                linked = self.rooms.targets.get(name)
                if not linked:
                    continue
                if self._area(linked.folder) not in MAY_LINK.get(self._area(target.folder), set()):
                    yield self._at(file, target.line, f"{target.name} must not link {name}: wrong direction")
                elif linked.order >= target.order:
                    yield self._at(file, target.line, f"{target.name} links {name}, which stands above it")

    def _ceilings(self, source: CppSource) -> Iterator[str]:
        if "Ceiling:" in source.first_comment():
            return
        if source.lines() > FILE_CEILING:
            yield self._at(source.path, 1, f"{source.lines()} lines, the ceiling is {FILE_CEILING}")
        for function in source.functions():
            if function.lines > FUNCTION_CEILING and not function.name.endswith("_data"):
                text = f"{function.name}() has {function.lines} lines, the ceiling is {FUNCTION_CEILING}"
                yield self._at(source.path, function.line, text)

    def _include(self, file: Path, include: Include) -> Iterator[str]:
        bare = include.name.rsplit("/", 1)[-1]
        if ".." in include.name.split("/"):
            yield self._at(file, include.line, f"relative include of {include.name}")
        elif not include.quoted:
            if any(str(header).endswith(f"/{include.name}") for header in self.headers.get(bare, [])):
                yield self._at(file, include.line, f"{include.name} is ours and belongs in quotes, without a path")
        elif "/" in include.name:
            yield self._at(file, include.line, f"{include.name} is included by a path; its bare name is enough")
        elif bare in self.headers:
            yield from self._visibility(file, include)
        elif not self._is_generated(file, bare):
            yield self._at(file, include.line, f"no room has a header {include.name}")

    def _visibility(self, file: Path, include: Include) -> Iterator[str]:
        headers = self.headers[include.name]
        if any(header.parent == file.parent for header in headers):
            return
        owners = self.rooms.owners(file)
        if not owners:
            if self._area(file) != "tests":
                yield self._at(file, include.line, "the file belongs to no room")
            return
        providers = {target.name for header in headers for target in self.rooms.owners(header)}
        for owner in owners:
            if not providers & self.rooms.visible_from(owner):
                yield self._at(file, include.line, self._invisible(owner, include.name, providers))

    @staticmethod
    def _invisible(owner: Target, name: str, providers: set[str]) -> str:
        room = " or ".join(sorted(providers)) or "no room"
        return f"{name} belongs to {room}, which is not on the link line of {owner.name}"

    def _is_generated(self, file: Path, name: str) -> bool:
        """What moc makes of this file, and what configure_file() makes of a template anywhere."""
        if name in (f"{file.stem}.moc", f"moc_{file.stem}.cpp"):
            return True
        return any(True for area in AREAS for _ in (self.root / area).rglob(f"{name}.in"))


def main() -> int:
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[2]
    lint = Lint(root)
    if not lint.files or not lint.rooms.targets:
        print(f"{root}: there is nothing to check here", file=sys.stderr)
        return 2
    found = lint.findings()
    for finding in found:
        print(finding)
    print(f"{len(lint.files)} files, {len(lint.rooms.targets)} targets, {len(found)} findings")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
