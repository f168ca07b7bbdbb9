"""How a fact is kept: computed when it is first asked for, and only once, even where that fails."""

from __future__ import annotations

from functools import cached_property
from typing import Any, TypeVar, overload

from pydeploy_lint.files.source import FileProblem

T = TypeVar("T")


class fact(cached_property[T]):  # noqa: N801 - used like `property`
    """A property that is computed once, when it is first asked for, even where that fails with a `FileProblem`."""

    @overload
    def __get__(self, instance: None, owner: type[Any] | None = None) -> fact[T]: ...

    @overload
    def __get__(self, instance: object, owner: type[Any] | None = None) -> T: ...

    def __get__(self, instance: object, owner: type[Any] | None = None) -> fact[T] | T:
        """The value of the fact; raises what computing it raised."""
        if instance is None:
            return self
        failures: dict[str | None, FileProblem] = instance.__dict__.setdefault("_failures", {})
        if self.attrname in failures:
            raise failures[self.attrname].with_traceback(None)
        try:
            return super().__get__(instance, owner)
        except FileProblem as problem:
            failures[self.attrname] = problem
            raise
