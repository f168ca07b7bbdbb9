"""What a version specifier comes to: one version, or the newest that it allows.

Source: the specification "Version specifiers" of the Python Packaging Authority. pip, uv and the rest take the newest
version that is allowed, so that one decides whether a pin works.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

from pydeploy_lint.files.numbers import whole_number

if TYPE_CHECKING:
    from packaging.specifiers import Specifier, SpecifierSet
    from packaging.version import Version

MANY = 99999
"""Stands for a part of a version that is as high as can be; no project counts so far."""
MAX_LENGTH = 500
"""Of a specifier. Longer ones are not written by hand; they are not read."""


def newest_allowed(specifier: str) -> Version | None:
    """The newest version that a specifier allows, whether or not it was released.

    Where there is an upper bound that is itself excluded, the answer is just below it: ``20.99999`` for ``<21``.
    Without an upper bound it is ``99999``.

    Args:
        specifier: such as ``==2.2.2``, ``~=4.0.6`` or ``>=2,<3``; a bare version means that one. Empty for any version.

    Returns:
        None for a specifier that cannot be read, or allows nothing.
    """
    return _newest_allowed(specifier.strip())


@lru_cache(maxsize=1024)
def _newest_allowed(text: str) -> Version | None:
    from packaging.specifiers import SpecifierSet
    from packaging.version import Version

    if len(text) > MAX_LENGTH:
        return None
    try:
        allowed = SpecifierSet(f"=={text}" if text[:1].isdigit() else text)
        bounds = [bound for each in allowed for bound in _upper_bounds(each)]
    except ValueError:
        return None
    candidates = sorted({*bounds, Version(str(MANY))}, reverse=True)
    return next((each for each in candidates if allowed.contains(each, prereleases=True)), None)


def _upper_bounds(specifier: Specifier) -> list[Version]:
    """The highest versions that one clause may allow."""
    from packaging.version import Version

    sign, text = specifier.operator, specifier.version
    if sign in (">", ">="):
        return []
    if text.endswith(".*"):
        prefix = Version(text.removesuffix(".*"))
        return [_below(prefix) if sign == "!=" else _within(prefix)]
    version = Version(text)
    if sign == "~=":
        return [_within(version, len(version.release) - 1)]
    return [_below(version)] if sign in ("<", "!=") else [version]


def _within(version: Version, parts: int | None = None) -> Version:
    """The highest version that begins as another one does."""
    return _made(version, [*version.release[:parts], MANY])


def _below(version: Version) -> Version:
    """The highest version that comes before another one."""
    numbers = list(version.release)
    while numbers and numbers[-1] == 0:
        numbers.pop()
    if not numbers:
        return version
    return _made(version, [*numbers[:-1], numbers[-1] - 1, MANY])


def _made(version: Version, numbers: list[int]) -> Version:
    from packaging.version import Version

    epoch = f"{version.epoch}!" if version.epoch else ""
    return Version(epoch + ".".join(map(str, numbers)))


_PLAIN_PIN = re.compile(r"\s*(?:==\s*)?(\d{1,9}(?:\.\d{1,9}){0,5})\s*", re.ASCII)
_PLAIN_CLAUSE = re.compile(r"(<=|>=|==|<|>)(\d{1,9}(?:\.\d{1,9}){0,5})", re.ASCII)


def is_surely_outside(pin: str, affected: str) -> bool:
    """Whether a plain pin is not among the affected versions, told without the library that knows all spellings.

    Most pins have nothing to do with any row of the data, and importing the library takes as long as a small app.

    Args:
        pin: such as ``==2.2.2`` or ``3.13``; anything less plain is never surely outside.
        affected: a specifier of the data.
    """
    found = _PLAIN_PIN.fullmatch(pin)
    if found is None:
        return False
    version = _numbers(found[1])
    for clause in affected.split(",") if affected else ():
        bound = _PLAIN_CLAUSE.fullmatch(clause.strip())
        if bound is None:
            return False
        if not _COMPARE[bound[1]](version, _numbers(bound[2])):
            return True
    return False


_COMPARE: dict[str, Callable[[tuple[int, ...], tuple[int, ...]], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
}


def _numbers(text: str) -> tuple[int, ...]:
    """The numbers of a release, without zeros at the end, which make no difference."""
    numbers = [whole_number(part) for part in text.split(".")]
    while len(numbers) > 1 and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


@lru_cache(maxsize=1024)
def specifiers(text: str) -> SpecifierSet:
    """A specifier of the data.

    Args:
        text: such as ``>=3.13``; empty for anything.
    """
    from packaging.specifiers import SpecifierSet

    return SpecifierSet(text, prereleases=True)
