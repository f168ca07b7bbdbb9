"""Where an expression is evaluated: its module's names, the environment, and what becomes of an exception there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.facts.code.python_source import Undecided
from pydeploy_lint.facts.django.evaluation.values import Namespace, Place, State, Value, known, unknown

if TYPE_CHECKING:
    import ast

    from pydeploy_lint.facts.django.evaluation.environment import Environment
    from pydeploy_lint.files.source import Source

MAX_STEPS = 200_000
"""Expressions and statements for the whole of an app's settings; the longest ones that people write take 10,000."""
BASES = {
    "KeyError": {"KeyError", "LookupError", "Exception", "BaseException"},
    "ImproperlyConfigured": {"ImproperlyConfigured", "Exception", "BaseException"},
    "UndefinedValueError": {"UndefinedValueError", "Exception", "BaseException"},
    "EnvError": {"EnvError", "ValueError", "Exception", "BaseException"},
    "ImportError": {"ModuleNotFoundError", "ImportError", "Exception", "BaseException"},
}
"""What catches each of the exceptions that are followed."""


class Raised(Exception):
    """Python would raise an exception here that a ``try`` around it catches.

    Attributes:
        name: the exception's class.
        config_vars: the variables that would prevent it.
    """

    def __init__(self, name: str, config_vars: frozenset[str] = frozenset()) -> None:
        super().__init__(name)
        self.name = name
        self.config_vars = config_vars


class Budget:
    """How many steps are left, for all modules together."""

    def __init__(self, steps: int = MAX_STEPS) -> None:
        self._left = steps

    def spend(self, steps: int = 1) -> None:
        """Take steps.

        Raises:
            Undecided: none is left.
        """
        self._left -= steps
        if self._left < 0:
            raise Undecided("the settings are too long to be followed")


class Reference:
    """Something that is imported or built in, by its full name, such as ``os.environ``."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __eq__(self, other: object) -> bool:
        """Whether it is the same thing, wherever it was imported."""
        return isinstance(other, Reference) and other.name == self.name

    def __hash__(self) -> int:
        """The hash of its name."""
        return hash(self.name)


class Bound:
    """An attribute of a value that is no reference; most are methods."""

    def __init__(self, owner: Value, name: str) -> None:
        self.owner = owner
        self.name = name


class Reader:
    """An object that reads config vars: ``environ.Env()`` and the like.

    Attributes:
        library: the module that it comes from.
        casts: by variable, what its text is made, where the reader is told once and for all.
        defaults: by variable, what is taken where it is not set.
    """

    def __init__(
        self, library: str, casts: Mapping[str, Value] | None = None, defaults: Mapping[str, Value] | None = None
    ) -> None:
        self.library = library
        self.casts = casts or {}
        self.defaults = defaults or {}


class Function:
    """A function of the settings module itself."""

    def __init__(self, node: ast.FunctionDef, source: Source) -> None:
        self.node = node
        self.source = source


class Module:
    """A module of the app."""

    def __init__(self, names: Namespace) -> None:
        self.names = names


class PathText(str):
    """A path: what ``Path`` and ``__file__`` make."""

    __slots__ = ()


class Scope:
    """The state of a module while it is followed."""

    def __init__(
        self, source: Source, environment: Environment, budget: Budget, exists: Callable[[str], bool | None]
    ) -> None:
        """Begin with no names.

        Args:
            source: the module's text.
            environment: the config vars.
            budget: the steps that are left.
            exists: whether there is something at an absolute path; None where that is unknown.
        """
        self.source = source
        self.environment = environment
        self.budget = budget
        self.exists = exists
        self.names = Namespace()
        self.is_conditional = False
        self._caught: list[frozenset[str]] = []
        self._calls: list[Function] = []

    def open(self, why: str) -> None:
        """Take it that names may be set that are not followed; the first reason is kept."""
        self.names.is_open = self.names.is_open or why

    def place(self, node: ast.expr | ast.stmt | ast.alias) -> Place:
        """The place of a node of the module."""
        return Place(self.source, node)

    def catches(self, exception: str) -> bool:
        """Whether a ``try`` around this catches an exception."""
        return any(BASES[exception] & caught for caught in self._caught)

    @contextmanager
    def catching(self, exceptions: frozenset[str]) -> Iterator[None]:
        """While the body of a ``try`` is followed."""
        self._caught.append(exceptions)
        try:
            yield
        finally:
            self._caught.pop()

    @contextmanager
    def naming(self, names: Mapping[str, Value]) -> Iterator[None]:
        """While names stand for something else, as in a comprehension or a function."""
        before = {name: self.names.get(name) for name in names}
        self.names.update(names)
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    self.names.pop(name, None)
                else:
                    self.names[name] = value

    @contextmanager
    def calling(self, function: Function) -> Iterator[None]:
        """While a function is followed.

        Raises:
            Undecided: it calls itself.
        """
        if function in self._calls:
            raise Undecided("a function calls itself")
        self._calls.append(function)
        try:
            yield
        finally:
            self._calls.pop()

    @contextmanager
    def conditionally(self, condition: bool = True) -> Iterator[None]:
        """While something is followed that may not be run."""
        before, self.is_conditional = self.is_conditional, self.is_conditional or condition
        try:
            yield
        finally:
            self.is_conditional = before

    def set_config_var(self, name: str | None, value: Value, *, is_default: bool = False) -> None:
        """Set a variable of the environment, as ``os.environ[name] = value`` does.

        Args:
            name: the variable; None where it is unknown.
            value: its value.
            is_default: whether it is set only where it is not set yet.
        """
        if name is None:
            return
        if self.is_conditional:
            value = unknown(value.place, (value.rests_on, frozenset([name])))
        self.environment.set(name, value, is_default=is_default)

    def read(self, name: str, place: Place, default: Value | None = None, *, raises: str | None = None) -> Value:
        """The value of a config var.

        Args:
            name: the variable.
            place: where it is read.
            default: what is taken where it is not set; None where there is none.
            raises: the exception where it is not set and has no default; None: the value is None.

        Raises:
            Raised: there is none, and a ``try`` around this catches it.
        """
        caught = raises is not None and self.catches(raises)
        fails = default is None and raises is not None
        is_required = fails and not caught and not self.is_conditional
        self.environment.note(name, place, is_required=is_required, has_default=default is not None)
        value = self.environment.look_up(name)
        if value.state is not State.ABSENT:
            return value.replace(place=place)
        if default is not None:
            return default.depending(value.config_vars).replace(place=default.place or place)
        if raises is None:
            return known(None, place, value.config_vars)
        if caught:
            raise Raised(raises, value.config_vars)
        return unknown(place, (value.config_vars,))


class Call(NamedTuple):
    """A call with its arguments evaluated."""

    arguments: Sequence[Value]
    keywords: Mapping[str, Value]
    place: Place
    scope: Scope

    @property
    def unknown(self) -> Value:
        """The result of a call of which nothing is known, but the config vars among its arguments."""
        values = (*self.arguments, *self.keywords.values())
        return unknown(self.place, (value.rests_on for value in values))

    @property
    def rests_on(self) -> frozenset[str]:
        """The config vars on which the arguments rest."""
        return self.unknown.config_vars

    def argument(self, position: int, name: str = "") -> Value | None:
        """An argument by position, or by name; None where it is not given."""
        return self.arguments[position] if len(self.arguments) > position else self.keywords.get(name)
