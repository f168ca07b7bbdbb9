"""Facts that plug-ins add: functions of an app, computed once for each app, when they are first asked for.

A check that imports the function has its types; one that knows only its name asks `App.extra`.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from pydeploy_lint.entry_points import entry_points
from pydeploy_lint.files.source import FileProblem

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
GROUP = "pydeploy_lint.facts"
"""The entry-point group: the name of a fact, and the module with the function of that name."""


class HasExtra(Protocol):
    """An app, as far as the facts of plug-ins are concerned."""

    @property
    def extra(self) -> Extra:
        """Where the facts of plug-ins are kept."""
        ...


A = TypeVar("A", bound=HasExtra)


def app_fact(function: Callable[[A], T]) -> Callable[[A], T]:
    """Make a function of an app a fact: it is called once for each app, even where it fails with a `FileProblem`.

    Args:
        function: reads `App.files` or other facts; it may raise `FileProblem`, which leaves a check undecided.
    """

    @wraps(function)
    def value(app: A) -> T:
        return app.extra.value_of(function, app)

    return value


class Extra:
    """The facts of plug-ins for one app, as attributes by the names under which they are registered."""

    def __init__(self, app: HasExtra) -> None:
        self._app = app
        self._values: dict[object, object] = {}

    def value_of(self, function: Callable[[A], T], app: A) -> T:
        """What a function says of the app, computed once.

        Raises:
            FileProblem: the function raised it, now or the first time.
        """
        if function not in self._values:
            try:
                self._values[function] = function(app)
            except FileProblem as problem:
                self._values[function] = problem
        value = self._values[function]
        if isinstance(value, FileProblem):
            raise value.with_traceback(None)
        return value  # type: ignore[return-value]  # stored under the function that returned it

    def __getattr__(self, name: str) -> Any:
        """The fact that a plug-in registered under a name.

        Raises:
            AttributeError: no installed plug-in has a fact of this name.
            FileProblem: it cannot be had for this app.
        """
        for entry in entry_points(GROUP):
            if entry.name == name:
                return getattr(entry.load(), name)(self._app)
        raise AttributeError(f"no plug-in registers a fact {name!r} in the entry-point group {GROUP}")
