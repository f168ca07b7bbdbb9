"""Strings on which a regular expression may take more than linear time, made from its own parse tree.

A backtracking matcher is slow where one text can be divided in many ways, or where a search starts at each of
many places and runs far from each. Both need a part that repeats without bound. For each such part there are: a text
that leads up to it, what it may repeat (also with the lead, for searches that start often), and an end that fails.
"""

from __future__ import annotations

import importlib
import random
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

_PARSER: Any = importlib.import_module("re._parser" if sys.version_info >= (3, 11) else "sre_parse")
_ALPHABET = "a0 \t\n\r.-_Zé!\"'/\\:#$,;=()[]{}<>\0"
_UNBOUNDED = 100
"""Repeats of fewer times than this have a bound that matters."""
_REPEATS = {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}
_CHARACTERS = {"LITERAL", "NOT_LITERAL", "ANY", "IN"}
_CATEGORIES = {"DIGIT": r"\d", "SPACE": r"\s", "WORD": r"\w"}
_MOST_LEADS = 8
RANDOM_PARTS = 40
"""Parts of texts made at random that are tried as well, for what takes several parts of a pattern at once."""


@dataclass(frozen=True)
class Pump:
    """A text that grows: a start, what is repeated, and an end."""

    start: str
    repeated: str
    end: str

    def text(self, length: int) -> str:
        """The text with about that many characters."""
        return self.start + self.repeated * (length // len(self.repeated)) + self.end

    def __str__(self) -> str:
        return f"{self.start!r} + {self.repeated!r} * n + {self.end!r}"


def pumps(pattern: re.Pattern[str] | re.Pattern[bytes]) -> list[Pump]:
    """What to try on a pattern; nothing if no part of it repeats without bound."""
    source = pattern.pattern
    text = source if isinstance(source, str) else source.decode("latin-1")
    flags = pattern.flags & ~re.UNICODE if isinstance(source, bytes) else pattern.flags
    tree = list(_PARSER.parse(text, flags & ~re.DEBUG))
    repeats = list(_repeats(tree, ("",)))
    if not repeats:
        return []
    alphabet = _representatives(tree, flags)
    found: dict[Pump, None] = {}
    bad = min(alphabet, key=lambda each: sum(_matches(node, each, flags) for node in _characters(tree)))
    ends = dict.fromkeys(("", bad, "\n" + bad, bad + "\n"))
    for leads, body in repeats:
        bodies = [each for each in dict.fromkeys(_samples(body, alphabet, flags)) if each]
        single = [each for each in alphabet if any(_matches(node, each, flags) for node in _characters(body))]
        lead_texts = list(dict.fromkeys(_lead(leads, alphabet, flags)))
        again = [lead + each for lead in lead_texts if lead for each in (*bodies[:3], "")]
        pairs = [one + two for one, two in product(bodies, bodies) if one != two] if _alternatives(body) > 1 else []
        for start, repeated, end in product(dict.fromkeys(("", *lead_texts)), (*bodies, *pairs, *single, *again), ends):
            found[Pump(start, repeated, end)] = None
    dice = random.Random(text)  # noqa: S311 - the same texts each time
    for _ in range(RANDOM_PARTS):
        parts = list(_parts(tree, alphabet, flags, dice))
        first = dice.randrange(len(parts))
        if repeated := "".join(parts[first : first + dice.randint(1, 5)]):
            found.update(dict.fromkeys(Pump("".join(parts[:first]), repeated, end) for end in ("", bad)))
    return list(found)


def _parts(nodes: Sequence[Any], alphabet: Sequence[str], flags: int, dice: random.Random) -> Iterator[str]:
    """A text that a pattern may take, one part for each of its nodes, at random."""
    literal = ""
    for node in nodes:
        name, argument = str(node[0]), node[1]
        if name == "LITERAL":
            literal += chr(argument)
            continue
        yield literal
        literal = ""
        inner = [] if name in {"ASSERT", "ASSERT_NOT"} else list(_inner(name, argument))
        if inner:
            times = dice.randint(0, 2) if name in _REPEATS else 1
            for _ in range(max(times, min(int(argument[0]), 3)) if name in _REPEATS else 1):
                yield from _parts(dice.choice(inner), alphabet, flags, dice)
        else:
            yield _one(node, alphabet, flags, dice.randrange(_MOST_LEADS))
    yield literal


def _lead(items: Sequence[Any], alphabet: Sequence[str], flags: int) -> list[str]:
    nodes = [each for each in items if each != ""]
    return [_sample(nodes, alphabet, flags, choice) for choice in range(2)]


def _repeats(nodes: Sequence[Any], before: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], list[Any]]]:
    """Each part that repeats without bound: what comes before it, and what it repeats."""
    for number, (name, argument) in enumerate(nodes):
        lead = (*before, *nodes[:number])
        if str(name) in _REPEATS and int(argument[1]) >= _UNBOUNDED:
            yield lead, list(argument[2])
        for inner in _inner(str(name), argument):
            yield from _repeats(inner, lead)


def _inner(name: str, argument: Any) -> Iterator[list[Any]]:
    """The sequences within a node."""
    if name in _REPEATS:
        yield list(argument[2])
    elif name == "SUBPATTERN":
        yield list(argument[-1])
    elif name == "BRANCH":
        yield from map(list, argument[1])
    elif name in {"ASSERT", "ASSERT_NOT"}:
        yield list(argument[1])
    elif name == "ATOMIC_GROUP":
        yield list(argument)
    elif name == "GROUPREF_EXISTS":
        yield from (list(each) for each in argument[1:] if each)


def _characters(nodes: Sequence[Any]) -> Iterator[Any]:
    """Every node that takes one character."""
    for name, argument in nodes:
        if str(name) in _CHARACTERS:
            yield (name, argument)
        for inner in _inner(str(name), argument):
            yield from _characters(inner)


def _matches(node: Any, character: str, flags: int) -> bool:
    """Whether a node takes a character."""
    name, argument = str(node[0]), node[1]
    if name == "ANY":
        return character != "\n" or bool(flags & re.DOTALL)
    if name in {"LITERAL", "NOT_LITERAL"}:
        same = argument == ord(character) or bool(flags & re.IGNORECASE and chr(argument).lower() == character.lower())
        return same == (name == "LITERAL")
    members = list(argument)
    negated = bool(members) and str(members[0][0]) == "NEGATE"
    return negated != any(_in_class(each, character, flags) for each in members if str(each[0]) != "NEGATE")


def _in_class(member: Any, character: str, flags: int) -> bool:
    name, argument = str(member[0]), member[1]
    if name == "LITERAL":
        return argument == ord(character) or bool(flags & re.IGNORECASE and chr(argument).lower() == character.lower())
    if name == "RANGE":
        cases = {character, character.lower(), character.upper()} if flags & re.IGNORECASE else {character}
        return any(len(each) == 1 and argument[0] <= ord(each) <= argument[1] for each in cases)
    words = str(argument).removeprefix("CATEGORY_").split("_")
    inside = re.match(_CATEGORIES[words[-1]], character, flags & re.ASCII) is not None
    return inside != (words[0] == "NOT")


def _representatives(tree: Sequence[Any], flags: int) -> list[str]:
    """Characters of which no two are taken by the same parts of the pattern."""
    nodes = list(_characters(tree))
    letters = dict.fromkeys(_ALPHABET)
    for name, argument in nodes:
        if str(name) in {"LITERAL", "NOT_LITERAL"}:
            letters[chr(argument)] = None
        elif str(name) == "IN":
            letters.update(dict.fromkeys(chr(each[1]) for each in argument if str(each[0]) == "LITERAL"))
            letters.update(dict.fromkeys(chr(each[1][0]) for each in argument if str(each[0]) == "RANGE"))
    kinds: dict[tuple[bool, ...], str] = {}
    for letter in letters:
        # Anchors tell line ends and word characters from others.
        takers = (_matches(node, letter, flags) for node in nodes)
        kinds.setdefault((letter == "\n", letter.isalnum() or letter == "_", *takers), letter)
    return list(kinds.values())


def _samples(nodes: Sequence[Any], alphabet: Sequence[str], flags: int) -> list[str]:
    return [_sample(nodes, alphabet, flags, choice) for choice in range(max(_MOST_LEADS, _alternatives(nodes)))]


def _alternatives(nodes: Sequence[Any]) -> int:
    """How many alternatives there are at most in one place."""
    found = [1]
    for name, argument in nodes:
        inner = list(_inner(str(name), argument))
        found += [len(inner) if str(name) == "BRANCH" else 1, *map(_alternatives, inner)]
    return max(found)


def _sample(nodes: Sequence[Any], alphabet: Sequence[str], flags: int, choice: int) -> str:
    """A text that these nodes may take; which one, the choice says."""
    return "".join(_one(node, alphabet, flags, choice) for node in nodes)


def _one(node: Any, alphabet: Sequence[str], flags: int, choice: int) -> str:
    name, argument = str(node[0]), node[1]
    if name == "LITERAL":
        return chr(argument)
    if name in _CHARACTERS:
        fitting = [each for each in alphabet if _matches(node, each, flags)]
        return fitting[choice % len(fitting)] if fitting else ""
    if name in _REPEATS:
        least, most = int(argument[0]), int(argument[1])
        times = max(least, min(most, choice % 2))
        return _sample(list(argument[2]), alphabet, flags, choice) * min(times, 500)
    inner = [each for each in _inner(name, argument) if name not in {"ASSERT", "ASSERT_NOT"}]
    return _sample(inner[choice % len(inner)], alphabet, flags, choice) if inner else ""
