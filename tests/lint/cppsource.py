"""A C++ file as the checks see it: its includes, its first comment, the length of its functions.

This is no parser. It knows comments, literals and braces, which is enough for the style of this project.
"""

import re
from dataclasses import dataclass
from pathlib import Path

_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)
_FIRST_COMMENT = re.compile(r"\s*(?:/\*(.*?)\*/|((?:[ \t]*//[^\n]*\n?)+))", re.DOTALL)
_RAW_STRING = re.compile(r'R"([^()\\ ]{0,16})\(')
_DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", re.MULTILINE)
_ACCESS = re.compile(r"^(?:\s*(?:public|private|protected|Q_SIGNALS|signals)(?:\s+Q_SLOTS)?\s*:(?!:))+")
_TYPE = re.compile(r"^\s*(?:template\s*<.*>\s*)?(?:typedef\s+)?(?:class|struct|union|enum)\b", re.DOTALL)
_NAMESPACE = re.compile(r'^\s*(?:inline\s+)?(?:namespace\b|extern\s*"\s*"\s*$)')
_MACRO = re.compile(r"^(?:\s*[A-Z][A-Z0-9_]+\([^()]*\)[ \t]*\n)+")
_NUMBER = re.compile(r"(?<![\w'])[0-9][\w']*$")
_NAME = re.compile(r"([\w:~]+|operator\s*\S+)\s*\(")


@dataclass(frozen=True)
class Include:
    line: int
    quoted: bool
    name: str


@dataclass(frozen=True)
class Function:
    name: str
    line: int
    lines: int


class CppSource:
    def __init__(self, path: Path):
        self.path = path
        self.text = path.read_text(encoding="utf-8")

    def lines(self) -> int:
        return len(self.text.splitlines())

    def includes(self) -> list[Include]:
        return [
            Include(_line_at(self.text, match.start(1)), match[1] == '"', match[2])
            for match in _INCLUDE.finditer(self.text)
        ]

    def first_comment(self) -> str:
        match = _FIRST_COMMENT.match(self.text)
        return match[0] if match else ""

    def functions(self) -> list[Function]:
        """The function bodies at namespace and class scope; what is inside one counts as part of it."""
        return list(_functions(_code_only(self.text)))


def _line_at(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def _without(pattern: re.Pattern, text: str) -> str:
    return pattern.sub(lambda match: _blank(match[0]), text)


def _code_only(text: str) -> str:
    """`text` without comments, directives and the contents of literals, every line in its place."""
    out = []
    at = 0
    while at < len(text):
        end = _end_of_noise(text, at)
        if end > at:
            noise = text[at:end]
            out.append(_blank(noise) if noise[0] in "/" else noise[0] + _blank(noise[1:-1]) + noise[-1])
            at = end
        else:
            out.append(text[at])
            at += 1
    return _without(_DIRECTIVE, "".join(out))


def _end_of_noise(text: str, at: int) -> int:
    """Where the comment or literal that starts at `at` ends; `at` itself if none does."""
    if text.startswith("//", at):
        end = text.find("\n", at)
    elif text.startswith("/*", at):
        end = text.find("*/", at) + 2
    elif raw := _RAW_STRING.match(text, at):
        closing = f'){raw[1]}"'
        end = text.find(closing, raw.end()) + len(closing)
    elif text[at] == '"' or (text[at] == "'" and not _NUMBER.search(text, max(0, at - 64), at)):
        end = at + 1
        while end < len(text) and text[end] != text[at] and text[end] != "\n":
            end += 2 if text[end] == "\\" else 1
        end += 1
    else:
        return at
    return len(text) if end <= at else min(end, len(text))


def _functions(code: str):
    at = head = 0
    while at < len(code):
        character = code[at]
        if character in ";}":
            head = at + 1
        elif character == "{":
            text = _without(_MACRO, _without(_ACCESS, code[head:at]))
            if _NAMESPACE.match(text) or (_TYPE.match(text) and not _is_function(text)):
                head = at + 1
            else:
                start = head + len(text) - len(text.lstrip())
                at = _closing_brace(code, at)
                if code[at + 1 :].lstrip()[:1] in (",", "{"):
                    at += 1
                    continue
                if _is_function(text):
                    first = _line_at(code, start)
                    name = _NAME.search(text)
                    yield Function(name[1] if name else "?", first, _line_at(code, at) - first + 1)
                head = at + 1
        at += 1


def _is_function(head: str) -> bool:
    """Whether a brace after `head` opens a body: there are parameters, and no initialiser before them."""
    depth = 0
    parameters = False
    for at, character in enumerate(head):
        if character == "(":
            depth += 1
            parameters = True
        elif character == ")":
            depth -= 1
        elif character == "=" and depth == 0 and "operator" not in head[:at]:
            return False
    return parameters


def _closing_brace(code: str, opening: int) -> int:
    depth = 0
    for at in range(opening, len(code)):
        if code[at] == "{":
            depth += 1
        elif code[at] == "}":
            depth -= 1
            if depth == 0:
                return at
    return len(code) - 1
