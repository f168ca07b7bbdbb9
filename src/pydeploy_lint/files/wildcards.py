"""Matches texts with wildcards, in time that grows with the text and with the pattern, whatever they are.

All places where the pattern may stand are followed at once: nothing is tried twice, as a regular expression would.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

SLASH = "/"


class One(NamedTuple):
    """One character of a set, or one that is not in it."""

    ranges: tuple[tuple[str, str], ...]
    """The first and the last character of each."""
    is_negated: bool = False

    def takes(self, character: str) -> bool:
        """Whether it stands for a character."""
        return any(first <= character <= last for first, last in self.ranges) is not self.is_negated


class Many(NamedTuple):
    """Any number of characters."""

    with_slashes: bool

    def takes(self, character: str) -> bool:
        """Whether it stands for a character."""
        return self.with_slashes or character != SLASH


class Directories(NamedTuple):
    """Nothing, or any characters up to a slash."""


class Nothing(NamedTuple):
    """What no text has."""


Token = One | Many | Directories | Nothing
NOT_SLASH = One(((SLASH, SLASH),), is_negated=True)
ANY_CHARACTER = One((), is_negated=True)


def literal(text: str) -> list[Token]:
    """The tokens of a text that stands for itself."""
    return [One(((character, character),)) for character in text]


def fits(tokens: Sequence[Token], text: str) -> bool:
    """Whether tokens stand for a whole text."""
    places = _opened(tokens, {(0, False)})
    for character in text:
        places = _opened(tokens, _after(tokens, places, character))
        if not places:
            return False
    return (len(tokens), False) in places


Places = set[tuple[int, bool]]
"""Numbers of tokens that may come next, and whether `Directories` is one that has begun."""


def _opened(tokens: Sequence[Token], places: Places) -> Places:
    """These places, and those behind what may stand for nothing."""
    pending = list(places)
    while pending:
        at, has_begun = pending.pop()
        if at < len(tokens) and isinstance(tokens[at], Many | Directories) and not has_begun:
            behind = (at + 1, False)
            if behind not in places:
                places.add(behind)
                pending.append(behind)
    return places


def _after(tokens: Sequence[Token], places: Places, character: str) -> Places:
    """The places after a character."""
    after: Places = set()
    for at, _ in places:
        token = tokens[at] if at < len(tokens) else Nothing()
        if isinstance(token, Directories):
            after.add((at, True))
            if character == SLASH:
                after.add((at + 1, False))
        elif isinstance(token, Many) and token.takes(character):
            after.add((at, False))
        elif isinstance(token, One) and token.takes(character):
            after.add((at + 1, False))
    return after
