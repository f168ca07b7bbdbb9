"""The patterns of ``.gitignore``, as git matches them: byte by byte, the last one that matches decides.

Source: the page gitignore of git's manual, and git's own wildmatch.c.
"""

from __future__ import annotations

import re
import string
from typing import NamedTuple

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
NEVER = rb"(?!)"
STARS = re.compile(rb"\*+")
CLASS = re.compile(rb"\[:([^\]]*):\]")
UNCLOSED_CLASS = re.compile(rb"\[:[^\]]*\Z")
BACKSLASH, HYPHEN, CLOSE, SLASH = b"\\-]/"
TRAILING_SPACES = re.compile(rb"(?<!\\) +$")
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
    regex: re.Pattern[bytes]
    """For a path, relative to the directory of the file."""

    def matches(self, path: bytes, *, is_directory: bool) -> bool:
        """Whether it is about a path itself; a directory takes what is in it along."""
        return (is_directory or not self.only_directories) and self.regex.fullmatch(path) is not None


def read_rules(data: bytes) -> list[Rule]:
    """The rules of a file, in its order."""
    lines = data.removeprefix(BYTE_ORDER_MARK).split(b"\n")
    return [rule for number, line in enumerate(lines, 1) if (rule := _rule(number, line))]


def _rule(number: int, line: bytes) -> Rule | None:
    text = TRAILING_SPACES.sub(b"", line.removesuffix(b"\r"))
    if not text or text.startswith(b"#"):
        return None
    pattern = text.removeprefix(b"!")
    only_directories = pattern.endswith(b"/")
    pattern = pattern.removesuffix(b"/")
    # Without a slash it is about names in all directories, and with one about paths from that of the file on.
    anywhere = b"" if b"/" in pattern else rb"(?:.*/)?"
    regex = re.compile(anywhere + _regex(pattern.removeprefix(b"/")), re.DOTALL)
    return Rule(number, text, text.startswith(b"!"), only_directories, regex)


def _regex(pattern: bytes) -> bytes:
    made = []
    at = 0
    while at < len(pattern):
        if stars := STARS.match(pattern, at):
            part, at = _stars_regex(pattern, *stars.span())
        elif pattern.startswith(b"?", at):
            part, at = rb"[^/]", at + 1
        elif pattern.startswith(b"[", at):
            part, at = _set_regex(pattern, at + 1)
        else:
            at += pattern.startswith(b"\\", at)
            part, at = re.escape(pattern[at : at + 1]) or NEVER, at + 1
        made.append(part)
    return b"".join(made)


def _stars_regex(pattern: bytes, start: int, end: int) -> tuple[bytes, int]:
    """What some stars stand for, and where what follows begins: two between slashes mean any directories."""
    is_part = (start == 0 or pattern[start - 1] == SLASH) and pattern[end : end + 1] in (b"", b"/")
    if end - start == 1 or not is_part:
        return rb"[^/]*", end
    return (rb".*", end) if end == len(pattern) else (rb"(?:.*/)?", end + 1)


def _set_regex(pattern: bytes, at: int) -> tuple[bytes, int]:
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
                return NEVER, len(pattern)
            members.update(CLASSES[named[1]].encode())
            previous, at = None, named.end() - 1
        elif UNCLOSED_CLASS.match(pattern, at):
            return NEVER, len(pattern)
        else:
            at += byte == BACKSLASH
            previous = pattern[at] if at < len(pattern) else None
            members.update(pattern[at : at + 1])
        at += 1
    if at >= len(pattern):
        return NEVER, len(pattern)
    matched = (set(range(256)) - members if negated else members) - {SLASH}
    return (b"[%s]" % b"".join(b"\\x%02x" % each for each in sorted(matched)) if matched else NEVER), at + 1
