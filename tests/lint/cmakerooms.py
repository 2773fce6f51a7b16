"""The rooms of the project as its CMakeLists.txt files declare them.

Reads the few commands by which the house makes targets, from the text and without running CMake, so that the checks
also work on a tree that does not configure. A name or a file that holds a variable is passed over.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

_COMMAND = re.compile(r"^[ \t]*(\w+)[ \t]*\(([^()]*)\)", re.MULTILINE)
_COMMENT = re.compile(r"#[^\n]*")
_ARGUMENT = re.compile(r'"[^"]*"|[^\s"]+')
_SCOPES = {"PUBLIC", "PRIVATE", "INTERFACE"}
_LIBRARY_TYPES = {"STATIC", "SHARED", "MODULE", "OBJECT", "INTERFACE"}
_KEYWORDS = {"SOURCES", "LINKS", "PRIVATE_LINKS", "LABELS", "TIMEOUT", "ENVIRONMENT", "DESKTOP"}


@dataclass
class Target:
    """One library or program. `order` is its place in the traversal of the folders: lower rooms come first."""

    name: str
    folder: Path
    line: int
    order: int
    sources: set[Path] = field(default_factory=set)
    links: set[str] = field(default_factory=set)
    private_links: set[str] = field(default_factory=set)


class Rooms:
    """All targets of the tree below `root`, by name."""

    def __init__(self, root: Path):
        self.root = root
        self.targets: dict[str, Target] = {}
        self._read(root)

    def owners(self, file: Path) -> list[Target]:
        """The targets that list `file`; for a header that none lists, those of its folder."""
        listed = [target for target in self.targets.values() if file in target.sources]
        if listed or file.suffix != ".h":
            return listed
        return [target for target in self.targets.values() if target.folder == file.parent]

    def visible_from(self, target: Target) -> set[str]:
        """The targets whose headers `target` may include: itself, its link line, and what that passes on."""
        seen = {target.name}
        pending = list(target.links | target.private_links)
        while pending:
            name = pending.pop()
            if name in self.targets and name not in seen:
                seen.add(name)
                pending.extend(self.targets[name].links)
        return seen

    def _read(self, folder: Path):
        file = folder / "CMakeLists.txt"
        if not file.is_file():
            return
        text = _COMMENT.sub("", file.read_text(encoding="utf-8"))
        for match in _COMMAND.finditer(text):
            arguments = [argument.strip('"') for argument in _ARGUMENT.findall(match[2])]
            line = text.count("\n", 0, match.start()) + 1
            if arguments and "${" not in arguments[0]:
                self._command(match[1].lower(), arguments, folder, line)

    def _command(self, command: str, arguments: list[str], folder: Path, line: int):
        first, rest = arguments[0], arguments[1:]
        if command == "add_subdirectory":
            self._read(folder / first)
        elif command in ("hearth_add_room", "hearth_add_test"):
            name = f"hearth_{first}" if command == "hearth_add_room" else first
            lists = _by_keyword(rest, _KEYWORDS)
            self._add(name, folder, line, lists.get("SOURCES", []))
            self.targets[name].links.update(lists.get("LINKS", []))
            self.targets[name].private_links.update(lists.get("PRIVATE_LINKS", []))
        elif command in ("add_library", "add_executable"):
            self._add(first, folder, line, [word for word in rest if word not in _LIBRARY_TYPES])
        elif command == "target_sources" and first in self.targets:
            self._add_sources(self.targets[first], folder, [word for word in rest if word not in _SCOPES])
        elif command == "target_link_libraries" and first in self.targets:
            lists = _by_keyword(rest, _SCOPES)
            self.targets[first].links.update(lists.get("", []), lists.get("PUBLIC", []), lists.get("INTERFACE", []))
            self.targets[first].private_links.update(lists.get("PRIVATE", []))

    def _add(self, name: str, folder: Path, line: int, sources: list[str]):
        self.targets[name] = Target(name, folder, line, order=len(self.targets))
        self._add_sources(self.targets[name], folder, sources)

    def _add_sources(self, target: Target, folder: Path, sources: list[str]):
        target.sources.update((folder / source).resolve() for source in sources if "${" not in source)


def _by_keyword(words: list[str], keywords: set[str]) -> dict[str, list[str]]:
    """Sorts words under the keyword before them; those before the first keyword go under the empty one."""
    lists: dict[str, list[str]] = {}
    keyword = ""
    for word in words:
        if word in keywords:
            keyword = word
        else:
            lists.setdefault(keyword, []).append(word)
    return lists
