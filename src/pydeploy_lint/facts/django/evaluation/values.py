"""What is known of a value in a settings module: it is known, unknown or absent, and stands somewhere.

A known value may rest on config vars that nobody can see in the files: it is then what the value is as long as these
are not set, or as ``app.json`` sets them. Containers hold values, and are never changed in place.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.facts.code.python_source import span_of

if TYPE_CHECKING:
    import ast

    from pydeploy_lint.files.source import Source
    from pydeploy_lint.finding import Span

NO_VARS: frozenset[str] = frozenset()


MAX_PAIRS = 5_000
MAX_WAYS = 8
"""Values that a setting can have by its branches; what has more can have any."""
MAX_TEXT = 10_000
"""Characters; no setting that is looked at is longer."""


class _Keep:
    """Stands for a part that stays."""


KEEP = _Keep()


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


@dataclass(frozen=True, slots=True, eq=False)
class Value:
    """A value in a settings module.

    What a value rests on belongs to every value, wherever it is: a container need not repeat what its elements say, and
    none of the operations on containers has to remember it.
    """

    state: State
    data: object = None
    """A string, number, bool, None, a tuple of values for lists and the like, or a dict of values; where known."""
    place: Place | None = None
    """Where it is written: the expression that is assigned, or the element of a list."""
    config_vars: frozenset[str] = NO_VARS
    """The config vars that may change the value itself: for a container, which elements it has."""
    ways: tuple[Value, ...] = ()
    """All that it can be, where branches decide between a few values; empty where it is this or anything else."""
    rests_on: frozenset[str] = field(init=False)
    """The config vars that may change anything about it, down to the elements of its elements."""

    def __post_init__(self) -> None:
        parts: Iterable[object] = self.ways
        if isinstance(self.data, tuple):
            parts = (*self.ways, *self.data)
        elif isinstance(self.data, dict):
            parts = (*self.ways, *self.data.values())
        inner = {each.rests_on for each in parts if isinstance(each, Value)}
        object.__setattr__(self, "rests_on", self.config_vars.union(*inner))

    def replace(
        self,
        *,
        data: object = KEEP,
        place: Place | _Keep | None = KEEP,
        config_vars: frozenset[str] | _Keep = KEEP,
    ) -> Value:
        """The same with some parts replaced; other data is no longer one of the ways."""
        return Value(
            self.state if data is KEEP else State.KNOWN,
            self.data if data is KEEP else data,
            self.place if isinstance(place, _Keep) else place,
            self.config_vars if isinstance(config_vars, _Keep) else config_vars,
            self.ways if data is KEEP else (),
        )

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
        """Whether it is known or absent, down to its elements, whatever the config vars are."""
        return self.state is not State.UNKNOWN and not self.rests_on

    def always(self, holds: Callable[[Value], bool]) -> bool:
        """Whether something holds whatever the config vars are.

        Args:
            holds: whether it holds of a value; it is asked of each way, and only where these are all.
        """
        if self.ways:
            return all(each.always(holds) for each in self.ways)
        return self.state is not State.UNKNOWN and not self.config_vars and holds(self)

    def ever(self, holds: Callable[[Value], bool]) -> bool:
        """Whether something holds of one of the ways, or may hold because nothing is known."""
        if self.ways:
            return any(each.ever(holds) for each in self.ways)
        return self.state is State.UNKNOWN or bool(self.config_vars) or holds(self)

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
        if self.ways:
            return one_of([each.item(key) for each in self.ways], self.state, self.config_vars, self.place)
        if self.state is State.ABSENT:
            return self
        if not isinstance(self.data, dict):
            return Value(State.UNKNOWN, None, self.place, self.rests_on)
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
        """The same, resting on more config vars, which may make anything of it."""
        if config_vars <= self.config_vars and not (self.ways and config_vars):
            return self
        return Value(self.state, self.data, self.place, self.config_vars | config_vars)


def one_of(
    values: Sequence[Value],
    state: State | None = None,
    config_vars: frozenset[str] = NO_VARS,
    place: Place | None = None,
) -> Value:
    """A value that is one of several, and the first as long as the config vars are not set.

    Args:
        values: all that it can be.
        state: unknown where nothing known decides between them.
        config_vars: what decides between them.
        place: where it is written; None for the place of the first.
    """
    first = values[0]
    state = State.UNKNOWN if state is State.UNKNOWN else first.state
    config_vars = config_vars.union(*(each.config_vars for each in values))
    if all(same(first, each) for each in values[1:]):
        return first
    ways: list[Value] = []
    for each in values:
        ways += [way for way in each.ways or [each] if not any(same(way, other) for other in ways)]
    data = None if state is State.UNKNOWN else first.data
    where = place or next((each.place for each in values if each.place), None)
    # What is the same in all of several dicts does not rest on what decides between them.
    return Value(state, data, where, config_vars, tuple(ways) if len(ways) <= MAX_WAYS else ())


class _Rest:
    """The key that stands for all keys of a dict which are not known."""


REST = _Rest()
ABSENT = Value(State.ABSENT)


class Iterated(tuple[Value, ...]):
    """The elements of what can be iterated over, but is neither a list nor a tuple: a set, a generator."""

    __slots__ = ()


def in_each_way(value: Value, make: Callable[[Value], Value]) -> Value:
    """What becomes of a value, in each of the ways that it can be."""
    if not value.ways:
        return make(value)
    return one_of([make(way) for way in value.ways], value.state, value.config_vars)


def in_one_way(value: Value) -> Value:
    """The value as one that rests on its config vars, with no list of what it can be."""
    return Value(value.state, value.data, value.place, value.config_vars) if value.ways else value


def unknown(place: Place | None = None, config_vars: Iterable[frozenset[str]] = ()) -> Value:
    """A value of which nothing is known, but the config vars that it may rest on."""
    return Value(State.UNKNOWN, None, place, NO_VARS.union(*config_vars))


def known(data: object, place: Place | None = None, config_vars: frozenset[str] = NO_VARS) -> Value:
    """A known value, or an unknown one if it is too large to go on with."""
    value = Value(State.KNOWN, data, place, config_vars)
    if isinstance(data, (str, tuple)) and len(data) > MAX_TEXT:
        return unknown(place, (value.rests_on,))
    return value


def same(one: Value, other: Value) -> bool:
    """Whether two values are equal, wherever they are written; of very large ones it is not said that they are."""
    pairs = [(one, other)]
    for _ in range(MAX_PAIRS):
        if not pairs:
            return True
        left, right = pairs.pop()
        if left is right:
            continue
        if (left.state, type(left.data), left.rests_on) != (right.state, type(right.data), right.rests_on):
            return False
        if len(left.ways) != len(right.ways):
            return False
        pairs += zip(left.ways, right.ways, strict=True)
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

    def merge(
        self,
        taken: Namespace,
        other: Namespace,
        config_vars: frozenset[str] | None,
        may_rest_on: frozenset[str] = NO_VARS,
    ) -> None:
        """Become what comes of two branches.

        Args:
            taken: the names after the branch that is taken while the config vars are not set.
            other: the names after the other one.
            config_vars: what decides between them; None where nothing known does, and either may be taken.
            may_rest_on: what may have a say where nothing known decides.
        """
        merged = Namespace(is_open=taken.is_open or other.is_open)
        for name in (*taken, *(name for name in other if name not in taken)):
            one, two = taken.get(name, ABSENT), other.get(name, ABSENT)
            merged[name] = (
                one
                if one is two
                else one_of([one, two], State.UNKNOWN if config_vars is None else None, config_vars or may_rest_on)
            )
        self.become(merged)

    def make_unknown(self, names: Iterable[str], rests_on: frozenset[str] = NO_VARS) -> None:
        """Forget the values of names; they may have any from now on."""
        for name in names:
            before = self.get(name, ABSENT)
            self[name] = unknown(before.place, (before.rests_on, rests_on))
