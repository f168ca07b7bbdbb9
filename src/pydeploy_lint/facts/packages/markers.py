"""Environment markers (PEP 508), decided for the Python that Heroku runs the app with.

The two or three forms that nearly all markers have are evaluated here; the rest goes to packaging, which takes longer
to import than a small app takes to lint.
"""

import re
from collections.abc import Callable, Collection
from functools import lru_cache
from operator import eq, ge, gt, le, lt, ne
from typing import NamedTuple

from pydeploy_lint.files.numbers import whole_number
from pydeploy_lint.heroku.policy import series_of

UNDECIDABLE = re.compile(r"\b(?:platform[._](?:release|version)|extras|dependency_groups)\b")
"""Variables whose value on Heroku is not known, or that have none while an app is installed."""
PYTHON_VERSION = re.compile(r"\b(?:python_version|python_full_version|implementation_version)\b")
_TERM = re.compile(r"""([a-z_]+)[ \t]*(==|!=|<=|>=|<|>)[ \t]*(?:"([\w.\- ]*)"|'([\w.\- ]*)')""", re.ASCII)
_JOINT = re.compile(r"(?<![ \t])[ \t]+(and|or)[ \t]+")
_TOKEN = re.compile(rf"[ \t]*([()]|(?:and|or)\b|{_TERM.pattern})[ \t]*", re.ASCII)
MAX_TOKENS = 200
"""In a marker that is read here; a longer one may be nested too deeply."""
_VERSION = re.compile(r"\d{1,9}(?:\.\d{1,9})*", re.ASCII)
_COMPARE: dict[str, Callable[[object, object], bool]] = {"==": eq, "!=": ne}
_ORDER: dict[str, Callable[[tuple[int, ...], tuple[int, ...]], bool]] = {
    "==": eq,
    "!=": ne,
    "<=": le,
    ">=": ge,
    "<": lt,
    ">": gt,
}
_PLATFORM = {
    "os_name": "posix",
    "sys_platform": "linux",
    "platform_system": "Linux",
    "platform_machine": "x86_64",
    "platform_python_implementation": "CPython",
    "implementation_name": "cpython",
}


class Environment(NamedTuple):
    """Where a marker is decided: CPython on Linux x86_64, of one version."""

    python: str | None
    """The full version, such as ``3.14.2``; None where it is not known."""


def is_plain(marker: str) -> bool:
    """Whether a marker is one that any reader accepts, of plain comparisons without parentheses."""
    terms = [_TERM.fullmatch(term) for term in _JOINT.split(marker)[::2]]
    return all(term and (term[1] in _PLATFORM or PYTHON_VERSION.fullmatch(term[1])) for term in terms)


def holds(marker: str, environment: Environment, extras: Collection[str] = ()) -> bool | None:
    """Whether a marker holds; None where that cannot be decided.

    Args:
        marker: the expression, without the semicolon before it.
        environment: where it is decided.
        extras: the extras that are asked for, in canonical form; none by default.
    """
    return _holds(marker, environment, frozenset(extras))


@lru_cache(maxsize=1024)
def _holds(marker: str, environment: Environment, extras: frozenset[str]) -> bool | None:
    if UNDECIDABLE.search(marker):
        return None
    if environment.python is None and PYTHON_VERSION.search(marker):
        return None
    value = _Reader(marker, environment, extras).value()
    return _evaluate(marker, environment, extras) if value is None else value


def _tokens(marker: str) -> list[str]:
    """The parentheses, joints and comparisons of a marker; none where it has anything else, or too many."""
    tokens: list[str] = []
    at = 0
    while at < len(marker):
        found = _TOKEN.match(marker, at)
        if not found or len(tokens) == MAX_TOKENS:
            return []
        tokens.append(found[1])
        at = found.end()
    return tokens


class _Reader:
    """Reads a marker of plain comparisons, with parentheses or without; "and" binds closer than "or"."""

    def __init__(self, marker: str, environment: Environment, extras: frozenset[str]) -> None:
        self._tokens = _tokens(marker)
        self._environment, self._extras = environment, extras
        self._at = 0

    def value(self) -> bool | None:
        """Whether it holds; None where it has another form."""
        value = self._alternatives()
        return value if self._at == len(self._tokens) else None

    def _next(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _alternatives(self) -> bool | None:
        values = [self._joint()]
        while self._next() == "or":
            self._at += 1
            values.append(self._joint())
        return None if None in values else any(values)

    def _joint(self) -> bool | None:
        values = [self._part()]
        while self._next() == "and":
            self._at += 1
            values.append(self._part())
        return None if None in values else all(values)

    def _part(self) -> bool | None:
        text = self._next()
        self._at += 1
        if text != "(":
            return _term(text, self._environment, self._extras)
        value = self._alternatives()
        closed = self._next() == ")"
        self._at += 1
        return value if closed else None


def _term(text: str, environment: Environment, extras: frozenset[str]) -> bool | None:
    """The value of one comparison; None where it has not the plain form."""
    match = _TERM.fullmatch(text)
    if not match:
        return None
    variable, operator = match[1], match[2]
    value = match[3] if match[3] is not None else match[4]
    if variable in ("python_version", "python_full_version") and environment.python and _VERSION.fullmatch(value):
        actual = environment.python
        if variable == "python_version":
            actual = series_of(actual)
        if not _VERSION.fullmatch(actual):
            return None
        return _ORDER[operator](_release(actual), _release(value))
    if variable in _PLATFORM and operator in _COMPARE:
        return _COMPARE[operator](_PLATFORM[variable], value)
    if variable == "extra" and operator == "==":
        return canonical(value) in (extras or ("",))
    return None


def _release(version: str) -> tuple[int, ...]:
    numbers = [whole_number(part) for part in version.split(".")]
    while len(numbers) > 1 and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def _evaluate(marker: str, environment: Environment, extras: frozenset[str]) -> bool | None:
    from packaging.markers import Marker

    python = environment.python or "3"
    variables = {
        **_PLATFORM,
        "python_version": series_of(python),
        "python_full_version": python,
        "implementation_version": python,
        "platform_release": "",
        "platform_version": "",
    }
    try:
        parsed = Marker(marker)
        return any(parsed.evaluate({**variables, "extra": extra}) for extra in extras or ("",))
    except (RecursionError, ValueError):
        return None


def canonical(name: str) -> str:
    """The one spelling of a distribution's or an extra's name (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()
