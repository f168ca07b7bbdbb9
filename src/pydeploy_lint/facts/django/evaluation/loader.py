"""What following a module asks of the other modules; that way neither of the two needs to know the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pydeploy_lint.facts.django.evaluation.values import Namespace


class Loader(Protocol):
    """Finds and follows the modules of an app."""

    def load(self, name: str) -> Namespace | None:
        """The names of a module after it was imported; None where the app has no such module."""

    def is_package(self, name: str) -> bool:
        """Whether a directory of the app has the name of a module, with or without an ``__init__.py``."""

    def is_foreign(self, name: str) -> bool:
        """Whether a module is neither the app's own nor one of the standard library."""

    def is_missing(self, name: str, *, is_relative: bool) -> bool:
        """Whether a module that the app does not have must be one of its own, and so is nowhere on Heroku."""
