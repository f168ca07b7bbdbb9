"""What is known of a value in a settings module: it is known, unknown or absent, and stands somewhere.

A known value may rest on config vars that nobody can see in the files: it is then what the value is as long as these
are not set, or as ``app.json`` sets them. Containers hold values, and are never changed in place.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.facts.code.python_source import span_of

if TYPE_CHECKING:
    import ast

    from pydeploy_lint.files.source import Source
    from pydeploy_lint.finding import Span

NO_VARS: frozenset[str] = frozenset()


MAX_PAIRS = 5_000
MAX_TEXT = 10_000
"""Characters; no setting that is looked at is longer."""


class State(enum.Enum):
    """How much is known of a value."""

    KNOWN = "known"
    UNKNOWN = "unknown"
    """There may be a value, and nothing is known of it."""
    ABSENT = "absent"
    """There is none."""


class Place(NamedTuple):
    """Where a syntax node stands; the span is only worked out when it is asked for."""

    source: Source
    node: ast.expr | ast.stmt | ast.alias

    @property
    def span(self) -> Span:
        """The stretch of the node."""
        return span_of(self.source, self.node)


class Value(NamedTuple):
    """A value in a settings module."""

    state: State
    data: object = None
    """A string, number, bool, None, a tuple of values for lists and the like, or a dict of values; where known."""
    place: Place | None = None
    """Where it is written: the expression that is assigned, or the element of a list."""
    config_vars: frozenset[str] = NO_VARS
    """The config vars that may change it."""

    @property
    def at(self) -> Span | None:
        """The span of the value; None where it is written nowhere."""
        return self.place.span if self.place else None

    @property
    def is_known(self) -> bool:
        """Whether there is a value that is known, at least as long as no config var changes it."""
        return self.state is State.KNOWN

    @property
    def is_absent(self) -> bool:
        """Whether there is no value, at least as long as no config var changes that."""
        return self.state is State.ABSENT

    @property
    def is_unset(self) -> bool:
        """Whether it is absent or empty, at least as long as no config var changes that."""
        return self.is_absent or self.truth is False

    @property
    def is_certain(self) -> bool:
        """Whether it is known or absent, whatever the config vars are."""
        return self.state is not State.UNKNOWN and not self.config_vars

    @property
    def truth(self) -> bool | None:
        """Whether Python takes it for true; None where that is unknown."""
        elements = self.elements
        if not self.is_known or (elements and not any(each.is_known for each in elements)):
            return None  # An unknown element may stand for none.
        return bool(self.data)

    @property
    def elements(self) -> tuple[Value, ...] | None:
        """The elements of a list; None where it is no list, or unknown."""
        return self.data if isinstance(self.data, tuple) and self.is_known else None

    @property
    def text(self) -> str | None:
        """The string; None for anything else."""
        return self.data if isinstance(self.data, str) and self.is_known else None

    def item(self, key: object) -> Value:
        """The value at a key of a dict; unknown where this is no known dict."""
        if self.state is State.ABSENT:
            return self
        if not isinstance(self.data, dict):
            return self._replace(state=State.UNKNOWN, data=None)
        found = self.data.get(key)
        if found is None:
            missing = State.UNKNOWN if REST in self.data else State.ABSENT
            return Value(missing, config_vars=self.config_vars)
        assert isinstance(found, Value)
        return found.depending(self.config_vars)

    def contains(self, wanted: str) -> bool | None:
        """Whether a string is among the elements; None where that is unknown."""
        elements = self.elements
        if elements is None:
            return False if self.state is State.ABSENT else None
        if any(each.text == wanted for each in elements):
            return True
        return False if all(each.is_known for each in elements) else None

    def depending(self, config_vars: frozenset[str]) -> Value:
        """The same, resting on more config vars."""
        return self if config_vars <= self.config_vars else self._replace(config_vars=self.config_vars | config_vars)


class _Rest:
    """The key that stands for all keys of a dict which are not known."""


REST = _Rest()
ABSENT = Value(State.ABSENT)


def unknown(place: Place | None = None, config_vars: Iterable[frozenset[str]] = ()) -> Value:
    """A value of which nothing is known, but the config vars that it may rest on."""
    return Value(State.UNKNOWN, None, place, NO_VARS.union(*config_vars))


def known(data: object, place: Place | None = None, config_vars: frozenset[str] = NO_VARS) -> Value:
    """A known value; one of which nothing is known where it is too large to go on with."""
    if isinstance(data, (str, tuple)) and len(data) > MAX_TEXT:
        return unknown(place, (config_vars,))
    return Value(State.KNOWN, data, place, config_vars)


def same(one: Value, other: Value) -> bool:
    """Whether two values are equal, wherever they are written; of very large ones it is not said that they are."""
    pairs = [(one, other)]
    for _ in range(MAX_PAIRS):
        if not pairs:
            return True
        left, right = pairs.pop()
        if left is right:
            continue
        if (left.state, type(left.data), left.config_vars) != (right.state, type(right.data), right.config_vars):
            return False
        if isinstance(left.data, tuple) and isinstance(right.data, tuple) and len(left.data) == len(right.data):
            pairs += zip(left.data, right.data, strict=True)
        elif isinstance(left.data, dict) and isinstance(right.data, dict) and left.data.keys() == right.data.keys():
            pairs += [(value, right.data[key]) for key, value in left.data.items()]
        elif left.data != right.data or isinstance(left.data, (tuple, dict)):
            return False
    return False


class Namespace(dict[str, Value]):
    """The names of a module.

    Attributes:
        is_open: why names may be set that are not followed; empty where they are all followed.
    """

    def __init__(self, names: Mapping[str, Value] | Iterable[tuple[str, Value]] = (), is_open: str = "") -> None:
        super().__init__(names)
        self.is_open = is_open

    def look_up(self, name: str) -> Value:
        """The value of a name."""
        found = self.get(name)
        if self.is_open and (found is None or found.state is State.ABSENT):
            return unknown()
        return found or ABSENT

    def copy(self) -> Namespace:
        """A copy; values are never changed in place."""
        return Namespace(self, self.is_open)

    def become(self, other: Namespace) -> None:
        """Take over all of another one."""
        self.clear()
        self.update(other)
        self.is_open = other.is_open

    def merge(self, taken: Namespace, other: Namespace, config_vars: frozenset[str] | None) -> None:
        """Become what comes of two branches.

        Args:
            taken: the names after the branch that is taken while the config vars are not set.
            other: the names after the other one.
            config_vars: what decides between them; None where nothing known does, and either may be taken.
        """
        merged = Namespace(is_open=taken.is_open or other.is_open)
        for name in (*taken, *(name for name in other if name not in taken)):
            one, two = taken.get(name, ABSENT), other.get(name, ABSENT)
            if same(one, two):
                merged[name] = one
            elif config_vars is None:
                merged[name] = unknown(one.place or two.place, (one.config_vars, two.config_vars))
            else:
                merged[name] = one.depending(config_vars)
        self.become(merged)

    def make_unknown(self, names: Iterable[str]) -> None:
        """Forget the values of names; they may have any from now on."""
        for name in names:
            before = self.get(name, ABSENT)
            self[name] = unknown(before.place, (before.config_vars,))
