"""Patterns for paths as ``.gitignore`` has them, of whatever form and length: matching goes over no place twice.

Source: gitignore(5), and git's own wildmatch.c for what it does with a pattern that is not well formed.
"""

from __future__ import annotations

import string
from functools import cache
from typing import TYPE_CHECKING, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

ESCAPE = "\\"
NAMED_SETS = {
    "alnum": string.ascii_letters + string.digits,
    "alpha": string.ascii_letters,
    "blank": " \t",
    "digit": string.digits,
    "lower": string.ascii_lowercase,
    "punct": string.punctuation,
    "space": string.whitespace,
    "upper": string.ascii_uppercase,
    "xdigit": string.hexdigits,
}
"""What ``[[:alpha:]]`` and its like stand for."""


class OneOf(NamedTuple):
    """A set of characters in square brackets."""

    ranges: tuple[tuple[str, str], ...]
    names: tuple[str, ...]
    negated: bool

    def holds(self, character: str) -> bool:
        """Whether a character is one of them."""
        found = any(first <= character <= last for first, last in self.ranges)
        return (found or any(character in NAMED_SETS[name] for name in self.names)) is not self.negated


class Any(NamedTuple):
    """``?``, which is any character, or ``*``, which is any number of them."""

    many: bool


Token = str | OneOf | Any
"""A character that stands for itself, or something else."""
Segment = tuple[Token, ...] | None
"""What a pattern has between two slashes; None is ``**``, any number of directories."""


class PathPattern(NamedTuple):
    """A pattern, in parts."""

    segments: tuple[Segment, ...]
    """From the root of the tree on."""
    only_directories: bool
    """Whether it is about directories, and what is in them."""

    @property
    def literal(self) -> str | None:
        """The path that it stands for, where it is about one only."""
        if None in self.segments or not all(isinstance(each, str) for part in self.segments for each in part or ()):
            return None
        return "/".join("".join(map(str, part or ())) for part in self.segments)

    def matches(self, path: str, *, is_directory: bool = False) -> bool:
        """Whether it is about a path, or about a directory above it."""
        parts = _as_bytes(path).split("/")
        return any(
            (end < len(parts) or is_directory or not self.only_directories) and _matches(self.segments, parts[:end])
            for end in range(1, len(parts) + 1)
        )


@cache
def path_pattern(line: str) -> PathPattern | None:
    """Read a line of a ``.gitignore``, without its line end; None for one that matches nothing, such as a comment.

    An exception (``!``) is left to whoever knows what it is an exception from.
    """
    text = _as_bytes(_without_blanks(line))
    only_directories = text.endswith("/")
    text = text.removesuffix("/")
    if not text or line.startswith("#"):
        return None
    is_anchored = "/" in text
    segments: list[Segment] = [] if is_anchored else [None]
    for part in text.removeprefix("/").split("/"):
        segment = None if part == "**" else _tokens(part)
        if segment == ():
            return None  # it is not well formed
        if segment is not None or not segments or segments[-1] is not None:
            segments.append(segment)
    if segments[-1] is None and len(segments) > 1:
        segments.append((Any(many=True),))  # everything in a directory, and not the directory itself
    return PathPattern(tuple(segments), only_directories)


def _as_bytes(text: str) -> str:
    """A character for each byte, since git tells no others."""
    return text if text.isascii() else text.encode("utf-8", "surrogatepass").decode("latin-1")


def _without_blanks(line: str) -> str:
    """The line without blanks at its end, but for one that is escaped."""
    text = line.rstrip(" ")
    before = text.rstrip(ESCAPE)
    return text + " " if len(text) < len(line) and (len(text) - len(before)) % 2 else text


def _tokens(part: str) -> tuple[Token, ...]:
    """The tokens of a part; none where it is not well formed, or empty."""
    tokens: list[Token] = []
    at = 0
    while at < len(part):
        character = part[at]
        at += 1
        if character == ESCAPE:
            if at == len(part):
                return ()
            tokens.append(part[at])
            at += 1
        elif character == "[":
            found = _set_at(part, at)
            if found is None:
                return ()
            token, at = found
            tokens.append(token)
        elif character == "*":
            if not tokens or tokens[-1] != Any(many=True):
                tokens.append(Any(many=True))
        else:
            tokens.append(Any(many=False) if character == "?" else character)
    return tuple(tokens)


def _set_at(part: str, at: int) -> tuple[OneOf, int] | None:
    """The set behind an opening bracket, and what is behind it; None where it is not closed."""
    negated = part[at : at + 1] in ("!", "^")
    at += negated
    begin = at
    ranges: list[tuple[str, str]] = []
    names: list[str] = []
    while at < len(part) and (part[at] != "]" or at == begin):
        if part.startswith("[:", at):
            end = part.find(":]", at)
            name = part[at + 2 : end]
            if end < 0 or name not in NAMED_SETS:
                return None
            names.append(name)
            at = end + 2
            continue
        first, at = _member_at(part, at)
        last = first
        if part[at : at + 1] == "-" and part[at + 1 : at + 2] not in ("", "]"):
            last, at = _member_at(part, at + 1)
        ranges += [(first, first), (first, last)]  # a range from a higher to a lower one has its beginning still
    return (OneOf(tuple(ranges), tuple(names), negated), at + 1) if at < len(part) else None


def _member_at(part: str, at: int) -> tuple[str, int]:
    if part[at] == ESCAPE and at + 1 < len(part):
        at += 1
    return part[at], at + 1


S = TypeVar("S")
E = TypeVar("E")


def _star_match(
    pattern: Sequence[S], text: Sequence[E], is_star: Callable[[S], bool], fits: Callable[[S, E], bool]
) -> bool:
    """Whether a pattern with stars fits a whole text. The last star takes as much as needed, so no other is tried."""
    at = place = 0
    star, taken = -1, 0
    while at < len(text):
        if place < len(pattern) and is_star(pattern[place]):
            star, taken = place, at
            place += 1
        elif place < len(pattern) and fits(pattern[place], text[at]):
            at += 1
            place += 1
        elif star >= 0:
            taken += 1
            at, place = taken, star + 1
        else:
            return False
    return all(is_star(each) for each in pattern[place:])


def _matches(segments: Sequence[Segment], parts: Sequence[str]) -> bool:
    return _star_match(segments, parts, lambda segment: segment is None, _fits)


def _fits(segment: Segment, part: str) -> bool:
    return segment is not None and _star_match(segment, part, lambda token: token == Any(many=True), _fits_character)


def _fits_character(token: Token, character: str) -> bool:
    if isinstance(token, OneOf):
        return token.holds(character)
    return isinstance(token, Any) or token == character


class PathPatterns:
    """Many patterns, of which the last that matches counts."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._others: list[tuple[int, PathPattern]] = []
        self._paths: dict[str, list[tuple[int, PathPattern]]] = {}
        for number, line in enumerate(lines):
            pattern = path_pattern(line)
            if pattern is None:
                continue
            literal = pattern.literal if pattern.segments[0] is not None else _name(pattern)
            if literal is None:
                self._others.append((number, pattern))
            else:
                self._paths.setdefault(literal, []).append((number, pattern))

    def last_match(self, path: str, *, is_directory: bool) -> int | None:
        """The number of the last line that is about a path, counted from 0; None where no line is."""
        parts = _as_bytes(path).split("/")
        keys = {*parts, *("/".join(parts[:end]) for end in range(1, len(parts) + 1))}
        candidates = [*self._others, *(each for key in keys for each in self._paths.get(key, ()))]
        candidates.sort(key=lambda each: -each[0])
        return next((number for number, each in candidates if each.matches(path, is_directory=is_directory)), None)


def _name(pattern: PathPattern) -> str | None:
    """The name that a pattern stands for, in whatever directory; None where it is about more than one."""
    return PathPattern(pattern.segments[1:], only_directories=False).literal if len(pattern.segments) == 2 else None
