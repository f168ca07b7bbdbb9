"""The patterns of ``.gitignore``, as git matches them: byte by byte, the last one that matches decides.

Source: the page gitignore of git's manual, and git's own wildmatch.c.
"""

from __future__ import annotations

import re
import string
from typing import NamedTuple

from pydeploy_lint.files.wildcards import NOT_SLASH, Directories, Many, Nothing, One, Token, fits

CLASSES = {
    b"alnum": string.digits + string.ascii_letters,
    b"alpha": string.ascii_letters,
    b"blank": " \t",
    b"cntrl": "".join(map(chr, [*range(32), 127])),
    b"digit": string.digits,
    b"graph": string.digits + string.ascii_letters + string.punctuation,
    b"lower": string.ascii_lowercase,
    b"print": string.digits + string.ascii_letters + string.punctuation + " ",
    b"punct": string.punctuation,
    b"space": string.whitespace,
    b"upper": string.ascii_uppercase,
    b"xdigit": string.hexdigits,
}
STARS = re.compile(rb"\*+")
CLASS = re.compile(rb"\[:([^\]]*):\]")
UNCLOSED_CLASS = re.compile(rb"\[:[^\]]*\Z")
BACKSLASH, HYPHEN, CLOSE, SLASH = b"\\-]/"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Rule(NamedTuple):
    """A line of a ``.gitignore``."""

    number: int
    """Of the line."""
    text: bytes
    """As it is written, without the spaces after it."""
    is_exception: bool
    """Whether it begins with ``!``."""
    only_directories: bool
    """Whether it ends with ``/``."""
    is_of_name: bool
    """Whether it is about a name in all directories, and not about a path from that of the file on."""
    tokens: tuple[Token, ...]

    def matches(self, path: bytes, *, is_directory: bool) -> bool:
        """Whether it is about a path itself; a directory takes what is in it along."""
        if self.only_directories and not is_directory:
            return False
        return fits(self.tokens, (path.rpartition(b"/")[2] if self.is_of_name else path).decode("latin-1"))


def read_rules(data: bytes) -> list[Rule]:
    """The rules of a file, in its order."""
    lines = data.removeprefix(BYTE_ORDER_MARK).split(b"\n")
    return [rule for number, line in enumerate(lines, 1) if (rule := _rule(number, line))]


def _rule(number: int, line: bytes) -> Rule | None:
    text = _without_spaces(line.removesuffix(b"\r"))
    if not text or text.startswith(b"#"):
        return None
    pattern = text.removeprefix(b"!")
    only_directories = pattern.endswith(b"/")
    pattern = pattern.removesuffix(b"/")
    tokens = tuple(_tokens(pattern.removeprefix(b"/")))
    return Rule(number, text, text.startswith(b"!"), only_directories, b"/" not in pattern, tokens)


def _without_spaces(line: bytes) -> bytes:
    """The line without spaces at its end, but for one that is escaped."""
    text = line.rstrip(b" ")
    return text + b" " if text != line and text.endswith(b"\\") else text


def _tokens(pattern: bytes) -> list[Token]:
    made: list[Token] = []
    at = 0
    while at < len(pattern):
        if stars := STARS.match(pattern, at):
            part, at = _stars(pattern, *stars.span())
        elif pattern.startswith(b"?", at):
            part, at = NOT_SLASH, at + 1
        elif pattern.startswith(b"[", at):
            part, at = _set(pattern, at + 1)
        else:
            at += pattern.startswith(b"\\", at)
            part, at = _one(pattern[at : at + 1]), at + 1
        made.append(part)
    return made


def _one(members: bytes) -> Token:
    return One(tuple((each, each) for each in members.decode("latin-1"))) if members else Nothing()


def _stars(pattern: bytes, start: int, end: int) -> tuple[Token, int]:
    """What some stars stand for, and where what follows begins: two between slashes mean any directories."""
    is_part = (start == 0 or pattern[start - 1] == SLASH) and pattern[end : end + 1] in (b"", b"/")
    if end - start == 1 or not is_part:
        return Many(with_slashes=False), end
    return (Many(with_slashes=True), end) if end == len(pattern) else (Directories(), end + 1)


def _set(pattern: bytes, at: int) -> tuple[Token, int]:
    """What a set in brackets stands for, and where what follows begins; nothing matches one that is not closed."""
    negated = pattern[at : at + 1] in (b"!", b"^")
    at = first = at + negated
    members: set[int] = set()
    previous: int | None = None
    while at < len(pattern) and (pattern[at] != CLOSE or at == first):
        byte = pattern[at]
        if byte == HYPHEN and previous is not None and at + 1 < len(pattern) and pattern[at + 1] != CLOSE:
            at += 1 + (pattern[at + 1] == BACKSLASH)
            members.update(range(previous, pattern[at] + 1 if at < len(pattern) else 0))
            previous = None
        elif named := CLASS.match(pattern, at):
            if named[1] not in CLASSES:
                return Nothing(), len(pattern)
            members.update(CLASSES[named[1]].encode())
            previous, at = None, named.end() - 1
        elif UNCLOSED_CLASS.match(pattern, at):
            return Nothing(), len(pattern)
        else:
            at += byte == BACKSLASH
            previous = pattern[at] if at < len(pattern) else None
            members.update(pattern[at : at + 1])
        at += 1
    if at >= len(pattern):
        return Nothing(), len(pattern)
    matched = (set(range(256)) - members if negated else members) - {SLASH}
    return _one(bytes(sorted(matched))), at + 1
